import LinearAlgebra
import Recommenders

/// A loss along a line whose every position costs an evaluation of the model: positions that lie close together are
/// interpolated, where that is good enough, and then cost nothing more.
///
/// A polynomial on Chebyshev's points stands for a stretch of the line, refined until no new point is missed by more than
/// 10⁻³ of Δ or of the rise there, whichever is more: an estimate for a smooth loss, whose width moves by 10⁻³ of itself
/// or little more. Bumps narrower than the distance of the points are not seen. Where a stretch takes too many points, the
/// whole line is evaluated as it is from there on.
final class InterpolatedLine: LossLine, @unchecked Sendable {  // used by one thread at a time
  private let line: any LossLine
  private let start: Double
  private let rise: Double
  private var stretches: [ChebyshevInterpolant] = []
  /// Whether every stretch so far could be interpolated.
  private(set) var isSmooth = true

  /// What a value may be missed by, over Δ or the rise there.
  static let share = 1e-3
  /// Fewer positions than these are evaluated as they are.
  private static let fewest = 12

  /// - Parameters:
  ///   - range: the stretch that most positions will lie in; nil for none.
  ///   - rise: Δ.
  init(_ line: any LossLine, over range: ClosedRange<Double>?, rise: Double) {
    self.line = line
    self.rise = rise
    start = line.values(at: [0])[0]
    if let range { interpolate(range, largest: 128) }
  }

  /// The largest miss that was seen while the polynomials were refined, over Δ or the rise there.
  var miss: Double { (stretches.map(\.miss).max() ?? 0) * Self.share }

  func values(at positions: [Double]) -> [Double] {
    for side in [positions.filter { $0 > 0 }, positions.filter { $0 < 0 }] {
      let new = side.filter { stretch($0) == nil }
      guard isSmooth, new.count >= Self.fewest, let low = new.min(), let high = new.max() else { continue }
      let (near, far) = (min(abs(low), abs(high)), max(abs(low), abs(high)))
      if far <= 4 * near { interpolate(low...high, largest: 32) }
    }
    let dear = positions.filter { $0 != 0 && stretch($0) == nil }
    var evaluated = line.values(at: dear)[...]
    return positions.map { t in t == 0 ? start : stretch(t).map { $0(t) } ?? evaluated.removeFirst() }
  }

  private func stretch(_ position: Double) -> ChebyshevInterpolant? {
    stretches.first { $0.range.contains(position) }
  }

  private func interpolate(_ range: ClosedRange<Double>, largest: Int) {
    let found = ChebyshevInterpolant(
      over: range, allowed: { [start, rise] in Self.share * max(rise, abs($0 - start)) }, largest: largest,
      line.values(at:))
    if let found { stretches.append(found) } else { isSmooth = false }
  }
}
