import Storage

/// What can be wrong with what a landscape is asked for, as facts; the wording is in the extension below.
public enum LandscapeError: BadInput, Equatable {
  case missingDirection(path: String, tensor: String)
  case directionShape(path: String, tensor: String, expected: [Int], found: [Int])
  case badAxis(option: String, text: String)
  case tooManyPoints(String, most: Int)
  case noTriplets(split: String)
  case noSplit(split: String, dataset: String)
  case noEigenvectors(wanted: Int)
  case trajectoryTooShort(checkpoints: Int, directions: Int)
  case trajectoryTooFlat(spans: Int, directions: Int)
  case trajectoryNotFinite
  case noLine
  case notASurface(path: String, reason: String)
  case notSurfaces(path: String, reason: String)
  case exportNeedsPlane(dimensions: Int)
  case exportNeedsEvenAxes(axis: Int)
}

extension LandscapeError {
  public var message: String {
    switch self {
    case .missingDirection(let path, let tensor):
      "\(path): holds no tensor \(tensor); a directions file has direction1/<tensor>, direction2/<tensor>, … with the "
        + "checkpoint's tensor names"
    case .directionShape(let path, let tensor, let expected, let found):
      "\(path): \(tensor) has shape \(found), the checkpoint's is \(expected)"
    case .badAxis(let option, let text):
      "\(option) \(text) cannot be understood: --range 1, --range=-2:2 or --range=-2:2,-1:1; --points 51 or 51x31"
    case .tooManyPoints(let text, let most): "--points \(text): more than \(most) points in all; choose fewer"
    case .noTriplets(let split): "no triplet can be formed from the \(split) interactions: every user knows every item"
    case .noSplit(let split, let dataset): "the data set \(dataset) has no \(split) interactions; use --loss train"
    case .noEigenvectors(let wanted):
      "no \(wanted) eigenvectors of the Hessian can be found: it is not finite or has fewer dimensions; "
        + "use --directions filter"
    case .trajectoryTooShort(let checkpoints, let directions):
      "--trajectory: \(checkpoints) of its checkpoints differ from the one looked at, too few for --dims \(directions); "
        + "keep more of them with landscape train --keep-every, or ask for fewer directions"
    case .trajectoryTooFlat(let spans, let directions):
      "--trajectory: its checkpoints span \(spans) of the \(directions) directions of --dims \(directions); ask for fewer"
    case .trajectoryNotFinite: "--trajectory: holds values that are not finite"
    case .noLine: "--to: no line leads there: the two checkpoints are the same, or not finite"
    case .notASurface(let path, let reason): "\(path): is no surface file: \(reason)"
    case .notSurfaces(let path, let reason): "\(path): is no file of recorded surfaces: \(reason)"
    case .exportNeedsPlane(let dimensions):
      "--export vtp: holds the height mesh of a 2D surface, and this one is \(dimensions)D; use vti"
    case .exportNeedsEvenAxes(let axis):
      "--export vti: holds evenly spaced grids, and axis \(axis) is not one; use csv, npz or json"
    }
  }
}
