import Foundation

/// Files that appear whole or not at all.
///
/// The bytes go to a temporary file in the same folder, reach the disk (fsync), and take the final name by one rename;
/// then the folder reaches the disk too. A reader therefore sees the old file or the new one, never a part, and a file
/// that is being read while it is replaced stays readable. Symbolic links are followed; devices and pipes are written
/// directly.
public enum AtomicFile {
  /// Writes `data` to `path`.
  ///
  /// - Throws: ``FileError``.
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { try $0.write(contentsOf: data) }
  }

  /// Writes to `path` whatever `body` writes to the handle it is given; if `body` throws, `path` stays as it was.
  ///
  /// - Throws: ``FileError``, or what `body` throws.
  public static func write(to path: String, _ body: (FileHandle) throws -> Void) throws {
    var information = stat()
    if stat(path, &information) == 0 {
      switch information.st_mode & S_IFMT {
      case S_IFDIR: throw FileError.isDirectory(path: path)
      case S_IFREG: break
      default: return try writeDirectly(to: path, body)
      }
      try replace(resolved(path), mode: information.st_mode & 0o777, reportedAs: path, body)
    } else {
      try replace(path, mode: nil, reportedAs: path, body)
    }
  }

  /// Writes a device or a pipe, which must not be replaced by a file.
  private static func writeDirectly(to path: String, _ body: (FileHandle) throws -> Void) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.writing(path, errno: errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try reportingWrites(of: path) { try body(handle) }
  }

  /// Writes a temporary file and renames it to `target`. `mode`: that of the file replaced, or nil for a new one.
  private static func replace(
    _ target: String, mode: mode_t?, reportedAs path: String, _ body: (FileHandle) throws -> Void
  ) throws {
    let (descriptor, temporary) = try openTemporary(beside: target, reportedAs: path)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do {
      try reportingWrites(of: path) { try body(handle) }
      if let mode { _ = fchmod(descriptor, mode) }
      guard fsync(descriptor) == 0 else { throw FileError.writing(path, errno: errno) }
      guard rename(temporary, target) == 0 else { throw FileError.writing(path, errno: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    synchronise(folder: folder(of: target))
  }

  /// A new empty file in the folder of `target`, with the permissions that any new file gets.
  private static func openTemporary(beside target: String, reportedAs path: String) throws -> (Int32, String) {
    let name = target.split(separator: "/").last.map { String($0.prefix(60)) } ?? ""
    guard !name.isEmpty, !target.hasSuffix("/") else { throw FileError.isDirectory(path: path) }
    for attempt in 0..<10_000 {
      let temporary = "\(folder(of: target))/.\(name).\(getpid()).\(attempt).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary) }
      guard errno == EEXIST else { throw FileError.writing(path, errno: errno) }
    }
    throw FileError.writeFailed(path: path, reason: "its folder is full of temporary files; remove .\(name).*.tmp")
  }

  /// Runs `body`, and words a failed write in terms of `path`.
  private static func reportingWrites(of path: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as BadInput {
      throw error
    } catch let error as CocoaError {
      if let code = (error.userInfo[NSUnderlyingErrorKey] as? NSError)?.code {
        throw FileError.writing(path, errno: Int32(truncatingIfNeeded: code))
      }
      if error.code == .fileWriteOutOfSpace { throw FileError.diskFull(path: path) }
      throw FileError.writeFailed(path: path, reason: error.localizedDescription)
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path without symbolic links, or the path itself where that cannot be told.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes a rename durable. A file system that cannot do this for a folder is left alone.
  private static func synchronise(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
