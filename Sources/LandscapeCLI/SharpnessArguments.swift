import ArgumentParser
import Foundation
import Landscape

/// How sharpness is measured.
struct SharpnessArguments: ParsableArguments {
  @Option(help: ArgumentHelp("quick, standard or thorough.", valueName: "level"))
  var effort = "standard"

  @Flag(help: "Measure data loss plus L2; by default the data loss alone.")
  var includeL2 = false

  @Flag(help: "Leave out the measures on held-out interactions.")
  var noHeldOut = false

  @Flag(help: "Leave out the audit of invariance.")
  var noAudit = false

  @Option(help: ArgumentHelp("Radius ρ of SAM, ASAM and m-sharpness.", valueName: "rho"))
  var rho = 0.5

  @Option(help: ArgumentHelp("Noise σ, plain and relative to the rows.", valueName: "sigma"))
  var sigma = 0.1

  @Option(help: ArgumentHelp("Rise Δ of the widths: 10% of the loss, or a number.", valueName: "delta"))
  var rise = "10%"

  @Option(help: ArgumentHelp("Triplets m in a mini-batch of m-sharpness.", valueName: "m"))
  var batchSize = 2048

  @Option(
    help: ArgumentHelp(
      "Points n on each axis of a map of |λ_min|/λ_max over the plane; n² times both ends of a spectrum.",
      valueName: "n"))
  var ratioMap: Int?

  @Option(help: ArgumentHelp("Seed of directions, noise, probes and negatives.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Seed of directions, noise and probes (default: --seed).", valueName: "n"))
  var directionSeed: UInt64?

  @Option(help: ArgumentHelp("Seed of the sampled negatives (default: --seed).", valueName: "n"))
  var negativeSeed: UInt64?

  func validate() throws {
    guard SharpnessEffort.Level(rawValue: effort) != nil else {
      throw ValidationError("--effort must be quick, standard or thorough")
    }
    guard rho > 0, sigma > 0, rho.isFinite, sigma.isFinite else {
      throw ValidationError("--rho and --sigma must be above 0")
    }
    guard batchSize >= 1 else { throw ValidationError("--batch-size must be at least 1") }
    guard ratioMap.map({ (2...201).contains($0) }) ?? true else {
      throw ValidationError("--ratio-map must be between 2 and 201")
    }
    _ = try settings()
  }

  var directionsSeed: UInt64 { directionSeed ?? seed }
  var negativesSeed: UInt64 { negativeSeed ?? seed }

  /// The level with what was switched off.
  var work: SharpnessEffort {
    var work = SharpnessEffort(SharpnessEffort.Level(rawValue: effort) ?? .standard)
    if noHeldOut { work.includesHeldOut = false }
    if noAudit { work.includesAudit = false }
    return work
  }

  func settings() throws -> SharpnessSettings {
    var settings = SharpnessSettings()
    (settings.rho, settings.sigma, settings.batchSize) = (rho, sigma, batchSize)
    let isShare = rise.hasSuffix("%")
    guard let number = Double(isShare ? String(rise.dropLast()) : rise), number > 0, number.isFinite else {
      throw ValidationError("--rise \(rise): a share of the loss, such as 10%, or a number above 0")
    }
    if isShare { settings.rise = number / 100 } else { settings.absoluteRise = number }
    return settings
  }

  /// The canonical options, defaults resolved.
  var canonical: String {
    var parts = [
      "--effort \(effort)", "--rho \(rho)", "--sigma \(sigma)", "--rise \(rise)", "--batch-size \(batchSize)",
      "--direction-seed \(directionsSeed)", "--negative-seed \(negativesSeed)",
    ]
    if includeL2 { parts.append("--include-l2") }
    if noHeldOut { parts.append("--no-held-out") }
    if noAudit { parts.append("--no-audit") }
    if let ratioMap { parts.append("--ratio-map \(ratioMap)") }
    return parts.joined(separator: " ")
  }
}
