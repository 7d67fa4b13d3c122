import LinearAlgebra

extension TableBatch {
  /// Adds the gradient of the batch's L2 term in its rows; returns the term's value.
  func addL2(_ lambda: Double, into gradient: FloatBuffer) -> Double {
    guard lambda != 0 else { return 0 }
    let (penalty, items) = (RowPenalty(lambda: lambda, triplets: size, dimension: dimension), userCount * dimension)
    return penalty.add(userCount, times: userOffsets, at: point.pointer, into: gradient.pointer)
      + penalty.add(itemCount, times: itemOffsets, at: point.pointer + items, into: gradient.pointer + items)
  }
}
