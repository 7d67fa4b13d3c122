import CKernels
import Interactions
import LinearAlgebra

/// The mean BPR loss over a fixed set of triplets as a function of final tables: what all backbones have in common.
///
/// Formulas at ``BPRLoss``. Every row has one writer: the same bytes on any number of threads.
struct TableBPR: Sendable {
  let triplets: TripletSet

  /// Rows handled as one unit of parallel work.
  static let rowsPerChunk = 256
  var scale: Double { 1 / Double(triplets.count) }

  /// The loss; fills slope (−s) and, where given, curvature (c), both (triplets), and the gradient of the tables.
  func evaluate(
    _ tables: FinalTables, curvature: FloatBuffer?, slope: FloatBuffer, gradient: FloatBuffer?
  ) -> Double {
    nonisolated(unsafe) var kernel = triplets.kernel
    let total = Parallel.sum(of: Self.rowsPerChunk, in: tables.users) { range in
      lk_bpr_users(
        &kernel, tables.userTable, tables.itemTable, tables.dimension, scale, range.lowerBound, range.upperBound,
        slope.pointer, curvature?.pointer, gradient?.pointer)
    }
    if let gradient {
      triplets.indexItems()
      kernel = triplets.kernel
      nonisolated(unsafe) let items = gradient.pointer + tables.users * tables.dimension  // rows of disjoint ranges
      Parallel.chunks(of: Self.rowsPerChunk, in: tables.items) { _, range in
        lk_bpr_items(
          &kernel, tables.userTable, tables.dimension, scale, range.lowerBound, range.upperBound, slope.pointer, items)
      }
    }
    return total * scale
  }

  /// product ← Hessian in the tables · direction, with the slopes and curvatures that ``evaluate(_:curvature:slope:gradient:)``
  /// has found.
  ///
  /// - Parameter product: (users + items, dimension).
  func multiply(
    _ tables: FinalTables, _ direction: FinalTables, slope: FloatBuffer, curvature: FloatBuffer,
    into product: FloatBuffer
  ) {
    let directional = FloatBuffer(count: triplets.count)  // c·ẋ of each triplet
    let d = tables.dimension
    nonisolated(unsafe) var kernel = triplets.kernel
    Parallel.chunks(of: Self.rowsPerChunk, in: tables.users) { _, range in
      lk_bpr_hvp_users(
        &kernel, tables.userTable, tables.itemTable, direction.userTable, direction.itemTable, d, scale,
        range.lowerBound, range.upperBound, slope.pointer, curvature.pointer, directional.pointer, product.pointer)
    }
    nonisolated(unsafe) let items = product.pointer + tables.users * d  // rows of disjoint ranges
    Parallel.chunks(of: Self.rowsPerChunk, in: tables.items) { _, range in
      lk_bpr_hvp_items(
        &kernel, tables.userTable, direction.userTable, d, scale, range.lowerBound, range.upperBound, slope.pointer,
        directional.pointer, items)
    }
  }
}

extension TripletSet {
  /// Some of the triplets.
  ///
  /// - Parameter places: in 0..<``count``, ascending.
  func restricted(to places: [Int]) -> TripletSet {
    TripletSet(
      users: users, items: items, user: places.map { user[$0] }, positive: places.map { positive[$0] },
      negative: places.map { negative[$0] })
  }
}
