import Recommenders

/// A loss along a line, measured from its value at 0, and where it first exceeds a level.
struct RisingLine {
  struct Sample {
    let position: Double
    let rise: Double
  }

  private let line: any LossLine
  private let start: Double

  init(_ line: any LossLine) {
    self.line = line
    start = line.values(at: [0])[0]
  }

  func rises(at positions: [Double]) -> [Double] { line.values(at: positions).map { $0 - start } }

  /// The smallest distance at which the rise exceeds a level, on the positive side and on the negative one.
  ///
  /// Positions already known, and where they do not suffice limit/2^k, bracket the crossing; rounds of 16 positions
  /// inside the bracket narrow it to 10⁻³ of the distance, and a straight line between its ends finds the place (error:
  /// about 10⁻⁶). A rise and fall between two neighbouring positions of the first round can be missed.
  ///
  /// - Returns: nil where a side never exceeds the level; NaN where the loss is NaN before it does, or where the level
  ///   is not positive.
  func crossings(of level: Double, upTo limit: Double, known: [Sample]) -> [Double?] {
    guard level > 0 else { return [.nan, .nan] }
    var sides = [1.0, -1.0].map { Side(sign: $0, level: level) }
    for index in sides.indices { sides[index].narrow(known.filter { abs($0.position) <= limit }) }
    if sides.contains(where: { !$0.isBracketed }) {
      let ladder = (0...16).map { limit / Double(1 << $0) }
      let far = samples(at: ladder + ladder.map { -$0 })
      for index in sides.indices { sides[index].narrow(far) }
    }
    for _ in 0..<12 where sides.contains(where: { !$0.isDone }) {
      let inside = samples(at: sides.flatMap(\.inside))
      for index in sides.indices where !sides[index].isDone { sides[index].narrow(inside) }
    }
    return sides.map(\.crossing)
  }

  private func samples(at positions: [Double]) -> [Sample] {
    zip(positions, rises(at: positions)).map { Sample(position: $0, rise: $1) }
  }

  /// One side of the line, and the bracket in which it crosses.
  private struct Side {
    let sign: Double
    let level: Double
    /// Not yet above the level.
    private var low = Sample(position: 0, rise: 0)
    /// The first above it, or NaN.
    private var high: Sample?

    init(sign: Double, level: Double) {
      self.sign = sign
      self.level = level
    }

    /// Takes notice of samples on this side, inside the bracket.
    mutating func narrow(_ samples: [Sample]) {
      let own = samples.map { Sample(position: sign * $0.position, rise: $0.rise) }
        .filter { $0.position > low.position && $0.position < (high?.position ?? .infinity) }
      for sample in own.sorted(by: { $0.position < $1.position }) {
        guard sample.rise <= level else {
          high = sample
          return
        }
        low = sample
      }
    }

    var isBracketed: Bool { high != nil }

    var isDone: Bool {
      guard let high else { return true }
      return high.rise.isNaN || high.position - low.position <= 1e-3 * high.position
    }

    /// 16 positions between the ends; none once the bracket is narrow.
    var inside: [Double] {
      guard !isDone, let high else { return [] }
      return (1...16).map { sign * (low.position + (high.position - low.position) * Double($0) / 17) }
    }

    var crossing: Double? {
      guard let high else { return nil }
      let share = (level - low.rise) / (high.rise - low.rise)
      return low.position + (high.position - low.position) * share
    }
  }
}
