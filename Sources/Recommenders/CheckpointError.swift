import Storage

/// What can be wrong with a checkpoint that is a valid safetensors file.
public enum CheckpointError: BadInput, Equatable {
  case unknownBackbone(path: String, backbone: String)
  case unknownTensor(path: String, tensor: String, backbone: String)
  case ambiguousTensors(path: String, first: String, second: String, as: String)
  case missingTable(path: String, table: String, found: [String])
  case notTwoDimensional(path: String, tensor: String, shape: [Int])
  case emptyTable(path: String, tensor: String, shape: [Int])
  case widthsDiffer(path: String, users: [Int], items: [Int])

  case newerFormat(path: String, found: Int)
  case missingMetadata(path: String, key: String)
  case malformedMetadata(path: String, key: String, reason: String)

  /// `table` is user or item.
  case wrongRows(path: String?, table: String, found: Int, expected: Int)
  /// A tensor that a model has in another shape; nil: not at all.
  case layoutDiffers(path: String?, tensor: String, expected: [Int]?, found: [Int]?)
}
