import Foundation
import Landscape

/// What runs, surfaces and minima are called in a report: one model has one name everywhere.
struct ReportNames {
  /// By SHA-256 of the checkpoint.
  private var byHash: [String: String] = [:]
  /// In the order of the runs.
  private(set) var runs: [String] = []

  init(_ inputs: [ReportInputs.Run]) {
    let displayed = inputs.map { Self.display($0.metadata, else: $0.folder) }
    for (index, run) in inputs.enumerated() {
      let equals = displayed.indices.filter { displayed[$0] == displayed[index] }
      // Of several runs of one objective, the one in the folder of that name keeps it.
      let isNamesake = run.folder == run.metadata["landscape.objective"]
      let namesakes = equals.filter { inputs[$0].folder == inputs[$0].metadata["landscape.objective"] }
      var name = equals.count == 1 || (isNamesake && namesakes.count == 1) ? displayed[index] : run.folder
      if runs.contains(name) { name = Self.parent(run.path) + "/" + run.folder }
      runs.append(runs.contains(name) ? "\(name) (\(index + 1))" : name)
      if let hash = run.hash { byHash[hash] = runs[index] }
    }
  }

  private static func parent(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
  }

  /// The usual spelling of model and objective, from a file's metadata.
  static func display(_ metadata: [String: String], else other: String) -> String {
    guard let objective = metadata["landscape.objective"], objective != "unknown" else { return other }
    return LoadedModel.spelling(ofObjective: objective, on: metadata["landscape.backbone"])
  }

  func name(ofCheckpoint hash: String?) -> String? { hash.flatMap { byHash[$0] } }

  /// Names of surfaces in one figure: of their runs, their objectives or their files, whichever first tells them apart.
  func names(of surfaces: [(path: String, surface: Surface)]) -> [String] {
    let stems = surfaces.map { Self.stem($0.path) }
    let preferred = zip(surfaces, stems).map { found, stem in
      let metadata = found.surface.metadata
      return name(ofCheckpoint: metadata["landscape.checkpoint"])
        ?? Self.display(metadata, else: stem)
    }
    let mixed = preferred.indices.map { index in
      preferred.filter { $0 == preferred[index] }.count == 1 ? preferred[index] : stems[index]
    }
    return mixed.enumerated().map { index, name in
      mixed.firstIndex(of: name) == index ? name : "\(name) (\(index + 1))"
    }
  }

  /// "bpr" of "bpr-2d.safetensors".
  private static func stem(_ path: String) -> String {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    return name.replacingOccurrences(of: "-[123]d$", with: "", options: .regularExpression)
  }

  /// The order of objectives in studies; unknown ones after them.
  static func rank(_ objective: String?) -> Int {
    let known = StudyPreset.standard.objectives.map(\.objective.rawValue)
    return objective.flatMap { known.firstIndex(of: $0) } ?? known.count
  }
}
