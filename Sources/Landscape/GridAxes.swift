/// The coordinates of a surface's grid along each direction.
public struct GridAxes: Sendable, Equatable {
  /// The largest grid that is computed: its values alone take 0.8 GB.
  private static let most = 1e8

  /// One to three axes, ascending.
  public let values: [[Double]]

  public init(_ values: [[Double]]) { self.values = values }

  /// Equally spaced points, both ends included: lo + (hi − lo)·k/(n − 1).
  ///
  /// A range that is symmetric about 0 with an odd number of points holds 0 exactly; so does one that misses it by
  /// rounding.
  public init(ranges: [ClosedRange<Double>], points: [Int]) {
    precondition(ranges.count == points.count)
    values = zip(ranges, points).map { range, count in
      guard count > 1 else { return [(range.lowerBound + range.upperBound) / 2] }
      return (0..<count).map { k in
        let middle = (range.lowerBound + range.upperBound) / 2
        let half = (range.upperBound - range.lowerBound) / 2
        let value = middle + half * (Double(2 * k - (count - 1)) / Double(count - 1))
        return abs(value) < 1e-12 * half ? 0 : value
      }
    }
  }

  /// Reads `--range` and `--points` for a number of dimensions.
  ///
  /// - Parameters:
  ///   - range: "1" for [−1, 1], "-2:2", or one range for each axis, "-2:2,-1:1".
  ///   - points: "51", or one number for each axis, "51x31".
  /// - Throws: ``LandscapeError/badAxis(option:text:)``.
  public init(range: String, points: String, dimensions: Int) throws {
    func spread<T>(_ values: [T]?, _ option: String, _ text: String) throws -> [T] {
      guard let values, values.count == 1 || values.count == dimensions else {
        throw LandscapeError.badAxis(option: option, text: text)
      }
      return values.count == 1 ? Array(repeating: values[0], count: dimensions) : values
    }
    let ranges = try spread(Self.ranges(range), "--range", range)
    let counts = try spread(Self.counts(points), "--points", points)
    guard counts.reduce(1.0, { $0 * Double($1) }) <= Self.most else {
      throw LandscapeError.tooManyPoints(points, most: Int(Self.most))
    }
    self.init(ranges: ranges, points: counts)
  }

  private static func ranges(_ text: String) -> [ClosedRange<Double>]? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { part -> ClosedRange<Double>? in
      let ends = part.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
      guard ends.allSatisfy({ abs($0 ?? .nan) <= 1e6 }) else { return nil }
      let numbers = ends.compactMap { $0 }
      if numbers.count == 1, numbers[0] > 0 { return -numbers[0]...numbers[0] }
      return numbers.count == 2 && numbers[0] < numbers[1] ? numbers[0]...numbers[1] : nil
    }
    return parts.contains { $0 == nil } ? nil : parts.compactMap { $0 }
  }

  private static func counts(_ text: String) -> [Int]? {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    return parts.allSatisfy { ($0 ?? 0) >= 1 } ? parts.compactMap { $0 } : nil
  }

  /// Number of axes.
  public var dimensions: Int { values.count }
  public var shape: [Int] { values.map(\.count) }
  public var count: Int { shape.reduce(1, *) }
}
