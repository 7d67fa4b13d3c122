import Storage

extension CheckpointError {
  public var message: String {
    switch self {
    case .unknownBackbone(let path, let backbone):
      "\(path): its backbone \(backbone.shortened) is not known here; known are "
        + Backbones.names.sorted().joined(separator: ", ") + "; choose one with --backbone"
    case .unknownTensor(let path, let tensor, let backbone):
      "\(path): tensor \(tensor.shortened) is no part of the backbone \(backbone); "
        + "rename it, or leave it out with --ignore-tensor \(tensor.shortened)"
    case .ambiguousTensors(let path, let first, let second, let canonical):
      "\(path): tensors \(first.shortened) and \(second.shortened) both mean \(canonical); "
        + "leave one out with --ignore-tensor"
    case .missingTable(let path, let table, let found):
      "\(path): has no tensor \(table) or any other known name for it; "
        + (found.isEmpty ? "it is empty" : "it has \(Self.list(found)): rename, or export with Docs/export_pytorch.py")
    case .notTwoDimensional(let path, let tensor, let shape):
      "\(path): tensor \(tensor.shortened) has the shape \(shape); an embedding table has two dimensions, (rows, width)"
    case .emptyTable(let path, let tensor, let shape):
      "\(path): tensor \(tensor.shortened) of shape \(shape) holds nothing"
    case .widthsDiffer(let path, let users, let items):
      "\(path): the user table \(users) and the item table \(items) must have the same width (second dimension)"
    default: metadataMessage
    }
  }

  private var metadataMessage: String {
    switch self {
    case .newerFormat(let path, let found):
      "\(path): has the checkpoint format \(found), but this program reads up to \(Checkpoint.Metadata.currentFormat); "
        + "use a newer landscape"
    case .missingMetadata(let path, let key): "\(path): its metadata lack \(key); write it again"
    case .malformedMetadata(let path, let key, let reason): "\(path): its metadata \(key) are damaged: \(reason)"
    case .wrongRows(let path, let table, let found, let expected):
      Self.place(path) + "the \(table) table has \(found) rows but the data set has \(expected) \(table)s; "
        + Self.advice(found: found, expected: expected)
    case .layoutDiffers(let path, let tensor, let expected, let found):
      Self.place(path) + "tensor \(tensor.shortened) "
        + (found.map { "of shape \($0)" } ?? "is missing")
        + (expected.map { ", where the model has the shape \($0)" } ?? " is no part of the model")
    default: ""
    }
  }

  private static func place(_ path: String?) -> String { path.map { "\($0): " } ?? "" }

  private static func advice(found: Int, expected: Int) -> String {
    found == expected + 1
      ? "one row more is often RecBole's padding row: export with Docs/export_pytorch.py"
      : "it belongs to other data: name the right data set with --dataset"
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(6).map(\.shortened).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
  }
}
