import CKernels
import Interactions
import LinearAlgebra

/// The margins of all triplets along k directions, x_t(α, β, γ), as quadratic polynomials: the exact loss surface.
///
/// With E_a the tables of direction a (a = 0: the origin) and q = e_i − e_j, the margin is
/// (Σ t_a e_a)·(Σ t_b q_b) with t_0 = 1: (k+1)(k+2)/2 coefficients a triplet, found from the k+1 rows of its user and
/// two items. They are computed in blocks that stay in the cache and used at once for the whole grid; the parameters
/// are never touched again and no table is perturbed. METHODS: filter-normalised surfaces after Li et al. 2018.
public struct QuadraticMargins: Sendable {
  /// (k + 1) final tables: the origin, then the directions.
  public let tables: [FinalTables]
  public let triplets: TripletSet

  /// - Parameter tables: the origin's and one to three directions'.
  public init(tables: [FinalTables], triplets: TripletSet) {
    precondition((2...Int(LK_MAX_DIRECTIONS) + 1).contains(tables.count))
    self.tables = tables
    self.triplets = triplets
  }

  /// Number of directions.
  public var directions: Int { tables.count - 1 }
  /// (k+1)(k+2)/2.
  public var terms: Int { (directions + 1) * (directions + 2) / 2 }

  /// Coefficients of triplets in `range`, term by term: `out[term·stride + t]`. Order: 1, t₁…t_k, t_a·t_b for a ≤ b.
  public func coefficients(_ range: Range<Int>, into out: UnsafeMutablePointer<Float>, stride: Int) {
    withPointers { users, items in
      lk_quadratic_coefficients(
        users, items, directions, tables[0].dimension, triplets.user, triplets.positive, triplets.negative,
        range.lowerBound, range.upperBound, out, stride)
    }
  }

  /// The mean of softplus(−x) over all triplets at every point of a grid, first axis slowest.
  ///
  /// Time: one polynomial and one softplus for each triplet and point. Memory: `parts` grids of doubles.
  ///
  /// - Parameters:
  ///   - axes: as many as directions; any lengths.
  ///   - shouldStop: asked now and then; true abandons the work.
  ///   - progress: told the share that is done.
  /// - Returns: n₁·n₂·n₃ values, or nil when stopped.
  public func meanSoftplus(
    over axes: [[Double]], shouldStop: @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) -> [Double]? {
    precondition(axes.count == directions)
    let points = axes.reduce(1) { $0 * $1.count }
    let blocks = (triplets.count + Self.block - 1) / Self.block
    let parts = max(1, min(blocks, 64, max(8, (64 << 20) / (8 * max(points, 1)))))
    let grids = SumGrids(parts: parts, points: points)
    let floatAxes = axes.map { $0.map(Float.init) }
    Parallel.run(parts) { part in
      let range = part * blocks / parts..<(part + 1) * blocks / parts
      for block in range where !shouldStop() {
        accumulate(block, axes: floatAxes, into: grids.values + part * points)
      }
      progress(grids.finishPart())
    }
    return shouldStop() ? nil : grids.reduced(dividingBy: Double(triplets.count))
  }

  private static let block = Int(LK_BLOCK)

  private func accumulate(_ block: Int, axes: [[Float]], into sums: UnsafeMutablePointer<Double>) {
    let range = block * Self.block..<min((block + 1) * Self.block, triplets.count)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: terms * Self.block) { buffer in
      guard let base = buffer.baseAddress else { return }
      coefficients(range, into: base, stride: Self.block)
      let one: [Float] = [0]
      let second = axes.count > 1 ? axes[1] : one
      let third = axes.count > 2 ? axes[2] : one
      lk_softplus_grid(
        base, Self.block, range.count, axes.count, axes[0], axes[0].count, second, second.count, third, third.count,
        sums)
    }
  }

  private func withPointers(
    _ body: (UnsafePointer<UnsafePointer<Float>?>, UnsafePointer<UnsafePointer<Float>?>) -> Void
  ) {
    let users = tables.map { UnsafePointer($0.userTable) as UnsafePointer<Float>? }
    let items = tables.map { UnsafePointer($0.itemTable) as UnsafePointer<Float>? }
    users.withUnsafeBufferPointer { users in
      items.withUnsafeBufferPointer { items in
        guard let users = users.baseAddress, let items = items.baseAddress else { return }
        body(users, items)
      }
    }
  }
}

/// One grid of sums for each part, added in the order of the parts.
private final class SumGrids: @unchecked Sendable {
  let parts: Int
  let points: Int
  let values: UnsafeMutablePointer<Double>
  private let finished = Counter()

  init(parts: Int, points: Int) {
    self.parts = parts
    self.points = points
    values = .allocate(capacity: max(parts * points, 1))
    values.initialize(repeating: 0, count: parts * points)
  }

  deinit { values.deallocate() }

  func finishPart() -> Double { Double(finished.increment()) / Double(parts) }

  func reduced(dividingBy divisor: Double) -> [Double] {
    var total = [Double](repeating: 0, count: points)
    for part in 0..<parts {
      for point in 0..<points { total[point] += values[part * points + point] }
    }
    return total.map { $0 / divisor }
  }
}
