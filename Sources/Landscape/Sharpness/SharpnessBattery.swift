import LinearAlgebra
import Recommenders

/// Measures the sharpness of one minimum, part after part, into a report that a stopped run resumes from.
///
/// Knows losses, operators and blocks of coordinates, and no model. Directions, noise, probes and mini-batches come from
/// streams that are named by seed and number alone: every minimum meets the same ones.
public struct SharpnessBattery: Sendable {
  /// The function that is measured.
  public let loss: any LossFunction
  /// The function that training minimised: whether the point is a minimum is judged on it.
  public let total: any LossFunction
  /// The same loss over held-out interactions; nil where there are none.
  public let heldOut: (any LossFunction)?
  public let parameters: ParameterVector
  /// Blocks of the table of blocks, and the finer ones of the block norms.
  public var blocks: [CoordinateBlock] = []
  public var deciles: [CoordinateBlock] = []
  /// The directions of the surface of the same seed.
  public var plane: [ParameterVector] = []
  /// Changes of the parameters that leave every prediction as it is, by name.
  public var symmetries: [(name: String, apply: @Sendable () -> ParameterVector)] = []
  public var effort: SharpnessEffort
  public var settings: SharpnessSettings
  public var seed: UInt64
  /// Points on each axis of the map of both ends of the spectrum; nil for none.
  public var mapPoints: Int?
  /// Where a stopped Lanczos run is kept, and what tells it from those of other measurements; nil: nowhere.
  public var lanczosFile: (path: String, key: String)?
  public var shouldStop: @Sendable () -> Bool = { false }
  /// Told the name of the part and the share that is done of all.
  public var progress: @Sendable (String, Double) -> Void = { _, _ in }

  public init(
    loss: any LossFunction, total: any LossFunction, heldOut: (any LossFunction)?, parameters: ParameterVector,
    effort: SharpnessEffort, settings: SharpnessSettings = SharpnessSettings(), seed: UInt64
  ) {
    self.loss = loss
    self.total = total
    self.heldOut = heldOut
    self.parameters = parameters
    self.effort = effort
    self.settings = settings
    self.seed = seed
  }

  /// Measures what the report does not have yet.
  ///
  /// - Parameter save: called after every part.
  /// - Throws: ``Interrupts/Stop`` when `shouldStop`; the parts before are in the report.
  public func run(into report: inout SharpnessReport, save: (SharpnessReport) throws -> Void = { _ in }) throws {
    let parts = parts
    for (number, part) in parts.enumerated() where !report.done.contains(part.name) {
      progress(part.name, Double(number) / Double(parts.count))
      var next = report
      try part.measure(&next)
      if shouldStop() { throw Interrupts.Stop() }
      next.done.append(part.name)
      report = next
      try save(report)
      if report.value(.loss)?.value.isFinite == false { return }  // it is in the warnings
    }
  }

  /// One step of the work: nothing of it is kept when it is stopped.
  struct Part {
    let name: String
    let measure: (inout SharpnessReport) throws -> Void
  }

  private var parts: [Part] {
    var parts = [
      Part(name: "stationarity", measure: stationarity), Part(name: "spectrum", measure: spectrum),
      Part(name: "trace", measure: trace),
    ]
    if effort.level != .quick { parts.append(Part(name: "Gauss–Newton", measure: gaussNewton)) }
    if effort.densityProbes > 0 { parts.append(Part(name: "spectral density", measure: density)) }
    parts += lossParts(loss, .train)
    if effort.blockProducts > 0, !blocks.isEmpty { parts.append(Part(name: "blocks", measure: blockTable)) }
    if effort.blockProbes > 0, !deciles.isEmpty { parts.append(Part(name: "block norms", measure: blockNorms)) }
    if effort.includesHeldOut, let heldOut { parts += lossParts(heldOut, .test) }
    if effort.includesAudit { parts += symmetries.indices.map(auditPart) }
    return parts + mapParts()
  }
}
