import ArgumentParser
import Figures
import Foundation
import Landscape
import LinearAlgebra
import Statistics
import Storage
import Studies

/// The loss around the minima of a study, and how flat they are.
extension StudyFigures {
  func landscape(_ figure: StudyFile.Figure, _ key: String) throws -> (pictures: [String], surfaces: [String]) {
    let arguments = try SurfaceArguments.parse(figure.options)
    var models: [(name: String, model: LoadedModel)] = []
    var surfaces: [(path: String, named: NamedSurface)] = []
    for (name, run) in firstRuns(figure, key) {
      let model = try LoadedModel(
        path: results.checkpoint(run), arguments: dataArguments(key), terminal: file.terminal,
        sharingDataOf: models.first?.model)
      models.append((name, model))
      let path =
        "\(results.folder)/\(StudyPlan.folderName(key))/\(StudyPlan.folderName(name))-\(figure.dims)d.safetensors"
      surfaces.append((path, NamedSurface(name: name, surface: try surface(model, arguments, path))))
    }
    guard let dataset = models.first?.model.dataset else { return ([], []) }
    let comparison = Comparison(
      models: models, dataset: dataset, arguments: arguments, sharpness: false, prefix: stem(key, "landscape"))
    var provenance = try comparison.provenance()
    if figure.isRise { provenance.extend("Command", with: " --rise") }
    provenance.extend("Command", with: file.page.canonical)
    var pictures = Pictures(
      surfaces: surfaces.map(\.named), formats: file.formats, provenance: provenance, rise: figure.isRise)
    pictures.look = try file.page.look()
    return (try pictures.write(prefix: stem(key, "landscape")), surfaces.map(\.path))
  }

  /// The surface that is kept at `path`, if it is the one that is asked for, or else a new one.
  private func surface(_ model: LoadedModel, _ arguments: SurfaceArguments, _ path: String) throws -> Surface {
    let run = try SurfaceRun(model, dataset: model.dataset, arguments: arguments)
    if let kept = try? Surface.read(path), kept.metadata["landscape.command"] == run.command(try run.axes()) {
      return kept
    }
    let surface = try run.surface(partial: path + ".partial", terminal: file.terminal, interrupts: interrupts)
    try surface.write(to: path)
    return surface
  }

  /// One direction after the other: the rise above each minimum (or the loss), mean ± standard deviation over directions.
  func bands(_ figure: StudyFile.Figure, _ key: String) throws -> [String] {
    var curves: [Curve] = []
    var first: LoadedModel?
    for (name, run) in firstRuns(figure, key) {
      let model = try LoadedModel(
        path: results.checkpoint(run), arguments: dataArguments(key), terminal: file.terminal,
        sharingDataOf: first)
      first = first ?? model
      let surfaces = try (1...figure.directions).map { seed in
        let arguments = try SurfaceArguments.parse(
          figure.options + ["--direction-seed", "\(seed)", "--negative-seed", "1"])
        let path = "\(results.folder)/\(StudyPlan.folderName(key))/\(StudyPlan.folderName(name))-1d-\(seed).safetensors"
        return try surface(model, arguments, path)
      }
      curves.append(try Self.curve(name, surfaces, isRise: figure.isRise))
    }
    guard !curves.isEmpty else { return [] }
    let panel = LineFigure.Panel(curves: curves, xLabel: "$α$", yLabel: figure.isRise ? "$Δℒ(α)$" : "$ℒ(α)$")
    let title = "Loss along \(figure.directions) directions, \(key); bands: standard deviation over directions"
    return try save(LineFigure(panels: [panel]), stem(key, "landscape-1d-bands"), title)
  }

  /// Mean ± standard deviation over surfaces of the same axis.
  private static func curve(_ name: String, _ surfaces: [Surface], isRise: Bool) throws -> Curve {
    let x = surfaces[0].axes.values[0]
    let values = surfaces.map { surface in
      let base = isRise ? surface.lossAtOrigin : 0
      return surface.loss.map { $0 - base }
    }
    let estimates = x.indices.map { place in Estimate(mean: values.map { $0[place] }) }
    let band = Curve.Band(
      low: estimates.map { $0.value - $0.standardDeviation }, high: estimates.map { $0.value + $0.standardDeviation })
    return try Curve(name: name, x: x, y: estimates.map(\.value), band: band)
  }

  // MARK: - Sharpness

  /// The measures of all seeds of the methods, as `landscape sharpness` writes them. Each minimum's are kept in its run's
  /// folder, as long as its checkpoint is the same, and not measured again.
  func sharpness(_ figure: StudyFile.Figure, _ key: String, _ made: inout Made) throws -> [String] {
    let files = checkpoints(figure, key)
    guard !files.isEmpty else { return [] }
    let arguments = try SharpnessArguments.parse(["--effort", figure.effort])
    let all = try NamedModels(files, arguments: dataArguments(key), terminal: file.terminal)
    func study(_ named: NamedModels, _ store: String) -> SharpnessStudy {
      SharpnessStudy(
        named: named, dataset: all.dataset, arguments: arguments, prefix: stem(key, "minima"), store: store,
        terminal: file.terminal.withoutNotes, interrupts: interrupts)
    }
    let groups = try all.groups.map { group in
      let measured = try group.models.flatMap { model in
        let one = NamedModels(groups: [.init(name: group.name, models: [model])])
        let folder = URL(fileURLWithPath: model.path).deletingLastPathComponent().relativePath
        return try study(one, "\(folder)/sharpness.json").measure(resuming: true)
      }
      return MeasuredGroup(name: group.name, reports: measured.flatMap(\.reports))
    }
    let whole = study(all, "")
    let evidence = try whole.evidence(groups, correlate: false)
    made.evidence[key] = evidence
    let words = SharpnessWords(evidence: evidence, settings: try arguments.settings())
    let written = try whole.write(groups, words: words, formats: file.formats, page: file.page)
    return written.filter { path in file.formats.contains { path.hasSuffix(".\($0.rawValue)") } }
  }
}
