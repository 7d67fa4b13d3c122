import Synchronization

/// P·A·P with P the projection on a block of coordinates: the block's part of a symmetric operator, on the full space.
///
/// Products are zero outside the block, exactly, and what a vector holds outside does not matter. ``support`` is the
/// block, so that estimators draw their vectors inside it: Lanczos then finds the extreme eigenvalues of A_BB and never
/// the zeros outside. Memory: one vector, for blocks of products up to eight, kept for the next product.
public final class RestrictedOperator: LinearOperator {
  private let base: any LinearOperator
  public let block: CoordinateBlock
  private let workspace = Mutex<[FloatBuffer]>([])

  public init(_ base: any LinearOperator, to block: CoordinateBlock) {
    precondition((block.ranges.last?.upperBound ?? 0) <= base.dimension)
    self.base = base
    self.block = block
  }

  public var dimension: Int { base.dimension }
  public var support: CoordinateBlock? { block }

  public func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    withInside([vector]) { inside in base.apply(inside[0], into: product) }
    block.project(product)
  }

  public func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    precondition(vectors.count == products.count)
    for first in stride(from: 0, to: vectors.count, by: productsPerBlock) {
      let range = first..<min(first + productsPerBlock, vectors.count)
      withInside(vectors[range]) { inside in base.apply(inside, into: Array(products[range])) }
      for product in products[range] { block.project(product) }
    }
  }

  /// Calls `body` with P·v of each vector.
  private func withInside(_ vectors: some Collection<FloatBuffer>, _ body: ([FloatBuffer]) -> Void) {
    var space = workspace.withLock { kept in
      defer { kept = [] }  // another thread that comes meanwhile makes its own
      return kept
    }
    while space.count < vectors.count { space.append(FloatBuffer(count: dimension)) }
    for (vector, inside) in zip(vectors, space) { block.project(vector, into: inside) }
    body(Array(space.prefix(vectors.count)))
    workspace.withLock { $0 = space }
  }
}
