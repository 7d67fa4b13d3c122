import LinearAlgebra
import Recommenders
import Statistics

/// What the Hessian says.
extension SharpnessBattery {
  /// Gradients, norms, and whether the point is a minimum of what was trained.
  ///
  /// The loss with L2 is what BPR trains; other objectives have minima of their own. The point is called none where a step along −∇, as long as the curvature along it allows, would lower the total loss by
  /// more than one per cent: ‖g‖⁴/(2·gᵀHg) > 0.01·L.
  func stationarity(_ report: inout SharpnessReport) {
    let gradient = ParameterVector(layout: loss.layout)
    report.add(MeasureValue(.loss, loss.gradient(at: parameters, into: gradient)))
    report.add(MeasureValue(.gradientNorm, gradient.storage.norm))
    report.add(MeasureValue(.parameterNorm, parameters.storage.norm))
    if let heldOut, effort.includesHeldOut {
      report.add(MeasureValue(.loss, heldOut.value(at: parameters), split: .test))
    }
    let value = total.gradient(at: parameters, into: gradient)
    let norm = gradient.storage.norm
    report.add(MeasureValue(.totalGradientNorm, norm))
    guard norm > 0, norm.isFinite else { return }
    let product = FloatBuffer(count: gradient.count)
    total.hessian(at: parameters).apply(gradient.storage, into: product)
    let bend = gradient.storage.dot(product)  // gᵀHg
    let square = norm * norm
    if bend <= 0 {
      report.warnings.append("no minimum of the loss with L2: its curvature along its gradient is negative")
    } else if square * square / (2 * bend) > 0.01 * abs(value) {
      let share = 100 * square * square / (2 * bend) / abs(value)
      let rounded = share < 100 ? (share * 10).rounded() / 10 : share.rounded()
      report.warnings.append(
        "no minimum of the loss with L2: a step against its gradient would lower it by about \(rounded) %")
    }
  }

  /// Both ends of the spectrum, with residuals, and how the plane of the surface lies to them.
  func spectrum(_ report: inout SharpnessReport) throws {
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts) = (effort.basis, effort.eigenProducts)
    (lanczos.largest, lanczos.smallest) = (effort.eigenvalues, effort.eigenvalues)
    (lanczos.tolerance, lanczos.keepsVectors, lanczos.shouldStop) = (effort.tolerance, true, shouldStop)
    let hessian = loss.hessian(at: parameters)
    let result = try resumable(lanczos, hessian)
    if shouldStop() { return }
    report.spectrum = SpectrumRecord(
      largest: result.largest.map(SpectrumRecord.Pair.init), smallest: result.smallest.map(SpectrumRecord.Pair.init),
      products: result.products)
    guard let top = result.largest.first, let bottom = result.smallest.first else { return }
    report.add(MeasureValue(.largestEigenvalue, top.value, MeasureError(top)))
    report.add(MeasureValue(.smallestEigenvalue, bottom.value, MeasureError(bottom)))
    let error = (bottom.residual + abs(bottom.value / top.value) * top.residual) / abs(top.value)
    if abs(bottom.value) - bottom.residual > 0.5 * top.value {
      report.warnings.append("no minimum but a saddle: |λ_min| is more than half of λ_max")
    }
    report.add(
      MeasureValue(
        .eigenvalueRatio, abs(bottom.value) / top.value,
        MeasureError(.residual, error, isConverged: top.converged && bottom.converged)))
    shares(of: result, hessian, &report)
  }

  /// Goes on from a file that a stopped run has left, and leaves one when stopped.
  private func resumable(_ lanczos: Lanczos, _ hessian: any LinearOperator) throws -> Lanczos.Result {
    let stream = RandomStream(seed: seed, "lanczos")
    guard let lanczosFile else { return lanczos.run(hessian, start: stream) }
    let saved = try LanczosStateFile.read(lanczosFile.path, key: lanczosFile.key, dimension: hessian.dimension)
    let result = saved.map { lanczos.run(hessian, from: $0) } ?? lanczos.run(hessian, start: stream)
    if let state = result.state { try LanczosStateFile.write(state, key: lanczosFile.key, to: lanczosFile.path) }
    return result
  }

  /// The plane: curvature along its axes, cosines with the top eigenvectors, what it catches of H.
  private func shares(of result: Lanczos.Result, _ hessian: any LinearOperator, _ report: inout SharpnessReport) {
    eigenvectorShares(result.largest.first?.vector, &report)
    let axes = plane.map { $0.storage.copy() }
    for (number, axis) in axes.enumerated() {  // orthonormal: shares add up
      for other in axes[..<number] { axis.add(-axis.dot(other), other) }
      let norm = axis.norm
      guard norm > 0 else { return }
      axis.scale(by: 1 / norm)
    }
    let vectors = result.largest.compactMap(\.vector)
    guard axes.count == 2, !vectors.isEmpty else { return }
    let products = axes.map { _ in FloatBuffer(count: hessian.dimension) }
    hessian.apply(axes, into: products)
    let projected = axes.map { axis in products.map { axis.dot($0) } }
    report.plane = PlaneRecord(
      curvatures: axes.indices.map { projected[$0][$0] },
      cosines: axes.map { axis in vectors.map { abs(axis.dot($0)) } },
      projected: projected, expectedTraceShare: Double(axes.count) / Double(hessian.dimension))
  }

  /// tr H and ‖H‖_F, from the same probes; and in closed form, where there is one, the Fisher traces.
  func trace(_ report: inout SharpnessReport) {
    let hessian = loss.hessian(at: parameters)
    let stream = RandomStream(seed: seed, "trace")
    let result =
      effort.level == .quick
      ? TraceEstimate.hutchinson(hessian, probes: effort.traceProducts, stream: stream, shouldStop: shouldStop)
      : TraceEstimate.hutchPlusPlus(hessian, products: effort.traceProducts, stream: stream, shouldStop: shouldStop)
    guard let result else { return }
    report.add(MeasureValue(.trace, result.trace))
    report.add(MeasureValue(.frobeniusNorm, result.frobenius))
    if let fisher = loss.fisherTraces(at: parameters) {
      report.add(MeasureValue(.fisherTrace, fisher.model))
      report.add(MeasureValue(.empiricalFisherTrace, fisher.empirical))
    }
  }

  /// λ_max of the Gauss–Newton part: what is left of λ_max is the curvature of the model.
  func gaussNewton(_ report: inout SharpnessReport) {
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts) = (12, effort.eigenProducts / 2)
    (lanczos.smallest, lanczos.tolerance, lanczos.shouldStop) = (0, effort.tolerance, shouldStop)
    let part = loss.hessian(at: parameters, part: .gaussNewton)
    let result = lanczos.run(part, start: RandomStream(seed: seed, "gauss-newton"))
    guard let top = result.largest.first else { return }
    report.add(MeasureValue(.gaussNewtonEigenvalue, top.value, MeasureError(top)))
  }

  func density(_ report: inout SharpnessReport) {
    var quadrature = LanczosQuadrature()
    (quadrature.probes, quadrature.steps, quadrature.shouldStop) = (
      effort.densityProbes, effort.densitySteps, shouldStop
    )
    let density = quadrature.run(loss.hessian(at: parameters), stream: RandomStream(seed: seed, "density"))
    guard let density else { return }
    let shares = density.shares(relative: settings.densityWidth)
    report.density = DensityRecord(
      nodes: density.probes.map(\.nodes), weights: density.probes.map(\.weights), dimension: density.dimension,
      width: shares.threshold,
      negative: [shares.negative.value, shares.negativeBounds.lowerBound, shares.negativeBounds.upperBound],
      nearZero: [shares.nearZero.value, shares.nearZeroBounds.lowerBound, shares.nearZeroBounds.upperBound])
  }
}

extension SpectrumRecord.Pair {
  init(_ pair: Lanczos.Eigenpair) {
    self.init(value: pair.value, residual: pair.residual, isConverged: pair.converged)
  }
}

extension MeasureError {
  init(_ pair: Lanczos.Eigenpair) { self.init(.residual, pair.residual, isConverged: pair.converged) }
}

extension MeasureValue {
  init(_ measure: SharpnessMeasure, _ mean: ProbeMean) {
    self.init(measure, mean.value, MeasureError(.standardError, mean.standardError), samples: mean.samples)
  }
}
