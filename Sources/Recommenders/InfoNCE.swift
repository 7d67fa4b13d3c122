import CKernels
import LinearAlgebra

/// The contrastive loss of two views of the same nodes, with gradient and Hessian–vector product in closed form.
///
/// L = (1/n)·Σ_v −log softmax_w(cos(z′_v, z″_w)/τ) at w = v. With unit rows U, W of the views, S = UWᵀ/τ and
/// G = softmax(S) − I: ∂L/∂U = GW/(nτ), ∂L/∂W = GᵀU/(nτ), and through the normalisation a row z = ‖z‖·u gets
/// (a − u(u·a))/‖z‖ for a = ∂L/∂u. A zero row has no direction: its unit row and its gradient are 0.
/// G takes 4n² bytes and a product 4n² more. The same bytes on any number of threads.
///
/// Source: van den Oord et al. 2018 (InfoNCE); as Yu et al., "Are graph augmentations necessary?" (SimGCL), SIGIR 2022.
final class InfoNCE {
  let width: Int
  let temperature: Float
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

  /// - Parameter temperature: τ.
  init(width: Int, temperature: Float) {
    self.width = width
    self.temperature = temperature
  }

  /// Rows of G that one thread handles at a time.
  private static let tile = 64
  private var scale: Float { 1 / (Float(count) * temperature) }

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
    return total / Double(count)
  }

  private func normalise(_ rows: UnsafePointer<Float>, _ side: Side) {
    let d = width
    nonisolated(unsafe) let (rows, unit, inverse) = (rows, side.unit.pointer, side.inverse.pointer)
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        let square = lk_dot(rows + row * d, rows + row * d, d)
        inverse[row] = square > 0 ? Float(1 / square.squareRoot()) : (square == 0 ? 0 : .nan)
        for x in row * d..<(row + 1) * d { unit[x] = rows[x] * inverse[row] }
      }
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

  /// out ← M·x/(nτ) or Mᵀ·x/(nτ) for a matrix M (n, n) and x (n, width); or that added to out.
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

  /// Adds weight·(∂L/∂z′_k + ∂L/∂z″_k) to row `places[k]` of a gradient.
  func addGradient(_ weight: Double, at places: UnsafePointer<UInt32>, into gradient: FloatBuffer) {
    let d = width
    nonisolated(unsafe) let (gradient, places, sides) = (gradient.pointer, places, [first, second])
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        let target = gradient + Int(places[row]) * d
        for side in sides {
          let (u, a) = (side.unit.pointer + row * d, side.slope.pointer + row * d)
          let size = weight * Double(side.inverse[row])
          lk_axpy(Float(size), a, target, d)
          lk_axpy(Float(-size * lk_dot(u, a, d)), u, target, d)
        }
      }
    }
  }

  // MARK: - Hessian–vector product

  /// Adds weight·(Hv)_k, summed over the views, to row `places[k]` of a product, for a direction in which row k of both
  /// views moves by row `places[k]` of `tangents`.
  ///
  /// With unit rows moving by U̇ = (ż − u(u·ż))/‖z‖: Ṡ = (U̇Wᵀ + UẆᵀ)/τ, Ġ = softmax ⊙ (Ṡ − Σ_w softmax·Ṡ),
  /// ȧ = (ĠW + GẆ)/(nτ), and a row gets the derivative of (a − u(u·a))/‖z‖.
  func addProduct(
    _ weight: Double, tangents: FloatBuffer, at places: UnsafePointer<UInt32>, into product: FloatBuffer
  ) {
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
    for side in [first, second] { addRows(weight, side, tangents, places, into: product) }
  }

  private func findUnitTangents(_ side: Side, _ tangents: FloatBuffer, _ places: UnsafePointer<UInt32>) {
    let d = width
    nonisolated(unsafe) let (side, places) = (side, places)
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        let (u, moving) = (side.unit.pointer + row * d, tangents.pointer + Int(places[row]) * d)
        let along = Float(lk_dot(u, moving, d))
        let out = side.unitTangent.pointer + row * d
        for x in 0..<d { out[x] = side.inverse[row] * (moving[x] - u[x] * along) }
      }
    }
  }

  /// Ġ, and from its tiles ĠW/(nτ).
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

  /// The derivative of s(a − u(u·a)) with s = 1/‖z‖, ṡ = −s²(u·ż).
  private func addRows(
    _ weight: Double, _ side: Side, _ tangents: FloatBuffer, _ places: UnsafePointer<UInt32>, into product: FloatBuffer
  ) {
    let d = width
    nonisolated(unsafe) let (side, places) = (side, places)
    Parallel.chunks(of: 256, in: count) { _, range in
      for row in range {
        let (u, a) = (side.unit.pointer + row * d, side.slope.pointer + row * d)
        let (du, da) = (side.unitTangent.pointer + row * d, side.slopeTangent.pointer + row * d)
        let moving = tangents.pointer + Int(places[row]) * d
        let target = product.pointer + Int(places[row]) * d
        let s = weight * Double(side.inverse[row])
        let ds = -s * Double(side.inverse[row]) * lk_dot(u, moving, d)
        let along = lk_dot(u, a, d)
        lk_axpy(Float(ds), a, target, d)
        lk_axpy(Float(s), da, target, d)
        lk_axpy(Float(-s * along), du, target, d)
        lk_axpy(Float(-ds * along - s * (lk_dot(du, a, d) + lk_dot(u, da, d))), u, target, d)
      }
    }
  }
}
