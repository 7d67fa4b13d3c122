/// What can go wrong with a file as such, whatever stands in it.
public enum FileError: BadInput, Equatable {
  case missing(path: String)
  case isDirectory(path: String)
  case notRegular(path: String)
  case noPermission(path: String)
  case noFolder(path: String)
  case diskFull(path: String)
  case readFailed(path: String, reason: String)
  case writeFailed(path: String, reason: String)
}
