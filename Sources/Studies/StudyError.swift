import Storage

/// What is wrong with a study's file.
public enum StudyError: BadInput, Equatable {
  case missing(path: String)
  case syntax(path: String, line: Int, problem: String)
  case wrong(path: String, line: Int, what: String, wanted: String)
  case unknownKey(path: String, line: Int, key: String, known: [String])
  case unknownName(path: String, line: Int, what: String, name: String, known: [String])
  case circle(path: String, line: Int, method: String)
  case repeated(path: String, line: Int, what: String, name: String)

  public var message: String {
    switch self {
    case .missing(let path): "\(path): there is no such file of text; a study is a YAML file (Docs/studies.md)"
    case .syntax(let path, let line, let problem): "\(path):\(line): is no YAML: \(problem)"
    case .wrong(let path, let line, let what, let wanted): "\(path):\(line): \(what) must be \(wanted)"
    case .unknownKey(let path, let line, let key, let known):
      "\(path):\(line): there is no '\(key)' here: use \(known.joined(separator: ", "))"
    case .unknownName(let path, let line, let what, let name, let known):
      "\(path):\(line): there is no \(what) '\(name)' in this file"
        + (known.isEmpty ? "" : ": it has \(known.joined(separator: ", "))")
    case .circle(let path, let line, let method): "\(path):\(line): '\(method)' starts, in the end, from itself"
    case .repeated(let path, let line, let what, let name):
      "\(path):\(line): \(what) '\(name)' is here twice, or gives the same folder name as another"
    }
  }
}
