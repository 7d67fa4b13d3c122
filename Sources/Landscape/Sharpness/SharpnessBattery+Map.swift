import LinearAlgebra
import Recommenders

/// Both ends of the spectrum over a plane: where |λ_min|/λ_max is small, the loss is nearly convex (Li et al. 2018, §6).
public struct EigenvalueMapRecord: Sendable, Equatable, Codable {
  /// Coordinates along the two directions of the plane.
  public let axis: [Double]
  /// (axis, axis), first direction slowest; as far as measured.
  public var largest: [Double] = []
  public var smallest: [Double] = []
  /// The larger residual of the two ends.
  public var residuals: [Double] = []

  public init(axis: [Double]) { self.axis = axis }

  public var ratios: [Double] { zip(smallest, largest).map { abs($0) / $1 } }
}

extension SharpnessBattery {
  /// One row of the map for each part, so that a stopped run loses a row at most.
  func mapParts() -> [Part] {
    guard let points = mapPoints, plane.count == 2 else { return [] }
    let axis = GridAxes(ranges: [-1...1], points: [points]).values[0]
    return axis.indices.map { row in
      Part(name: "λ map, row \(row + 1) of \(points)") { report in
        var map = report.map ?? EigenvalueMapRecord(axis: axis)
        measure(row, of: axis, into: &map)
        report.map = map
      }
    }
  }

  /// The points of a row from left to right; each starts from the eigenvectors of the one before.
  private func measure(_ row: Int, of axis: [Double], into map: inout EigenvalueMapRecord) {
    let moved = ParameterVector(layout: parameters.layout)
    var start: FloatBuffer?
    for column in axis where !shouldStop() {
      moved.storage.set(parameters.storage, plus: axis[row], times: plane[0].storage)
      moved.storage.add(column, plane[1].storage)
      let result = ends(of: loss.hessian(at: moved), start)
      guard let top = result.largest.first, let bottom = result.smallest.first else { continue }
      map.largest.append(top.value)
      map.smallest.append(bottom.value)
      map.residuals.append(max(top.residual, bottom.residual))
      start = warmStart([top, bottom].compactMap(\.vector))
    }
  }

  /// The last eigenvectors, and something random: another eigenvector may have become the extreme one.
  private func warmStart(_ vectors: [FloatBuffer]) -> FloatBuffer {
    let start = FloatBuffer(count: parameters.count)
    start.fillNormal(RandomStream(seed: seed, "lanczos"))
    start.scale(by: 0.3 / start.norm)
    for vector in vectors { start.add(1, vector) }
    return start
  }

  private func ends(of hessian: any LinearOperator, _ start: FloatBuffer?) -> Lanczos.Result {
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts, lanczos.tolerance) = (12, 24, 2e-2)
    (lanczos.keepsVectors, lanczos.shouldStop) = (true, shouldStop)
    return start.map { lanczos.run(hessian, start: $0) }
      ?? lanczos.run(hessian, start: RandomStream(seed: seed, "lanczos"))
  }
}
