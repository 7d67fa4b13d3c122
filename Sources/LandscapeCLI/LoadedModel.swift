import ArgumentParser
import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import Training

/// Which checkpoint is looked at and on which data.
struct ModelArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Data set: a name, a path or synthetic (default: the checkpoint's).", valueName: "name"))
  var dataset: String?

  @Flag(help: "Accept data whose train split differs from the one the checkpoint was trained on.")
  var allowOtherData = false

  @Option(help: ArgumentHelp("Model of a file that does not say (default: mf).", valueName: "name"))
  var backbone: String?

  @Option(help: ArgumentHelp("Layers of a graph model whose file does not say (default: 3).", valueName: "K"))
  var layers: Int?

  @Option(
    name: .customLong("ignore-tensor"),
    help: ArgumentHelp("Leave out a tensor that is not part of the model (repeatable).", valueName: "name"))
  var ignoredTensors: [String] = []

  @OptionGroup(title: "Data") var data: DatasetArguments
}

extension ModelArguments {
  /// The data as a training was told to find them: a checkpoint has only their name, which says nothing of a path.
  init(dataset: String, data: DatasetArguments) throws {
    self = try Self.parse([])
    (self.dataset, self.data) = (dataset, data)
  }
}

/// A checkpoint with the model it belongs to and the data that the model was trained on.
struct LoadedModel {
  let path: String
  let checkpoint: Checkpoint
  let dataset: Dataset
  let model: any Backbone
  let parameters: ParameterVector

  /// - Parameter first: a model whose data this one must have been trained on too.
  init(path: String, arguments: ModelArguments, terminal: Terminal, sharingDataOf first: LoadedModel? = nil) throws {
    self.path = path
    try Self.refuseOtherKinds(path)
    checkpoint = try Checkpoint.read(
      path: path, backbone: arguments.backbone, ignoring: Set(arguments.ignoredTensors))
    for note in checkpoint.origin?.notes ?? [] { terminal.note("note: \(path): \(note)") }
    if let first {
      dataset = first.dataset
      try Self.require(checkpoint, fits: first, arguments)
    } else {
      dataset = try Self.dataset(of: checkpoint, path, arguments)
    }
    let backbone = arguments.backbone ?? checkpoint.metadata?.backbone ?? Checkpoint.defaultBackbone
    if let first, first.makesModel(of: checkpoint, backbone) {
      model = first.model
    } else {
      model = try checkpoint.model(Backbones.named(backbone), train: dataset.train, layers: arguments.layers)
    }
    parameters = try checkpoint.parameters(for: model.layout)
    if !parameters.storage.norm.isFinite { terminal.note("note: \(path): holds values that are not finite") }
  }

  /// Files of ours that are no checkpoints are named for what they are.
  private static func refuseOtherKinds(_ path: String) throws {
    let metadata = try SafetensorsFile(path: path).metadata
    if metadata["landscape.kind"] == "surface" { throw CommandError.notACheckpoint(path: path, kind: "surface file") }
    if metadata["landscape.kind"] == "surfaces" {
      throw CommandError.notACheckpoint(path: path, kind: "file of recorded surfaces")
    }
    if metadata["landscape.state"] != nil {
      throw CommandError.notACheckpoint(path: path, kind: "state file of a training run")
    }
  }

  /// SHA-256 of the file.
  var hash: String { checkpoint.origin?.sha256 ?? "" }
  var stem: String { (path as NSString).lastPathComponent.split(separator: ".").first.map(String.init) ?? path }

  /// The name of the folder it lies in.
  var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent }

  /// λ₂ of training, where it was recorded.
  var l2: Double { checkpoint.metadata?.hyperparameters["l2"]?.double ?? 0 }

  /// The method as papers write it: BPR, SharpCF; LightGCN, LightGCN + SAM. The file's name where it was not recorded.
  var displayName: String {
    guard let metadata = checkpoint.metadata, metadata.objective != "unknown" else { return stem }
    return Self.spelling(ofObjective: metadata.objective, on: metadata.backbone)
  }

  /// A graph model with its plain objective is called by its own name.
  static func spelling(ofObjective name: String, on backbone: String?) -> String {
    let backbone = backbone ?? Checkpoint.defaultBackbone
    let objective = ObjectiveKind(rawValue: name)?.title ?? name
    guard backbone != MatrixFactorisation.name, let model = try? Backbones.named(backbone) else { return objective }
    return name == BPRObjective.name ? model.title : "\(model.title) + \(objective)"
  }

  /// Whether another checkpoint's model on the same data is this one: a graph need not be made again.
  private func makesModel(of other: Checkpoint, _ backbone: String) -> Bool {
    let type = type(of: model)
    let options = [checkpoint, other].map { checkpoint in
      type.options.map { checkpoint.metadata?.hyperparameters[$0] }
    }
    return type.name == backbone && options[0] == options[1] && checkpoint.parameters.layout == other.parameters.layout
  }

  private static func require(_ checkpoint: Checkpoint, fits first: LoadedModel, _ arguments: ModelArguments) throws {
    let dataset = first.dataset
    try checkpoint.requireRows(users: dataset.users, items: dataset.items)
    guard let recorded = checkpoint.metadata?.fingerprint, !arguments.allowOtherData else { return }
    guard recorded == dataset.train.fingerprint() else {
      throw CommandError.differentData(path: checkpoint.origin?.path ?? "", other: first.path)
    }
  }

  /// Loads the data that the checkpoint names, or those that were asked for, and makes sure that they fit.
  private static func dataset(of checkpoint: Checkpoint, _ path: String, _ arguments: ModelArguments) throws -> Dataset
  {
    guard let name = arguments.dataset ?? checkpoint.metadata?.dataset else {
      throw CommandError.datasetNeeded(checkpoint: path)
    }
    let recorded = checkpoint.metadata?.split.compactMapValues(\.string) ?? [:]
    let dataset: Dataset
    do {
      dataset = try Dataset.load(name, options: arguments.data.options(recorded: recorded))
    } catch let error as DatasetError where arguments.dataset == nil {
      throw CommandError.recordedDataMissing(checkpoint: path, reason: error.message)
    }
    try checkpoint.requireRows(users: dataset.users, items: dataset.items)
    if let expected = checkpoint.metadata?.fingerprint, !arguments.allowOtherData {
      let found = dataset.train.fingerprint()
      guard found == expected else {
        throw CommandError.fingerprintDiffers(checkpoint: path, dataset: name, recorded: expected, found: found)
      }
    }
    return dataset
  }
}
