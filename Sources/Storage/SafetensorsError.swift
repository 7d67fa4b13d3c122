/// What can be wrong with a safetensors file.
public enum SafetensorsError: BadInput, Equatable {
  // The file as a whole.
  case tooShort(path: String, bytes: Int)
  case pickle(path: String)
  case zip(path: String)
  case notSafetensors(path: String)
  case headerBeyondFile(path: String, length: UInt64, available: Int)
  case headerTooLong(path: String, length: UInt64)
  case headerNotJSON(path: String, reason: String)

  // One entry of the header.
  case duplicateTensor(path: String, tensor: String)
  case missingField(path: String, tensor: String, field: String)
  case unknownField(path: String, tensor: String, field: String)
  case unknownElementType(path: String, tensor: String, type: String)
  case tooManyDimensions(path: String, tensor: String)
  case shapeOverflow(path: String, tensor: String)
  case badOffsets(path: String, tensor: String)
  case sizeMismatch(path: String, tensor: String, expected: Int, found: Int)

  // Entries that do not fit together.
  case beyondData(path: String, tensor: String, end: Int, available: Int)
  case overlap(path: String, tensor: String)
  case gap(path: String, tensor: String)
  case trailingBytes(path: String, count: Int)

  // Requests.
  case noTensor(path: String, tensor: String)
  case wrongElementType(path: String, tensor: String, found: ElementType, wanted: String)
  case integerTooLarge(path: String, tensor: String)
}
