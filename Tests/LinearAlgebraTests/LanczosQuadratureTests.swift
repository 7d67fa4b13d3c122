import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Quadratures against the spectral measure of their start vector, which a dense eigendecomposition gives exactly.
@Suite struct LanczosQuadratureTests {
  static let stream = RandomStream(seed: 1, "density")

  /// λ and (v·u)² for the start vector v of a probe.
  static func measure(_ op: DenseOperator, probe: Int) -> (eigenvalues: [Double], weights: [Double]) {
    let signs = FloatBuffer(count: op.dimension)
    signs.fillSigns(stream, probe: probe)
    let exact = SymmetricEigen(op.matrix)
    return (
      exact.values,
      exact.vectors.map { pow(Dense.dot($0, signs.doubles), 2) / Double(op.dimension) }
    )
  }

  static func mean(_ nodes: [Double], _ weights: [Double], _ f: (Double) -> Double) -> Double {
    zip(nodes, weights).reduce(0) { $0 + $1.1 * f($1.0) }
  }

  static func rules(
    _ op: some LinearOperator, _ numbers: Range<Int>, steps: Int, reorthogonalises: Bool = false
  ) throws -> [SpectralDensity.Probe] {
    var quadrature = LanczosQuadrature()
    (quadrature.steps, quadrature.reorthogonalises) = (steps, reorthogonalises)
    return try #require(quadrature.rules(of: numbers, op, stream: stream))
  }

  /// m steps integrate polynomials up to degree 2m − 1 exactly.
  @Test(arguments: [1, 2, 4], [false, true]) func degreeOfExactness(_ steps: Int, _ reorthogonalises: Bool) throws {
    let op = DenseOperator(eigenvalues: decayingSpectrum)
    let rules = try Self.rules(op, 0..<3, steps: steps, reorthogonalises: reorthogonalises)
    for (probe, rule) in rules.enumerated() {
      #expect(rule.nodes.count == steps && abs(rule.weights.reduce(0, +) - 1) < 1e-12)
      let exact = Self.measure(op, probe: probe)
      for degree in 1..<2 * steps {
        let moment = Self.mean(exact.eigenvalues, exact.weights) { pow($0, Double(degree)) }
        #expect(abs(Self.mean(rule.nodes, rule.weights) { pow($0, Double(degree)) } - moment) < 1e-6)
      }
      let next = Self.mean(exact.eigenvalues, exact.weights) { pow($0, Double(2 * steps)) }
      #expect(abs(Self.mean(rule.nodes, rule.weights) { pow($0, Double(2 * steps)) } - next) > 1e-6, "and no further")
    }
  }

  /// Wide-spread eigenvalues: seven decades of both signs, zeros, and a heap.
  static let wide = DenseOperator(
    eigenvalues: (0..<28).map { (($0 % 3 == 0) ? -0.3 : 1) * pow(10, Double($0) / 4 - 4) }
      + [Double](repeating: 0, count: 30) + (0..<52).map { Double($0) / 8 })

  /// Copies of converged eigenvalues appear, and share the weight of the one: Knizhnerman's theorem.
  @Test(arguments: exactScales) func copiesShareTheWeight(_ scale: Double) throws {
    let op = Self.wide.scaled(by: scale)
    let radius = 562.34 * scale
    for (probe, rule) in try Self.rules(op, 0..<3, steps: 100).enumerated() {
      let exact = Self.measure(op, probe: probe)
      for k in [exact.eigenvalues.count - 1, exact.eigenvalues.count - 2] {
        let near = rule.nodes.indices.filter { abs(rule.nodes[$0] - exact.eigenvalues[k]) < 1e-5 * radius }
        #expect(near.count > 3, "copies")
        #expect(abs(near.reduce(0) { $0 + rule.weights[$1] } - exact.weights[k]) < 1e-5)
      }
    }
  }

  /// Smoothed densities with and without full reorthogonalisation, against the exact measure.
  @Test(arguments: [0.02, 0.1]) func reorthogonalisationDoesNotMatter(_ relativeWidth: Double) throws {
    let op = Self.wide
    let full = try Self.rules(op, 0..<4, steps: 110, reorthogonalises: true)
    let plain = try Self.rules(op, 0..<4, steps: 110)
    #expect(full.allSatisfy { $0.nodes.count <= 110 } && plain.allSatisfy { $0.nodes.count == 110 })
    let radius = 562.34
    let width = relativeWidth * radius
    for probe in 0..<4 {
      let exact = Self.measure(op, probe: probe)
      for t in stride(from: -0.4 * radius, through: 1.1 * radius, by: 0.05 * radius) {
        let gaussian = { (theta: Double) in exp(-(t - theta) * (t - theta) / (2 * width * width)) }
        let expected = Self.mean(exact.eigenvalues, exact.weights, gaussian)
        #expect(abs(Self.mean(full[probe].nodes, full[probe].weights, gaussian) - expected) < 1e-4)
        #expect(abs(Self.mean(plain[probe].nodes, plain[probe].weights, gaussian) - expected) < 1e-4)
      }
    }
  }

  /// With all steps and full reorthogonalisation the rule is the measure itself.
  @Test func allSteps() throws {
    let op = DenseOperator(eigenvalues: (0..<20).map { Double($0) - 5 })
    let rule = try Self.rules(op, 0..<1, steps: 50, reorthogonalises: true)[0]
    let exact = Self.measure(op, probe: 0)
    #expect(Dense.distance(rule.nodes, exact.eigenvalues) < 1e-4)
    #expect(Dense.distance(rule.weights, exact.weights) < 1e-4)
  }

  /// Probes whose spaces are exhausted after one and after two steps, side by side.
  @Test(arguments: [false, true], exactScales) func earlyEnds(_ reorthogonalises: Bool, _ scale: Double) throws {
    let op = WatchedOperator(DenseOperator([[0, 1, 0], [1, 0, 0], [0, 0, 1]]).scaled(by: scale))
    let rules = try Self.rules(op, 0..<8, steps: 30, reorthogonalises: reorthogonalises)
    for (probe, rule) in rules.enumerated() {
      let signs = FloatBuffer(count: 3)
      signs.fillSigns(Self.stream, probe: probe)
      let isEigenvector = signs[0] == signs[1]
      let (nodes, weights) = isEigenvector ? ([1.0], [1.0]) : ([-1.0, 1.0], [2 / 3.0, 1 / 3.0])
      #expect(Dense.distance(rule.nodes.map { $0 / scale }, nodes) < 1e-6)
      #expect(Dense.distance(rule.weights, weights) < 1e-6)
    }
    #expect(Set(rules.map(\.nodes.count)) == [1, 2], "both kinds are there")
    #expect(op.calls == [8, rules.filter { $0.nodes.count == 2 }.count])
  }

  @Test func blocksOfEight() throws {
    try Machine.steadily {
      let op = WatchedOperator(DenseOperator(eigenvalues: decayingSpectrum))
      let all = try Self.rules(op, 0..<19, steps: 5)
      #expect(all.count == 19 && op.calls == [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 3, 3, 3, 3, 3])
      #expect(try Self.rules(op, 7..<12, steps: 5) == Array(all[7..<12]), "a probe does not depend on the others")
      #expect(all[0] != all[1])
    }
  }

  @Test(arguments: [false, true]) func threads(_ reorthogonalises: Bool) throws {
    let op = LargeOperator()
    let runs = try onThreads { try Self.rules(op, 0..<3, steps: 12, reorthogonalises: reorthogonalises) }
    #expect(runs.allSatisfy { $0 == runs[0] })
  }

  @Test func stopsAndReports() {
    let op = DenseOperator(eigenvalues: decayingSpectrum)
    let (asked, told) = (Counter(), Counter())
    var quadrature = LanczosQuadrature()
    (quadrature.probes, quadrature.steps) = (12, 5)
    quadrature.shouldStop = { asked.increment() > 7 }
    quadrature.progress = { share in
      let number = told.increment()
      let expected = number <= 5 ? Double(number) / 5 * 8 / 12 : 8.0 / 12 + Double(number - 5) / 5 * 4 / 12
      #expect(abs(share - expected) < 1e-12)
    }
    #expect(quadrature.run(op, stream: Self.stream) == nil && told.current == 7)
    quadrature.shouldStop = { false }
    quadrature.progress = { _ in }
    #expect(quadrature.run(op, stream: Self.stream)?.products == 60)
  }

  @Test func notFinite() throws {
    let rules = try Self.rules(DenseOperator(diagonal: [1, .nan, 3, 4]), 0..<2, steps: 5)
    #expect(rules.allSatisfy { $0.nodes.count == 1 && $0.nodes[0].isNaN })
    let density = SpectralDensity(probes: rules, dimension: 4)
    #expect(density.moments(upTo: 1)[0].value.isNaN && density.density(at: [1])[0].value.isNaN)
    #expect(density.shares().negative.value.isNaN)
  }
}
