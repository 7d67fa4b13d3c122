import CKernels
import Interactions
import LinearAlgebra

/// Several products at once.
///
/// The rows of the tables are visited once for eight vectors, whose own rows are first laid side by side. That takes
/// 1⅛ times the memory of the eight vectors and 48 bytes for each triplet, kept until the Hessian goes.
extension BPRHessian {
  /// Vectors below which a block of eight costs more than one product after the other: measured on Gowalla.
  private static var worthwhile: Int { 5 }

  func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    precondition(vectors.count == products.count)
    let size = Int(LK_BLOCK_VECTORS)
    for first in stride(from: 0, to: vectors.count, by: size) {
      let range = first..<min(first + size, vectors.count)
      if range.count < Self.worthwhile {
        for k in range { apply(vectors[k], into: products[k]) }
      } else {
        applyBlock(Array(vectors[range]), into: Array(products[range]))
      }
    }
  }

  /// At most eight; the last one is repeated where there are fewer.
  private func applyBlock(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    let model = loss.model
    let directions = vectors.map { model.finalTables(ParameterVector(layout: loss.layout, storage: $0)).storage }
    let results = model.isIdentity ? products : vectors.map { _ in FloatBuffer(count: tables.storage.count) }
    let space =
      workspace.withLock { kept in
        defer { kept = nil }  // another thread that comes meanwhile makes its own
        return kept
      } ?? BlockWorkspace(tables, loss.triplets, slope: slope)
    let block = (0..<Int(LK_BLOCK_VECTORS)).map { min($0, vectors.count - 1) }
    run(block.map { directions[$0] }, into: block.map { results[$0] }, space)
    workspace.withLock { $0 = space }
    for (result, product) in zip(results, products) { model.pullBack(result, into: product) }
  }

  private func run(_ directions: [FloatBuffer], into results: [FloatBuffer], _ space: BlockWorkspace) {
    let (users, items, d) = (tables.users, tables.items, tables.dimension)
    let rowsPerChunk = TableBPR.rowsPerChunk
    nonisolated(unsafe) var kernel = loss.triplets.kernel
    // Addresses that outlive the calls: rows of disjoint ranges are written.
    nonisolated(unsafe) let sources = ([tables.storage] + directions).map { Optional(UnsafePointer($0.pointer)) }
    nonisolated(unsafe) let userRows = results.map { Optional($0.pointer) }
    nonisolated(unsafe) let itemRows = results.map { Optional($0.pointer + users * d) }
    Parallel.chunks(of: rowsPerChunk, in: users + items) { _, range in
      lk_tile_rows(sources, d, users + items, range.lowerBound, range.upperBound, space.tiles.pointer)
    }
    for column in space.columns {
      let tile = space.tile(at: column)
      Parallel.chunks(of: rowsPerChunk, in: users) { [self] _, range in
        lk_bpr_block_margins(
          &kernel, tile.users, tile.items, d, column, range.lowerBound, range.upperBound, slope.pointer,
          space.directional.pointer, userRows)
      }
    }
    Parallel.chunks(of: rowsPerChunk, in: users) { [self] _, range in
      lk_bpr_block_users(
        &kernel, tables.itemTable, d, scale, range.lowerBound, range.upperBound, curvature.pointer,
        space.directional.pointer, userRows)
    }
    for column in space.columns {
      let tile = space.tile(at: column)
      Parallel.chunks(of: rowsPerChunk, in: items) { [self] _, range in
        lk_bpr_block_items(
          &kernel, tile.users, d, column, scale, range.lowerBound, range.upperBound, space.entries.users,
          space.entries.slopes.pointer, space.directional.pointer, itemRows)
      }
    }
    withExtendedLifetime((directions, results)) {}
  }
}

/// The directions of a block in tiles of columns, and c·ẋ of each triplet along each of them.
final class BlockWorkspace: Sendable {
  struct Tile: @unchecked Sendable {
    let users, items: UnsafeMutablePointer<Float>
  }

  /// (tiles, users + items, 9, LK_TILE): per node its row and then its directions.
  let tiles: FloatBuffer
  /// (triplets, 8)
  let directional: FloatBuffer
  let entries: ItemEntries
  private let users, rows, dimension: Int

  init(_ tables: FinalTables, _ triplets: TripletSet, slope: FloatBuffer) {
    (users, rows, dimension) = (tables.users, tables.users + tables.items, tables.dimension)
    let columns = (dimension + Int(LK_TILE) - 1) / Int(LK_TILE) * Int(LK_TILE)
    tiles = FloatBuffer(count: rows * columns * Int(LK_BLOCK_VECTORS + 1))
    directional = FloatBuffer(count: triplets.count * Int(LK_BLOCK_VECTORS))
    entries = ItemEntries(triplets, slope: slope)
  }

  /// The first column of each tile.
  var columns: StrideTo<Int> { stride(from: 0, to: dimension, by: Int(LK_TILE)) }

  func tile(at column: Int) -> Tile {
    let start = tiles.pointer + column * rows * Int(LK_BLOCK_VECTORS + 1)
    return Tile(users: start, items: start + users * Int(LK_TILE * (LK_BLOCK_VECTORS + 1)))
  }
}
