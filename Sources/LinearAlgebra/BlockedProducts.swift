/// Vectors that are multiplied at once: what a block of an operator may take together.
let productsPerBlock = 8

/// Products of an operator with many vectors, a block of eight at a time.
///
/// Memory: up to eight products, and as many vectors where they are filled here.
struct BlockedProducts<Operator: LinearOperator> {
  private let op: Operator
  private let total: Int
  private let shouldStop: () -> Bool
  private let progress: (Double) -> Void
  private var done = 0
  private var vectors: [FloatBuffer] = []
  private var products: [FloatBuffer] = []

  /// - Parameters:
  ///   - total: products that will be asked for in all.
  ///   - shouldStop: asked before each block.
  ///   - progress: told the share of the total that is done, after each block.
  init(
    _ op: Operator, total: Int, shouldStop: @escaping () -> Bool = { false },
    progress: @escaping (Double) -> Void = { _ in }
  ) {
    (self.op, self.total) = (op, total)
    (self.shouldStop, self.progress) = (shouldStop, progress)
  }

  /// Calls `body(vector, A·vector)` for every vector, in order; the product is of no use after that.
  ///
  /// Returns false if it was stopped.
  mutating func run(_ vectors: [FloatBuffer], _ body: (FloatBuffer, FloatBuffer) -> Void) -> Bool {
    for first in stride(from: 0, to: vectors.count, by: productsPerBlock) {
      guard multiply(Array(vectors[first..<min(first + productsPerBlock, vectors.count)]), body) else { return false }
    }
    return true
  }

  /// Calls `fill(k, vector)` and then `each(k, vector, A·vector)` for every k in a range, in order.
  mutating func run(
    _ numbers: Range<Int>, fill: (Int, FloatBuffer) -> Void, each: (Int, FloatBuffer, FloatBuffer) -> Void
  ) -> Bool {
    for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: productsPerBlock) {
      let block = first..<min(first + productsPerBlock, numbers.upperBound)
      Self.extend(&vectors, to: block.count, op.dimension)
      for number in block { fill(number, vectors[number - first]) }
      var number = first
      let goesOn = multiply(Array(vectors.prefix(block.count))) { vector, product in
        each(number, vector, product)
        number += 1
      }
      guard goesOn else { return false }
    }
    return true
  }

  private mutating func multiply(_ block: [FloatBuffer], _ body: (FloatBuffer, FloatBuffer) -> Void) -> Bool {
    if shouldStop() { return false }
    Self.extend(&products, to: block.count, op.dimension)
    op.apply(block, into: Array(products.prefix(block.count)))
    for (vector, product) in zip(block, products) { body(vector, product) }
    done += block.count
    progress(min(Double(done) / Double(total), 1))
    return true
  }

  private static func extend(_ buffers: inout [FloatBuffer], to count: Int, _ dimension: Int) {
    while buffers.count < count { buffers.append(FloatBuffer(count: dimension)) }
  }
}
