import LinearAlgebra
import Recommenders
import Statistics

/// Which rows carry the curvature.
extension SharpnessBattery {
  /// The squared length of the top eigenvector in each block; for the table that ``blockTable(_:)`` completes.
  func eigenvectorShares(_ vector: FloatBuffer?, _ report: inout SharpnessReport) {
    report.blocks = blocks.map { block in
      BlockRecord(
        name: block.name, parameters: Double(block.count) / Double(parameters.count),
        eigenvector: vector.map { block.dot($0, $0) })
    }
  }

  /// Shares of gradient and Fisher trace, and λ_max of each block of the Hessian.
  func blockTable(_ report: inout SharpnessReport) {
    let gradient = ParameterVector(layout: loss.layout)
    _ = loss.gradient(at: parameters, into: gradient)
    let square = gradient.storage.dot(gradient.storage)
    let fisher = loss.fisherTraces(at: parameters)
    let hessian = loss.hessian(at: parameters)
    for (k, block) in blocks.enumerated() where !shouldStop() {
      progress("blocks: \(block.name)", .nan)
      if square > 0 { report.blocks[k].gradient = block.dot(gradient.storage, gradient.storage) / square }
      if let fisher, fisher.model > 0 { report.blocks[k].trace = rowSum(fisher.rows, in: block) / fisher.model }
      report.blocks[k].largestEigenvalue = largest(of: hessian, in: block)
    }
  }

  /// The part of per-row numbers that belongs to a block; rows are as wide as the tables.
  private func rowSum(_ rows: [Double], in block: CoordinateBlock) -> Double {
    let width = parameters.count / rows.count
    return block.ranges.reduce(0) { sum, range in
      (range.lowerBound / width..<range.upperBound / width).reduce(sum) { $0 + rows[$1] }
    }
  }

  private func largest(of hessian: any LinearOperator, in block: CoordinateBlock) -> SpectrumRecord.Pair? {
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts) = (min(effort.blockProducts, 12), effort.blockProducts)
    (lanczos.smallest, lanczos.tolerance, lanczos.shouldStop) = (0, effort.tolerance, shouldStop)
    let part = RestrictedOperator(hessian, to: block)
    let result = lanczos.run(part, start: RandomStream(seed: seed, "block", block.name))
    return result.largest.first.map(SpectrumRecord.Pair.init)
  }

  func blockNorms(_ report: inout SharpnessReport) {
    let norms = BlockNorms.measure(
      loss.hessian(at: parameters), blocks: deciles, probes: effort.blockProbes,
      stream: RandomStream(seed: seed, "block norms"), shouldStop: shouldStop)
    guard let norms else { return }
    report.blockNorms = BlockNormRecord(
      names: deciles.map(\.name), squares: norms.squares.map { $0.map(\.value) },
      errors: norms.squares.map { $0.map(\.standardError) })
  }
}

/// By how much each measure moves under changes of the parameters that move no prediction.
extension SharpnessBattery {
  /// The quick measures at the minimum and at a changed copy, on the same streams.
  func auditPart(_ index: Int) -> Part {
    let symmetry = symmetries[index]
    return Part(name: "audit: \(symmetry.name)") { report in
      let base = try audited(parameters, earlier: report)
      let changed = try audited(symmetry.apply(), earlier: nil)
      report.auditBase = base
      for before in base.values {
        guard let after = changed.value(before.measure) else { continue }
        report.audit.append(
          AuditRecord(
            symmetry: symmetry.name, measure: before.measure, before: before.value, after: after.value,
            outcome: Self.outcome(before, after)))
      }
    }
  }

  /// - Parameter earlier: a report that may have the base values from the audit of another symmetry.
  private func audited(_ point: ParameterVector, earlier: SharpnessReport?) throws -> SharpnessReport.Base {
    if let base = earlier?.auditBase { return base }
    var effort = SharpnessEffort.quick
    (effort.directions, effort.eigenProducts, effort.noisePairs) = (12, 12, 8)
    var battery = SharpnessBattery(
      loss: loss, total: total, heldOut: nil, parameters: point, effort: effort, settings: settings, seed: seed)
    battery.shouldStop = shouldStop
    let name = progress
    battery.progress = { part, _ in name("audit: \(part)", .nan) }
    var report = SharpnessReport(provenance: [:])
    try battery.run(into: &report)
    return SharpnessReport.Base(values: report.values)
  }

  /// Beyond what sampling, residuals or the search of a maximum explain.
  ///
  /// A mean has moved where the t of its paired differences has a probability below 0.001; an eigenvalue where the
  /// difference is above the sum of the residuals; the value of an ascent, a lower bound, by more than one per cent.
  static func outcome(_ before: MeasureValue, _ after: MeasureValue) -> AuditRecord.Outcome {
    let difference = abs(after.value - before.value)
    let scale = max(abs(before.value), abs(after.value))
    guard difference.isFinite else { return .unknown }
    if difference <= 1e-3 * scale { return .withinError }
    switch before.error.kind {
    case .rounding: return .moved
    case .residual: return difference > before.error.size + after.error.size ? .moved : .withinError
    case .lowerBound: return difference > 0.01 * scale ? .moved : .withinError
    case .standardError:
      guard before.samples.count > 1, before.samples.count == after.samples.count else { return .unknown }
      let paired = PairedDifference(from: before.samples, to: after.samples)
      return paired.standardError == 0 || paired.pValue < 1e-3 ? .moved : .withinError
    }
  }
}
