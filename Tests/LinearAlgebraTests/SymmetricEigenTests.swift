import LinearAlgebra
import TestSupport
import Testing

@Suite struct SymmetricEigenTests {
  @Test(arguments: [1, 2, 7, 40]) func decomposes(_ n: Int) {
    let eigenvalues = (0..<n).map { Double($0 * $0 % 11) - 3 }
    let matrix = DenseOperator(eigenvalues: eigenvalues).matrix
    let eigen = SymmetricEigen(matrix)
    #expect(Dense.distance(eigen.values, eigenvalues.sorted()) < 1e-12)
    for (value, vector) in zip(eigen.values, eigen.vectors) {
      #expect(Dense.distance(Dense.product(matrix, vector), vector.map { $0 * value }) < 1e-12)
    }
    for a in 0..<n {
      for b in 0...a { #expect(abs(Dense.dot(eigen.vectors[a], eigen.vectors[b]) - (a == b ? 1 : 0)) < 1e-12) }
    }
  }

  @Test func empty() {
    let eigen = SymmetricEigen([])
    #expect(eigen.values.isEmpty && eigen.vectors.isEmpty)
  }
}
