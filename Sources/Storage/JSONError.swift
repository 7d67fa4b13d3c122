/// What can be wrong with a JSON text. Positions count bytes from its start.
public enum JSONError: BadInput, Equatable {
  case unfinished
  case expected(String, at: Int)
  case notUTF8(at: Int)
  case controlCharacter(at: Int)
  case badEscape(at: Int)
  case badNumber(at: Int)
  case numberTooLarge(at: Int)
  case tooDeep(at: Int)
  case duplicateKey(String)

  public var message: String {
    switch self {
    case .unfinished: "the JSON text ends too early"
    case .expected(let what, let position): "JSON, byte \(position): expected \(what)"
    case .notUTF8(let position): "JSON, byte \(position): a string is not valid UTF-8"
    case .controlCharacter(let position): "JSON, byte \(position): an unescaped control character in a string"
    case .badEscape(let position): "JSON, byte \(position): an escape that means no character"
    case .badNumber(let position): "JSON, byte \(position): not a number"
    case .numberTooLarge(let position): "JSON, byte \(position): the number is too large"
    case .tooDeep(let position): "JSON, byte \(position): nested more than \(JSONValue.greatestDepth) deep"
    case .duplicateKey(let key): "JSON: the key \(key.shortened) stands twice"
    }
  }
}

extension String {
  /// Quoted for an error message: control characters escaped, and cut after 60 characters.
  package var shortened: String {
    let head = prefix(60)
    return JSONValue.string(String(head)).text + (head.endIndex == endIndex ? "" : "…")
  }
}
