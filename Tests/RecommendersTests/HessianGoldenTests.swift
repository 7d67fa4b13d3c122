import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Hessian–vector products and the spectrum of the Hessian against full explicit matrices.
@Suite struct HessianGoldenTests {
  static func product(_ hessian: any LinearOperator, _ vector: FloatBuffer) -> FloatBuffer {
    let product = FloatBuffer(count: vector.count)
    product.fill(.nan)  // overwritten
    hessian.apply(vector, into: product)
    return product
  }

  /// The whole matrix, column by column.
  static func dense(_ hessian: any LinearOperator) -> [[Double]] {
    let unit = FloatBuffer(count: hessian.dimension)
    return (0..<hessian.dimension).map { k in
      unit[k] = 1
      defer { unit[k] = 0 }
      return product(hessian, unit).doubles
    }
  }

  @Test(arguments: GoldenCase.all("bpr-hessian")) func products(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    let vectors = try data.golden.inputs["vectors"].list.map(data.vector)
    let products = try expected["hessian_vector_products"].list
    #expect(vectors.count == products.count && !vectors.isEmpty)
    try onEachInstructionSet { (isa) throws in
      let gradient = ParameterVector(layout: data.model.layout)
      let value = data.loss.gradient(at: data.parameters, into: gradient)
      #expect(try data.golden.problem(value, expected["loss"]) == nil, "\(isa)")
      #expect(try data.problem(gradient, expected["gradient"]) == nil, "\(isa)")
      #expect(try data.golden.problem(gradient.storage.norm, expected["gradient_norm"]) == nil, "\(isa)")
      let hessian = data.loss.hessian(at: data.parameters)
      for (vector, wanted) in zip(vectors, products) {
        let got = Self.product(hessian, vector.storage)
        #expect(try data.golden.problem(got.doubles, wanted) == nil, "\(isa)")
      }
    }
  }

  @Test(arguments: GoldenCase.all("bpr-hessian")) func spectrum(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    var matrix = Self.dense(data.loss.hessian(at: data.parameters))
    #expect(Dense.asymmetry(matrix) < 1e-6)
    let trace = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    #expect(try data.golden.problem(trace, expected["trace"]) == nil)
    let squares = matrix.reduce(0) { $0 + Dense.dot($1, $1) }
    #expect(try data.golden.problem(squares.squareRoot(), expected["frobenius_norm"]) == nil)
    for row in matrix.indices {
      for column in 0..<row {
        let mean = (matrix[row][column] + matrix[column][row]) / 2
        (matrix[row][column], matrix[column][row]) = (mean, mean)
      }
    }
    let eigen = SymmetricEigen(matrix)
    #expect(try data.golden.problem(eigen.values, expected["eigenvalues"]) == nil)
    let top = eigen.vectors[eigen.vectors.count - 1]
    let sign: Double = (top.max { abs($0) < abs($1) } ?? 0) < 0 ? -1 : 1
    #expect(try data.golden.problem(top.map { sign * $0 }, expected["top_eigenvector"]) == nil)
  }

  /// Lanczos finds both ends, and its residuals bound the distance to the exact spectrum.
  @Test(arguments: GoldenCase.all("bpr-hessian")) func ends(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    let eigenvalues = try expected["eigenvalues"].doubles
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts, lanczos.tolerance) = (30, 600, 1e-5)
    let result = Self.run(lanczos, data.loss.hessian(at: data.parameters))
    let (top, bottom) = (result.largest[0], result.smallest[0])
    #expect(top.converged && bottom.converged)
    #expect(try data.golden.problem(top.value, expected["largest_eigenvalue"]) == nil)
    let lowest = try expected["smallest_eigenvalue"].double
    #expect(abs(bottom.value - lowest) <= 1e-5 * eigenvalues[eigenvalues.count - 1])
    lanczos.maximumProducts = 7  // far from converged
    for pair in Self.run(lanczos, data.loss.hessian(at: data.parameters)).largest + [top, bottom] {
      let nearest = eigenvalues.map { abs($0 - pair.value) }.min() ?? .infinity
      #expect(nearest <= pair.residual + 1e-7)
    }
  }

  static func run(_ lanczos: Lanczos, _ hessian: any LinearOperator) -> Lanczos.Result {
    lanczos.run(hessian, start: RandomStream(seed: 1, "lanczos"))
  }
}
