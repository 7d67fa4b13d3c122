import Foundation

extension FileError {
  public var message: String {
    switch self {
    case .missing(let path): "\(path): no such file; check the path"
    case .isDirectory(let path): "\(path): is a folder; name a file"
    case .notRegular(let path): "\(path): is not a regular file; copy its contents into one"
    case .noPermission(let path): "\(path): permission denied; change its permissions or choose another path"
    case .noFolder(let path): "\(path): its folder does not exist; create it or choose another path"
    case .diskFull(let path): "\(path): no space left; free some or choose another disk"
    case .readFailed(let path, let reason): "\(path): cannot be read: \(reason)"
    case .writeFailed(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }

  /// The error of a failed system call that was to read `path`.
  static func reading(_ path: String, errno code: Int32) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: .missing(path: path)
    case EISDIR: .isDirectory(path: path)
    case EACCES, EPERM: .noPermission(path: path)
    default: .readFailed(path: path, reason: String(cString: strerror(code)))
    }
  }

  /// The error of a failed system call that was to write `path`.
  static func writing(_ path: String, errno code: Int32) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: .noFolder(path: path)
    case EISDIR: .isDirectory(path: path)
    case EACCES, EPERM, EROFS: .noPermission(path: path)
    case ENOSPC, EDQUOT: .diskFull(path: path)
    default: .writeFailed(path: path, reason: String(cString: strerror(code)))
    }
  }
}
