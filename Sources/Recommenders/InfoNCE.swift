import CKernels
import LinearAlgebra

/// The contrastive loss of two views of the same nodes, with gradient and Hessian–vector product in closed form.
///
/// L = (λ/n)·Σ_v −log softmax_w(cos(z′_v, z″_w)/τ) at w = v. With unit rows U, W of the views, S = UWᵀ/τ and
/// G = softmax(S) − I: ∂L/∂U = λGW/(nτ), ∂L/∂W = λGᵀU/(nτ), and through the normalisation a row z = ‖z‖·u gets
/// (a − u(u·a))/‖z‖ for a = ∂L/∂u. A zero row has no direction: its unit row and its gradient are 0.
/// G takes 4n² bytes and a product 4n² more. The same bytes on any number of threads.
///
/// Source: van den Oord et al. 2018 (InfoNCE); as Yu et al., "Are graph augmentations necessary?" (SimGCL), SIGIR 2022.
final class InfoNCE {
  let width: Int
  let temperature: Float
  let weight: Double
  private(set) var count = 0
  private let first = Side()
  private let second = Side()
  private var weights = FloatBuffer(count: 0)  // (n, n) G
  private var weightTangents = FloatBuffer(count: 0)  // (n, n) Ġ

  /// What is known of one view; all (n, width) but the inverses.
  private final class Side {
    var unit = FloatBuffer(count: 0)  // U
    var inverse = FloatBuffer(count: 0)  // (n) 1/‖z‖
    var slope = FloatBuffer(count: 0)  // a
    var unitTangent = FloatBuffer(count: 0)
    var slopeTangent = FloatBuffer(count: 0)

    func grow(_ count: Int, _ width: Int) {
      guard inverse.count < count else { return }
      inverse = FloatBuffer(count: count)
      (unit, slope) = (FloatBuffer(count: count * width), FloatBuffer(count: count * width))
      (unitTangent, slopeTangent) = (FloatBuffer(count: 0), FloatBuffer(count: 0))
    }

    func growTangents() {
      guard unitTangent.count < unit.count else { return }
      (unitTangent, slopeTangent) = (FloatBuffer(count: unit.count), FloatBuffer(count: unit.count))
    }
  }

  /// - Parameters:
  ///   - temperature: τ.
  ///   - weight: λ.
  init(width: Int, temperature: Float, weight: Double = 1) {
    (self.width, self.temperature, self.weight) = (width, temperature, weight)
  }

  /// Rows of G that one thread handles at a time.
  private static let tile = 128
  private var scale: Float { Float(weight / Double(count)) / temperature }

  // MARK: - Value and gradient

  /// The loss; gradients and products are at these rows from now on.
  ///
  /// - Parameters:
  ///   - one, other: the two views, (…, width).
  ///   - nodes: which of their rows.
  func evaluate(_ one: FloatBuffer, _ other: FloatBuffer, _ nodes: Range<Int>) -> Double {
    count = nodes.count
    guard count > 0 else { return 0 }
    for (side, view) in [(first, one), (second, other)] {
      side.grow(count, width)
      normalise(view.pointer + nodes.lowerBound * width, side)
    }
    if weights.count < count * count { weights = FloatBuffer(count: count * count) }
    let total = softmaxRows()
    product(weights, isTransposed: true, first.unit, into: second.slope)
    return weight * total / Double(count)
  }

  private func normalise(_ rows: UnsafePointer<Float>, _ side: Side) {
    let d = width
    nonisolated(unsafe) let (rows, side) = (rows, side)
    Parallel.chunks(of: 256, in: count) { _, range in
      let at = range.lowerBound
      lk_normalise_rows(
        rows + at * d, range.count, d, side.unit.pointer + at * d, side.inverse.pointer + at)
    }
  }

  /// G, and from its tiles ∂L/∂U; returns Σ −log softmax.
  private func softmaxRows() -> Double {
    let (n, d, scale, temperature) = (count, width, scale, temperature)
    nonisolated(unsafe) let (u, w, g, slope) = (
      first.unit.pointer, second.unit.pointer, weights.pointer, first.slope.pointer
    )
    return Parallel.sum(of: Self.tile, in: n) { range in
      let (at, rows) = (range.lowerBound, range.count)
      DenseProduct.multiply(
        .init(u + at * d, stride: d), .init(w, stride: d, isTransposed: true), rows: rows, columns: n, inner: d,
        scaledBy: 1 / temperature, into: g + at * n, stride: n)
      let sum = range.reduce(0.0) { $0 + lk_contrast_softmax(g + $1 * n, n, $1) }
      DenseProduct.multiply(
        .init(g + at * n, stride: n), .init(w, stride: d), rows: rows, columns: d, inner: n, scaledBy: scale,
        into: slope + at * d, stride: d)
      return sum
    }
  }

  /// out ← λ·M·x/(nτ) or λ·Mᵀ·x/(nτ) for a matrix M (n, n) and x (n, width); or that added to out.
  private func product(
    _ matrix: FloatBuffer, isTransposed: Bool, _ x: FloatBuffer, isAdded: Bool = false, into out: FloatBuffer
  ) {
    let (n, d, scale) = (count, width, scale)
    nonisolated(unsafe) let (m, x, out) = (matrix.pointer, x.pointer, out.pointer)
    Parallel.chunks(of: Self.tile, in: n) { _, range in
      let at = range.lowerBound
      DenseProduct.multiply(
        .init(isTransposed ? m + at : m + at * n, stride: n, isTransposed: isTransposed), .init(x, stride: d),
        rows: range.count, columns: d, inner: n, scaledBy: scale, keeping: isAdded ? 1 : 0, into: out + at * d,
        stride: d)
    }
  }

  /// Adds ∂L/∂z′_k + ∂L/∂z″_k to row `places[k]` of a gradient.
  func addGradient(at places: UnsafePointer<UInt32>, into gradient: FloatBuffer) {
    let d = width
    nonisolated(unsafe) let (places, sides) = (places, [first, second])
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        for side in sides {
          lk_project_rows(
            side.unit.pointer + row * d, side.inverse.pointer + row, side.slope.pointer + row * d, 1, d, 1,
            gradient.pointer + Int(places[row]) * d)
        }
      }
    }
  }

  // MARK: - Hessian–vector product

  /// Adds (Hv)_k, summed over the views, to row `places[k]` of a product, for a direction in which row k of both
  /// views moves by row `places[k]` of `tangents`.
  ///
  /// With unit rows moving by U̇ = (ż − u(u·ż))/‖z‖: Ṡ = (U̇Wᵀ + UẆᵀ)/τ, Ġ = softmax ⊙ (Ṡ − Σ_w softmax·Ṡ),
  /// ȧ = λ(ĠW + GẆ)/(nτ), and a row gets the derivative of (a − u(u·a))/‖z‖.
  func addProduct(tangents: FloatBuffer, at places: UnsafePointer<UInt32>, into product: FloatBuffer) {
    guard count > 0 else { return }
    for side in [first, second] {
      side.growTangents()
      findUnitTangents(side, tangents, places)
    }
    if weightTangents.count < count * count { weightTangents = FloatBuffer(count: count * count) }
    tangentRows()
    self.product(weights, isTransposed: false, second.unitTangent, isAdded: true, into: first.slopeTangent)
    self.product(weightTangents, isTransposed: true, first.unit, into: second.slopeTangent)
    self.product(weights, isTransposed: true, first.unitTangent, isAdded: true, into: second.slopeTangent)
    for side in [first, second] { addRows(side, tangents, places, into: product) }
  }

  private func findUnitTangents(_ side: Side, _ tangents: FloatBuffer, _ places: UnsafePointer<UInt32>) {
    let d = width
    nonisolated(unsafe) let (side, places) = (side, places)
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        lk_project_rows(
          side.unit.pointer + row * d, side.inverse.pointer + row, tangents.pointer + Int(places[row]) * d, 1, d, 0,
          side.unitTangent.pointer + row * d)
      }
    }
  }

  /// Ġ, and from its tiles λĠW/(nτ).
  private func tangentRows() {
    let (n, d, scale, temperature) = (count, width, scale, temperature)
    nonisolated(unsafe) let (u, w, moving, other) = (
      first.unit.pointer, second.unit.pointer, first.unitTangent.pointer, second.unitTangent.pointer
    )
    nonisolated(unsafe) let (g, tangent, slope) = (
      weights.pointer, weightTangents.pointer, first.slopeTangent.pointer
    )
    Parallel.chunks(of: Self.tile, in: n) { _, range in
      let (at, rows) = (range.lowerBound, range.count)
      func logits(_ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, keeping: Float) {
        DenseProduct.multiply(
          .init(left + at * d, stride: d), .init(right, stride: d, isTransposed: true), rows: rows, columns: n,
          inner: d, scaledBy: 1 / temperature, keeping: keeping, into: tangent + at * n, stride: n)
      }
      logits(moving, w, keeping: 0)
      logits(u, other, keeping: 1)
      for row in range { lk_contrast_tangent(g + row * n, tangent + row * n, n, row) }
      DenseProduct.multiply(
        .init(tangent + at * n, stride: n), .init(w, stride: d), rows: rows, columns: d, inner: n, scaledBy: scale,
        into: slope + at * d, stride: d)
    }
  }

  /// The derivative of (a − u(u·a))/‖z‖.
  private func addRows(
    _ side: Side, _ tangents: FloatBuffer, _ places: UnsafePointer<UInt32>, into product: FloatBuffer
  ) {
    let d = width
    nonisolated(unsafe) let (side, places) = (side, places)
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        let (at, place) = (row * d, Int(places[row]) * d)
        lk_project_rows_tangent(
          side.unit.pointer + at, side.inverse.pointer + row, tangents.pointer + place, side.unitTangent.pointer + at,
          side.slope.pointer + at, side.slopeTangent.pointer + at, 1, d, 1, product.pointer + place)
      }
    }
  }
}
