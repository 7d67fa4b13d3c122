import Foundation

/// Labels for some of the points of an evenly spaced axis, the ends among them: as short as can be, and empty between.
struct GridLabels {
  let labels: [String]

  init(_ axis: [Double]) {
    let every = Self.step(axis)
    labels = axis.indices.map { $0 % every == 0 ? "$\(Self.text(axis[$0]))$" : "" }
  }

  private static func text(_ value: Double) -> String { abs(value) < 1e-12 ? "0" : String(format: "%.3g", value) }

  /// Of the steps that lead from end to end in 2 or 4 to 10 parts, the one with the shortest labels, then with one in the
  /// middle, then with about 5 parts; 1 for short axes and those that cannot be divided so.
  private static func step(_ axis: [Double]) -> Int {
    let cells = axis.count - 1
    guard cells > 10 else { return 1 }
    func cost(_ parts: Int) -> (Int, Int, Int) {
      let shown = stride(from: 0, through: cells, by: cells / parts).map { text(axis[$0]).count }
      return (shown.max() ?? 0, parts % 2, abs(parts - 5))
    }
    return ([2] + Array(4...10)).filter { cells % $0 == 0 }.min { cost($0) < cost($1) }.map { cells / $0 } ?? 1
  }
}
