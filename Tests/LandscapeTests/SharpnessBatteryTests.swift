import Foundation
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// The battery as a whole: parts, resumption, blocks, audit; single measures are tested where they are.
@Suite struct SharpnessBatteryTests {
  static let data = SmallData()

  static func battery(_ effort: SharpnessEffort = .standard, at parameters: ParameterVector? = nil) throws
    -> SharpnessBattery
  {
    let (model, dataset) = (data.model, data.dataset)
    let point = parameters ?? data.parameters
    let train = try LandscapeLoss(model, dataset: dataset, seed: 3).first
    let test = try LandscapeLoss(model, dataset: dataset, split: .test, seed: 3).first
    var settings = SharpnessSettings()
    settings.batchSize = 32
    var small = effort
    (small.directions, small.batches, small.pacBayesPairs) = (8, min(effort.batches, 4), min(effort.pacBayesPairs, 4))
    var battery = SharpnessBattery(
      loss: train, total: train, heldOut: test, parameters: point, effort: small, settings: settings, seed: 5)
    battery.blocks =
      ParameterBlocks.tables(model) + ParameterBlocks.popularityDeciles(model, train: dataset.train)
    battery.deciles =
      ParameterBlocks.activityDeciles(model, train: dataset.train)
      + ParameterBlocks.popularityDeciles(model, train: dataset.train)
    battery.plane = try DirectionSet.make(.filter, count: 2, for: point, seed: 5).directions
    battery.symmetries = model.predictionSymmetries(seed: 5).map { symmetry in
      (symmetry.name, { symmetry.applied(to: point, of: model) })
    }
    return battery
  }

  static func report(_ battery: SharpnessBattery) throws -> SharpnessReport {
    var report = SharpnessReport(provenance: ["checkpoint": "x"])
    try battery.run(into: &report)
    return report
  }

  /// Every curvature value against the dense matrix.
  @Test func curvatureAgainstTheDenseHessian() throws {
    let battery = try Self.battery()
    let report = try Self.report(battery)
    let matrix = Self.dense(battery.loss.hessian(at: battery.parameters))
    let values = SymmetricEigen(matrix).values
    let scale = values[values.count - 1]
    func value(_ measure: SharpnessMeasure) throws -> MeasureValue { try #require(report.value(measure)) }
    let (top, bottom) = (try value(.largestEigenvalue), try value(.smallestEigenvalue))
    #expect(abs(top.value - scale) <= top.error.size + 1e-6 * scale)
    #expect(abs(bottom.value - values[0]) <= bottom.error.size + 1e-6 * scale)
    #expect(abs(try value(.eigenvalueRatio).value - abs(bottom.value) / top.value) < 1e-12)
    let trace = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    #expect(abs(try value(.trace).value - trace) <= 5 * (try value(.trace).error.size) + 1e-5 * trace)
    #expect(abs(try value(.fisherTrace).value - trace) <= 1e-5 * trace)
    let frobenius = matrix.reduce(0) { $0 + Dense.dot($1, $1) }.squareRoot()
    #expect(abs(try value(.frobeniusNorm).value - frobenius) <= 5 * (try value(.frobeniusNorm).error.size))
    let gaussNewton = SymmetricEigen(
      Self.dense(battery.loss.hessian(at: battery.parameters, part: .gaussNewton))
    ).values.last
    let found = try value(.gaussNewtonEigenvalue)
    #expect(abs(found.value - (gaussNewton ?? .nan)) <= found.error.size + 1e-6 * scale)
    let spectrum = try #require(report.spectrum)
    #expect(spectrum.largest.count == 5 && spectrum.smallest.count == 5)
    for (pair, exact) in zip(spectrum.largest, values.reversed()) {
      #expect(abs(pair.value - exact) <= pair.residual + 1e-6 * scale)
    }
  }

  static func dense(_ hessian: any LinearOperator) -> [[Double]] {
    let unit = FloatBuffer(count: hessian.dimension)
    let product = FloatBuffer(count: hessian.dimension)
    return (0..<hessian.dimension).map { k in
      unit[k] = 1
      defer { unit[k] = 0 }
      hessian.apply(unit, into: product)
      return product.doubles
    }
  }

  /// Shares of disjoint blocks add up, and a block's λ_max is that of its submatrix.
  @Test func blocks() throws {
    let battery = try Self.battery()
    let report = try Self.report(battery)
    let tables = report.blocks.prefix(2)
    for share in [\BlockRecord.gradient, \.trace, \.eigenvector] {
      #expect(abs(tables.reduce(0) { $0 + ($1[keyPath: share] ?? .nan) } - 1) < 1e-6)
    }
    let items = report.blocks.dropFirst(2)
    #expect(items.count == 10)
    let all = try #require(report.blocks[1].trace)
    #expect(abs(items.reduce(0) { $0 + ($1.trace ?? .nan) } - all) < 1e-9)
    let matrix = Self.dense(battery.loss.hessian(at: battery.parameters))
    for (block, record) in zip(battery.blocks, report.blocks) {
      let members = block.ranges.flatMap { Array($0) }
      let part = members.map { row in members.map { matrix[row][$0] } }
      let values = SymmetricEigen(part).values
      let found = try #require(record.largestEigenvalue)
      let nearest = values.map { abs($0 - found.value) }.min() ?? .infinity
      #expect(nearest <= found.residual + 1e-6, "\(block.name)")
      #expect(
        found.value <= (values.last ?? .nan) + 1e-6 && found.value > 0.75 * (values.last ?? .nan), "\(block.name)")
    }
    let norms = try #require(report.blockNorms)
    #expect(norms.names.count == 20 && norms.squares.count == 20)
    let squares = norms.squares.reduce(0) { $0 + $1.reduce(0, +) }
    let exact = matrix.reduce(0) { $0 + Dense.dot($1, $1) }
    #expect(abs(squares - exact) < 0.2 * exact)
  }

  /// The plane's curvatures are dᵀHd, its cosines at most 1.
  @Test func plane() throws {
    let battery = try Self.battery()
    let record = try #require(try Self.report(battery).plane)
    let matrix = Self.dense(battery.loss.hessian(at: battery.parameters))
    let first = battery.plane[0].doubles
    for (axis, direction) in battery.plane.enumerated() {
      var d = direction.doubles
      if axis == 1 {  // made orthogonal to the first
        let overlap = Dense.dot(d, first) / Dense.dot(first, first)
        d = zip(d, first).map { $0 - overlap * $1 }
      }
      let exact = Dense.dot(d, Dense.product(matrix, d)) / Dense.dot(d, d)
      #expect(abs(record.curvatures[axis] - exact) < 1e-5 * abs(exact))
      #expect(record.cosines[axis].count == 5 && record.cosines[axis].allSatisfy { (0...1).contains($0) })
    }
    #expect(record.expectedTraceShare == 2 / Double(battery.parameters.count))
  }

  /// What scale-aware measures promise, the audit finds; raw curvature moves.
  @Test func audit() throws {
    let report = try Self.report(try Self.battery())
    #expect(Set(report.audit.map(\.symmetry)) == ["U ÷ 2, V × 2", "U × 2, V ÷ 2", "rotation"])
    for record in report.audit where record.symmetry != "rotation" {
      if record.measure.isScaleAware { #expect(record.outcome != .moved, "\(record)") }
      if [.trace, .frobeniusNorm].contains(record.measure) { #expect(record.outcome == .moved, "\(record)") }
    }
    for record in report.audit where record.symmetry == "rotation" {
      let isElementwise = [.keskar, .relativeAdaptiveAscent, .adaptiveAscent].contains(record.measure)
      if !isElementwise { #expect(record.outcome != .moved, "\(record)") }
    }
  }

  /// Stopped before any part and resumed, the report is that of one go; and it survives being written and read.
  @Test(arguments: [1, 4, 9, 20]) func resumes(_ parts: Int) throws {
    try Machine.steadily {
      let whole = try Self.report(try Self.battery())
      var battery = try Self.battery()
      let counter = Counter()
      battery.progress = { _, share in if !share.isNaN { counter.increment() } }
      battery.shouldStop = { counter.current > parts }
      var report = SharpnessReport(provenance: ["checkpoint": "x"])
      #expect(throws: Interrupts.Stop.self) { try battery.run(into: &report) }
      #expect(report.done.count == parts)
      let decoder = JSONDecoder()
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
      let read = try decoder.decode(SharpnessReport.self, from: Data(Self.json(report).utf8))
      #expect(try Self.json(read) == Self.json(report))
      report = read
      try Self.battery().run(into: &report)
      #expect(try Self.json(report) == Self.json(whole))
    }
  }

  /// Errors of one start are NaN, which equals nothing: reports are compared as text.
  private static func json(_ report: SharpnessReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }

  @Test func sameReportOnAnyThreads() throws {
    let reports = try onThreads { try Self.json(try Self.report(try Self.battery(.quick))) }
    #expect(Set(reports).count == 1)
  }

  /// Values that are not finite are reported, not hidden, and end nothing.
  @Test func notFinite() throws {
    let broken = Self.data.parameters.copy()
    broken.values[7] = .nan
    let report = try Self.report(try Self.battery(.quick, at: broken))
    #expect(report.value(.loss)?.value.isNaN == true)
    #expect(report.warnings.contains { $0.contains("not finite") })
    #expect(report.done == ["stationarity"], "nothing else can be said")
  }

  /// A point far from any minimum is called none.
  @Test func noMinimum() throws {
    #expect(try Self.report(try Self.battery(.quick)).warnings.contains { $0.hasPrefix("no minimum") })
  }

  @Test func mapOfBothEnds() throws {
    var battery = try Self.battery(.quick)
    battery.mapPoints = 3
    let report = try Self.report(battery)
    let map = try #require(report.map)
    #expect(map.axis == [-1, 0, 1] && map.ratios.count == 9)
    let centre = Self.dense(battery.loss.hessian(at: battery.parameters))
    let values = SymmetricEigen(centre).values
    #expect(abs(map.largest[4] - values[values.count - 1]) <= map.residuals[4] + 1e-6)
    #expect(abs(map.smallest[4] - values[0]) <= map.residuals[4] + 1e-6)
    let moved = battery.parameters.copy()
    moved.storage.add(-1, battery.plane[0].storage)
    moved.storage.add(1, battery.plane[1].storage)
    let corner = SymmetricEigen(Self.dense(battery.loss.hessian(at: moved))).values
    #expect(abs(map.largest[2] - corner[corner.count - 1]) <= map.residuals[2] + 1e-6, "first direction slowest")
  }
}
