import CKernels
import TestSupport

/// Tables, directions and triplets of a given width, and what the kernels and the references make of them.
struct PairwiseProblem {
  let d: Int
  let triplets: KernelTriplets
  var users, items, userDirection, itemDirection: [Float]

  init(width: Int, count: Int, scale: Double = 1) {
    d = width
    triplets = KernelTriplets(users: PairwiseKernelTests.users, items: PairwiseKernelTests.items, count: count)
    let deviation = scale / Double(width).squareRoot()
    users = randomFloats(PairwiseKernelTests.users * width, scale: deviation, "users")
    items = randomFloats(PairwiseKernelTests.items * width, scale: deviation, "items")
    userDirection = randomFloats(users.count, "user direction")
    itemDirection = randomFloats(items.count, "item direction")
  }

  /// Tables such that margins are about ±`margin`.
  init(width: Int, count: Int, margin: Double) {
    self.init(width: width, count: count, scale: (margin * Double(width).squareRoot()).squareRoot())
  }

  /// Of the mean.
  var scale: Double { 1 / Double(max(triplets.count, 1)) }

  func score(_ u: UInt32, _ i: UInt32) -> Double {
    (0..<d).reduce(0.0) { $0 + Double(users[Int(u) * d + $1]) * Double(items[Int(i) * d + $1]) }
  }

  /// Loss, gradient (users, items), by the fast kernels, users and items in the given cuts.
  func gradient(cutAt cut: Int) -> (loss: Double, gradient: [Double], slope: [Float], curvature: [Float]) {
    var slope = [Float](repeating: 0, count: triplets.count)
    var curvature = slope
    var gu = [Float](repeating: 7, count: users.count)
    var gi = [Float](repeating: 7, count: items.count)
    var total = 0.0
    triplets.withKernel { t in
      for range in [0..<cut, cut..<triplets.users] {
        total += lk_bpr_users(
          t, users, items, d, scale, range.lowerBound, range.upperBound, &slope, &curvature, &gu)
      }
      for range in [0..<cut, cut..<triplets.items] {
        lk_bpr_items(t, users, d, scale, range.lowerBound, range.upperBound, slope, &gi)
      }
    }
    return (total * scale, (gu + gi).map(Double.init), slope, curvature)
  }

  func product(slope: [Float], curvature: [Float]) -> [Double] {
    var directional = [Float](repeating: 0, count: triplets.count)
    var hu = [Float](repeating: 7, count: users.count)
    var hi = [Float](repeating: 7, count: items.count)
    triplets.withKernel { t in
      lk_bpr_hvp_users(
        t, users, items, userDirection, itemDirection, d, scale, 0, triplets.users, slope, curvature, &directional,
        &hu)
      lk_bpr_hvp_items(t, users, userDirection, d, scale, 0, triplets.items, slope, directional, &hi)
    }
    return (hu + hi).map(Double.init)
  }

  /// The products with a block of directions, of which this problem's own is one.
  func products(_ directions: [(users: [Float], items: [Float])], slope: [Float], curvature: [Float]) -> [[Double]] {
    let (size, tile) = (Int(LK_BLOCK_VECTORS), Int(LK_TILE))
    precondition(directions.count == size)
    let rows = triplets.users + triplets.items
    let sources = ([users + items] + directions.map { $0.users + $0.items }).map(UnsafeCopy.init)
    let results = directions.map { UnsafeCopy([Float](repeating: 7, count: $0.users.count + $0.items.count)) }
    let userRows = results.map { Optional($0.pointer) }
    let itemRows = results.map { Optional($0.pointer + users.count) }
    var tiles = [Float](
      repeating: 7, count: rows * (size + 1) * (d + tile - 1) / tile * tile + rows * (size + 1) * tile)
    var directional = [Float](repeating: 7, count: size * triplets.count)
    var (entryUsers, entrySlopes) = ([UInt32](repeating: 7, count: 2 * triplets.count), slope + slope)
    triplets.withKernel { t in
      lk_bpr_entries(t, slope, 0, 2 * triplets.count, &entryUsers, &entrySlopes)
      lk_tile_rows(sources.map { Optional(UnsafePointer($0.pointer)) }, d, rows, 0, rows, &tiles)
      tiles.withUnsafeBufferPointer { tiles in
        func node(_ row: Int, _ column: Int) -> UnsafePointer<Float> {
          tiles.baseAddress! + (column / tile * rows + row) * (size + 1) * tile
        }
        for column in stride(from: 0, to: d, by: tile) {
          lk_bpr_block_margins(
            t, node(0, column), node(triplets.users, column), d, column, 0, triplets.users, slope, &directional,
            userRows)
        }
        lk_bpr_block_users(t, items, d, scale, 0, triplets.users, curvature, &directional, userRows)
        for column in stride(from: 0, to: d, by: tile) {
          lk_bpr_block_items(
            t, node(0, column), d, column, scale, 0, triplets.items, entryUsers, entrySlopes, directional, itemRows)
        }
      }
    }
    withExtendedLifetime(sources) {}
    return results.map { copy in (0..<users.count + items.count).map { Double(copy.pointer[$0]) } }
  }

  func reference() -> (loss: Double, gradient: [Double], product: [Double]) {
    var gu = [Double](repeating: 0, count: users.count)
    var gi = [Double](repeating: 0, count: items.count)
    var (hu, hi) = (gu, gi)
    let loss = triplets.withKernel { t in
      lk_reference_bpr_hvp(t, users, items, userDirection, itemDirection, d, &hu, &hi)
      return lk_reference_bpr(t, users, items, d, &gu, &gi)
    }
    return (triplets.count == 0 ? 0 : loss, gu + gi, hu + hi)
  }
}
