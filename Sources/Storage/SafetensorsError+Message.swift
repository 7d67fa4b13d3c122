extension SafetensorsError {
  public var message: String {
    switch self {
    case .tooShort(let path, let bytes):
      "\(path): \(bytes) bytes are no safetensors file; it may be truncated: write or copy it again"
    case .pickle(let path):
      "\(path): is a Python pickle (torch.save, pickle.dump), which only Python can read; convert it with Docs/export_pytorch.py, or with\n"
        + Self.converter(path)
    case .zip(let path):
      "\(path): is a zip file, as torch.save and numpy.savez write, not safetensors; convert it with Docs/export_pytorch.py, or a PyTorch file with\n"
        + Self.converter(path)
    case .notSafetensors(let path):
      "\(path): is not a safetensors file; write it with Python's safetensors or with landscape"
    case .headerBeyondFile(let path, let length, let available):
      "\(path): its header should have \(length) bytes but the file has \(available) left; "
        + "it is truncated or not safetensors"
    case .headerTooLong(let path, let length):
      "\(path): its header has \(length) bytes, more than the 100,000,000 that the format allows"
    case .headerNotJSON(let path, let reason): "\(path): damaged header: \(reason)"
    default: entryMessage
    }
  }

  private var entryMessage: String {
    switch self {
    case .duplicateTensor(let path, let tensor): "\(path): tensor \(tensor.shortened) stands twice in the header"
    case .missingField(let path, let tensor, let field): "\(path): tensor \(tensor.shortened) has no \(field)"
    case .unknownField(let path, let tensor, let field):
      "\(path): tensor \(tensor.shortened) has the unknown field \(field.shortened)"
    case .unknownElementType(let path, let tensor, let type):
      "\(path): tensor \(tensor.shortened) has the element type \(type.shortened), which is not supported; "
        + "convert it to F32"
    case .tooManyDimensions(let path, let tensor):
      "\(path): tensor \(tensor.shortened) has more than \(SafetensorsHeader.greatestRank) dimensions"
    case .shapeOverflow(let path, let tensor): "\(path): tensor \(tensor.shortened) has an impossibly large shape"
    case .badOffsets(let path, let tensor):
      "\(path): tensor \(tensor.shortened) has data_offsets that are not [begin, end] with begin ≤ end"
    case .sizeMismatch(let path, let tensor, let expected, let found):
      "\(path): tensor \(tensor.shortened) has \(found) bytes where its type and shape need \(expected)"
    case .beyondData(let path, let tensor, let end, let available):
      "\(path): tensor \(tensor.shortened) ends at byte \(end) of the data but there are \(available); "
        + "the file is truncated or damaged"
    case .overlap(let path, let tensor): "\(path): tensor \(tensor.shortened) overlaps another one"
    case .gap(let path, let tensor): "\(path): there are unused bytes before tensor \(tensor.shortened)"
    case .trailingBytes(let path, let count): "\(path): \(count) bytes at the end belong to no tensor"
    default: requestMessage
    }
  }

  private var requestMessage: String {
    switch self {
    case .noTensor(let path, let tensor): "\(path): has no tensor \(tensor.shortened)"
    case .wrongElementType(let path, let tensor, let found, let wanted):
      "\(path): tensor \(tensor.shortened) holds \(found.rawValue) where \(wanted) are needed; convert it"
    case .integerTooLarge(let path, let tensor):
      "\(path): tensor \(tensor.shortened) holds a number beyond \(Int.max)"
    default: ""
    }
  }

  /// Three lines of Python that turn a PyTorch state dictionary into a safetensors file.
  static func converter(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let target = (name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name) + ".safetensors"
    func quoted(_ text: String) -> String { JSONValue.string(text).text }
    return """
      import torch; from safetensors.torch import save_file
      state = torch.load(\(quoted(path)), map_location="cpu"); state = state.get("state_dict", state)
      save_file({k: v.clone().contiguous() for k, v in state.items() if hasattr(v, "clone")}, \(quoted(target)))
      """
  }
}
