import Figures
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Storage
import Training

/// Figures, tables and notebook of a study.
struct StudyWriter {
  let study: Study
  let models: [(name: String, model: LoadedModel)]
  let folder: String
  let formats: [FigureFormat]
  let page: PageOptions
  let volumePoints: Int

  func write() throws {
    try surfaces(["--dims", "1", "--range", "2", "--points", "101"])
    try surfaces(["--dims", "2", "--range", "1", "--points", "51"])
    try surfaces(["--dims", "3", "--range", "1", "--points", "\(volumePoints)"])
    try curves()
    try table()
    try notebook()
  }

  private func surfaces(_ options: [String]) throws {
    let arguments = try SurfaceArguments.parse(options + ["--seed", "\(study.seed)"])
    let comparison = Comparison(
      models: models, dataset: study.dataset, arguments: arguments, sharpness: false,
      prefix: "\(study.runs)/partial")
    let started = Date()
    let result = try comparison.run(terminal: study.terminal, interrupts: study.interrupts)
    let computed = Date().timeIntervalSince(started)
    let dims = arguments.dims
    for named in result.surfaces {
      try named.surface.write(to: surfacePath(named.name, dims))
    }
    // Iso-surfaces of minima of different depth are compared by their rise: shared levels would miss the shallow ones.
    var provenance = result.provenance
    if dims == 3 { provenance.extend("Command", with: " --rise") }
    provenance.extend("Command", with: page.canonical)
    var pictures = Pictures(surfaces: result.surfaces, formats: formats, provenance: provenance, rise: dims == 3)
    pictures.look = try page.look()
    let written = try pictures.write(prefix: "\(folder)/landscape")
    study.terminal.note(
      "\(result.surfaces.count) surfaces in \(dims)D in \(Terminal.duration(computed)); wrote "
        + written.joined(separator: ", "))
  }

  private func surfacePath(_ name: String, _ dims: Int) -> String {
    "\(study.runs)/\(Comparison.Result.fileName(name))-\(dims)d.safetensors"
  }

  // MARK: - Training curves

  private func curves() throws {
    let logs = try (["pretraining"] + study.preset.objectives.map(\.objective.rawValue)).map { name in
      (name, try TrainingLog(path: study.folder(name).log))
    }
    guard let pretraining = logs.first?.1 else { return }
    let shift = Double(study.preset.pretraining)
    let metric = "ndcg@20"
    var losses: [Curve] = []
    var metrics: [Curve] = []
    for (index, (_, log)) in logs.dropFirst().enumerated() {
      let name = models[index].name
      let before = index == 0 ? pretraining : nil
      losses.append(try TrainingLog.curve(name, before?.losses ?? [], log.losses, shift))
      metrics.append(try TrainingLog.curve(name, before?.values(metric) ?? [], log.values(metric), shift))
    }
    let panels = [
      LineFigure.Panel(
        title: "Training objective", curves: losses, xLabel: "epoch", yLabel: "mean over the epoch, each its own",
        yScale: .log),
      LineFigure.Panel(title: "Ranking on held-out items", curves: metrics, xLabel: "epoch", yLabel: "NDCG@20"),
    ]
    var provenance = Provenance(title: "Training curves on \(study.dataset.name)")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", study.command + page.canonical)
    let look = try page.look()
    for format in formats {
      let bytes = try look.render(LineFigure(panels: panels), format: format, provenance: provenance)
      try AtomicFile.write(bytes, to: "\(folder)/training-curves.\(format.rawValue)")
    }
  }

  // MARK: - Table

  private func table() throws {
    let arguments = try SurfaceArguments.parse(["--dims", "1", "--seed", "\(study.seed)"])
    let rows = try models.map { name, model in
      let run = try SurfaceRun(model, dataset: study.dataset, arguments: arguments)
      let sharpness = try run.sharpness(study.interrupts)
      let ranking = study.dataset.metrics(of: model, on: "test", cutoffs: [10, 20])
      return StudyTable.Row(
        name: name, ranking: ranking, loss: run.loss.value(at: model.parameters), sharpness: sharpness)
    }
    let table = StudyTable(dataset: study.dataset.name, rows: rows)
    for (ending, text) in [("csv", table.csv), ("md", table.markdown), ("tex", table.latex)] {
      try AtomicFile.write(Data(text.utf8), to: "\(folder)/table.\(ending)")
    }
    study.terminal.result(table.markdown)
  }

  // MARK: - Notebook

  /// Of what this study has written and of nothing else, whatever lies beside it.
  private func notebook() throws {
    let path = "\(folder)/report.ipynb"
    let runs = (["pretraining"] + study.preset.objectives.map(\.objective.rawValue)).map { study.folder($0).path }
    let surfaces = (1...3).flatMap { dims in models.map { surfacePath($0.name, dims) } }
    let inputs = try ReportInputs(runs + surfaces + ["\(folder)/table.csv"], isSearching: false)
    let builder = ReportBuilder(inputs, title: nil)
    let notebook = try ReportNotebook(builder, contents: builder.contents(), path: path).notebook()
    try AtomicFile.write(notebook.data, to: path)
  }
}

/// The lines of a run's log.
struct TrainingLog {
  let entries: [[String: JSONValue]]

  init(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    entries = try text.split(separator: "\n").compactMap { try JSONValue(parsing: String($0)).object }
  }

  var losses: [(x: Double, y: Double)] {
    entries.compactMap { entry in
      guard let epoch = entry["epoch"]?.double, let loss = entry["loss"]?.double else { return nil }
      return (epoch, loss)
    }
  }

  /// Values of a metric on validation or, without, on test.
  func values(_ metric: String) -> [(x: Double, y: Double)] { values(metric) { $0["validation"] ?? $0["test"] } }

  /// Values of a metric on validation data only.
  func validation(_ metric: String) -> [(x: Double, y: Double)] { values(metric) { $0["validation"] } }

  private func values(
    _ metric: String, of split: ([String: JSONValue]) -> JSONValue?
  ) -> [(x: Double, y: Double)] {
    entries.compactMap { entry in
      let metrics = split(entry)?.object
      guard let epoch = entry["epoch"]?.double, let value = metrics?[metric]?.double else { return nil }
      return (epoch, value)
    }
  }

  /// One curve of the epochs before and, shifted, after.
  static func curve(
    _ name: String, _ before: [(x: Double, y: Double)], _ after: [(x: Double, y: Double)], _ shift: Double
  ) throws -> Curve {
    try Curve(name: name, x: before.map(\.x) + after.map { $0.x + shift }, y: before.map(\.y) + after.map(\.y))
  }
}
