import Evaluation
import Figures
import Foundation
import LinearAlgebra
import Storage
import Studies
import Training

/// The figures that a study's file asks for; surfaces are computed once and kept beside the runs.
struct StudyFigures {
  let file: FileStudy
  let results: StudyResults
  let interrupts: Interrupts

  var study: StudyFile { file.study }
  var plan: StudyPlan { file.plan }

  /// What was drawn, and what it was drawn from.
  struct Made {
    var pictures: [String] = []
    /// Surface files.
    var surfaces: [String] = []
    /// By groups of items, by the key of the data.
    var rankings: [String: RankingStudy] = [:]
    /// Of sharpness, by the key of the data.
    var evidence: [String: SharpnessEvidence] = [:]
  }

  /// Writes all of them.
  func write() throws -> Made {
    var made = Made()
    for figure in study.figures {
      for key in figure.data {
        guard plan.runs.contains(where: { $0.data == key }) else { continue }
        try interrupts.check()
        switch figure.kind {
        case .landscape where figure.directions > 1: made.pictures += try bands(figure, key)
        case .landscape:
          let (pictures, surfaces) = try landscape(figure, key)
          made.pictures += pictures
          made.surfaces += surfaces
        case .curves: made.pictures += try curves(figure, key)
        case .boxes: made.pictures += try boxes(figure, key)
        case .groups: made.pictures += try groups(figure, key, &made)
        case .sharpness: made.pictures += try sharpness(figure, key, &made)
        }
      }
    }
    made.pictures += try study.sweeps.flatMap(sweep)
    return made
  }

  func stem(_ key: String, _ what: String) -> String { "\(file.output)/\(StudyPlan.folderName(key))-\(what)" }

  /// The runs of the first seed under which all methods of a figure succeeded; of each one's first, where there is none.
  func firstRuns(_ figure: StudyFile.Figure, _ key: String) -> [(name: String, run: StudyPlan.Run)] {
    let found = figure.methods.map { name in
      (name: name, runs: plan.runs(of: name, on: key).filter { results.metrics[$0.folder] != nil })
    }.filter { !$0.runs.isEmpty }
    let seed = found.first?.runs.map(\.seed).first { seed in found.allSatisfy { $0.runs.contains { $0.seed == seed } } }
    return found.compactMap { name, runs in (runs.first { $0.seed == seed } ?? runs.first).map { (name, $0) } }
  }

  func save(_ figure: some Figure, _ stem: String, _ title: String) throws -> [String] {
    var provenance = Provenance(title: title)
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", file.command)
    let look = try file.page.look()
    return try file.formats.map { format in
      let path = "\(stem).\(format.rawValue)"
      try AtomicFile.write(try look.render(figure, format: format, provenance: provenance), to: path)
      return path
    }
  }

  // MARK: - Metrics

  /// The last metric of the table by epoch; a method that starts from another begins where that one ends.
  private func curves(_ figure: StudyFile.Figure, _ key: String) throws -> [String] {
    let metric = study.table.metrics.last ?? "ndcg@20"
    var starts: Set<Double> = []
    let curves = try firstRuns(figure, key).map { name, run in
      let log = try TrainingLog(path: self.log(run.folder))
      let before = try run.start.map { try TrainingLog(path: self.log($0)) }
      let shift = before?.losses.last?.x ?? 0
      starts.insert(shift)
      return try TrainingLog.curve(name, before?.values(metric) ?? [], log.values(metric), shift)
    }
    guard curves.contains(where: { !$0.x.isEmpty }) else { return [] }
    let panel = LineFigure.Panel(
      curves: curves, xLabel: "epoch", yLabel: "\(MethodTable.spelling(metric)), held-out",
      marks: starts.subtracting([0]).sorted().map { LineFigure.Mark(x: $0) })
    return try save(
      LineFigure(panels: [panel], zoom: Self.ownWays(curves, from: starts)), stem(key, "curves"),
      "Training curves, \(key)")
  }

  /// Where all go their own ways from the same epoch on, that stretch, which an inset enlarges; nil where it is more than
  /// two fifths of the axis.
  private static func ownWays(_ curves: [Curve], from starts: Set<Double>) -> ClosedRange<Double>? {
    guard starts.count == 1, let start = starts.first, start > 0, let first = curves.compactMap(\.x.first).min(),
      let last = curves.compactMap(\.x.last).max(), last > start, last - start <= 0.4 * (last - first)
    else { return nil }
    return start...last
  }

  private func log(_ folder: String) -> String { RunFolder(path: "\(results.folder)/\(folder)").log }

  private func boxes(_ figure: StudyFile.Figure, _ key: String) throws -> [String] {
    let panels = study.table.metrics.map { metric in
      let bars = figure.methods.map { name in
        BarFigure.Bar(name: name, runs: plan.runs(of: name, on: key).compactMap { results.metrics[$0.folder]?[metric] })
      }
      let label = MethodTable.spelling(metric)
      return BarFigure.Panel(title: label, bars: bars, yLabel: "\(label) on test", style: .boxes)
    }
    return try save(
      BarFigure(panels: panels, note: BarFigure.boxNote), stem(key, "boxes"), "Ranking over seeds, \(key)")
  }

  /// The checkpoints of the methods of a figure, all seeds.
  func checkpoints(_ figure: StudyFile.Figure, _ key: String) -> [NamedFiles.Group] {
    figure.methods.map { name in
      let runs = plan.runs(of: name, on: key).filter { results.metrics[$0.folder] != nil }
      return NamedFiles.Group(name: name, paths: runs.map(results.checkpoint))
    }.filter { !$0.paths.isEmpty }
  }

  /// Where the checkpoints of a data set find it.
  func dataArguments(_ key: String) throws -> ModelArguments {
    try plan.runs.first { $0.data == key }.map(StudyResults.arguments) ?? ModelArguments.parse([])
  }

  /// Recall and NDCG by groups of items, with a table.
  private func groups(_ figure: StudyFile.Figure, _ key: String, _ made: inout Made) throws -> [String] {
    let methods = checkpoints(figure, key)
    guard !methods.isEmpty, let items = ItemGroup.between(figure.degrees) else { return [] }
    let ranking = try RankingStudy(
      methods, by: items, on: "test", cutoffs: results.cutoffs, arguments: dataArguments(key),
      terminal: file.terminal)
    made.rankings[key] = ranking
    return try ranking?.write(prefix: stem(key, "groups"), formats: file.formats, look: file.page.look()) ?? []
  }

  /// For each data set one panel for each metric, one marker for each value of the option, joined in their order.
  private func sweep(_ sweep: StudyFile.Sweep) throws -> [String] {
    let keys = sweep.data.filter { key in plan.runs.contains { $0.data == key && $0.sweep == sweep.name } }
    return try keys.flatMap { key in
      let panels = study.table.metrics.map { metric in
        let groups = results.sweep(sweep, on: key, metric: metric).map { point in
          BarFigure.Group(name: point.value == "inf" ? "∞" : point.value, bars: [Self.marker(sweep.method, point.runs)])
        }
        let label = MethodTable.spelling(metric)
        return BarFigure.Panel(
          title: "\(sweep.method): \(label)", groups: groups, xLabel: Self.symbol(sweep.option),
          yLabel: "\(label) on test",
          style: .lines)
      }
      return try save(
        BarFigure(panels: panels, naming: .groups), stem(key, StudyPlan.folderName(sweep.name)),
        "\(sweep.title), \(key)")
    }
  }

  /// How the field writes an option of `landscape train`.
  private static func symbol(_ option: String) -> String {
    let symbols = ["alpha": "$α$", "lambda": "$λ$", "rho": "$ρ$", "mu": "$μ$", "l2": "$λ_2$", "window": "$E$"]
    return symbols[option] ?? option
  }

  /// The mean and the runs, or the one run.
  private static func marker(_ name: String, _ runs: [Double]) -> BarFigure.Bar {
    runs.count == 1
      ? BarFigure.Bar(name: name, value: runs[0], low: .nan, high: .nan) : BarFigure.Bar(name: name, runs: runs)
  }
}
