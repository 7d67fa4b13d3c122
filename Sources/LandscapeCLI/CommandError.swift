import Storage

/// What is wrong with how a command was asked, where only the commands can tell; the wording is in the extension below.
enum CommandError: BadInput, Equatable {
  case datasetNeeded(checkpoint: String)
  case fingerprintDiffers(checkpoint: String, dataset: String, recorded: String, found: String)
  case otherBackbone(path: String, found: String, asked: String)
  case differentData(path: String, other: String)
  case dimensionDiffers(path: String, found: Int, asked: Int)
  case nothingHeldOut(dataset: String, split: String)
  case recordedDataMissing(checkpoint: String, reason: String)
  case notACheckpoint(path: String, kind: String)
  case tooFewPoints(String)
  case unwritable(path: String)
  case sameCheckpoint(path: String, group: String)
  case damagedState(path: String)
  case nothingToReport(path: String)
  case noThreeLibrary(places: [String])
  case instructionSet(String, available: [String])
  case noEpochs(path: String)
  case notASurface(path: String)
  case recordedSurfaces(path: String)
  case notDrawable(path: String)
  case differentAxes(path: String, axes: String, other: String, otherAxes: String)
  case styleDoesNotFit(String, dimensions: Int, fitting: [String])
}

extension CommandError {
  var message: String {
    switch self {
    case .datasetNeeded(let checkpoint):
      "\(checkpoint): does not say what it was trained on; name the data with --dataset NAME or --dataset PATH"
    case .fingerprintDiffers(let checkpoint, let dataset, let recorded, let found):
      "\(checkpoint): was trained on other data than \(dataset): fingerprint \(recorded.prefix(12))… against "
        + "\(found.prefix(12))…; give the right --dataset and split, or --allow-other-data"
    case .otherBackbone(let path, let found, let asked):
      "\(path): its backbone is \(found), not \(asked): say --backbone \(found)"
    case .differentData(let path, let other):
      "\(path): was trained on other data than \(other); checkpoints that are compared need the same data and split "
        + "(or --allow-other-data)"
    case .dimensionDiffers(let path, let found, let asked):
      "\(path): has embeddings of width \(found), --dim says \(asked); leave --dim away when starting --from a checkpoint"
    case .nothingHeldOut(let dataset, let split):
      "the data set \(dataset) has no \(split) interactions; split it, with "
        + (split == "validation" ? "--validation 0.1" : "--split 8:2")
    case .recordedDataMissing(let checkpoint, let reason):
      "\(checkpoint): was trained on a \(reason); or say where it is with --dataset PATH"
    case .notACheckpoint(let path, let kind): "\(path): is a \(kind), not a checkpoint"
    case .unwritable(let path): "\(path): cannot be written to; choose another place with --output"
    case .sameCheckpoint(let path, let group):
      "\(path): stands in \(group) twice (the same bytes); the checkpoints of a group are different seeds of training"
    case .damagedState(let path):
      "\(path): is no sharpness file of this program; remove it, or leave out --resume"
    case .nothingToReport(let path):
      "\(path): holds nothing to report; give run folders, surface files, -sharpness.json files or tables (.csv)"
    case .noThreeLibrary(let places):
      "three.js is not installed (Debian: apt-get install libjs-three; looked for \(places.joined(separator: ", "))); or "
        + "--renderer webgl"
    case .instructionSet(let name, let available):
      "LANDSCAPE_ISA=\(name): this machine has \(available.joined(separator: ", ")); unset it for the fastest of them"
    case .noEpochs(let path):
      "\(path): holds no checkpoints of its epochs; train with landscape train --keep-every n, or name checkpoints: "
        + "--trajectory a.bin,b.bin,…"
    case .notASurface(let path):
      "\(path): is a checkpoint, not a surface file; landscape \(path) computes its surface"
    case .recordedSurfaces(let path):
      "\(path): holds the surfaces of a training run; landscape render --movie \(path) makes their film"
    case .notDrawable(let path): "\(path): has an axis of fewer than 2 points, of which no picture can be drawn"
    case .differentAxes(let path, let axes, let other, let otherAxes):
      "\(path): lies on other axes (\(axes)) than \(other) (\(otherAxes)); draw them one by one, or compute them with "
        + "the same --range and --points"
    case .styleDoesNotFit(let style, let dimensions, let fitting):
      "--style \(style): cannot draw a \(dimensions)D surface; use \(fitting.joined(separator: ", "))"
    case .tooFewPoints(let text):
      "--points \(text): a picture needs at least 2 points on every axis; give more, or --format none"
    }
  }
}
