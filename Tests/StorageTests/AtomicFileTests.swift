import Foundation
import Testing

@testable import Storage

@Suite struct AtomicFileTests {
  let scratch = Scratch()

  @Test func writesAndReplaces() throws {
    let path = scratch.path("a.txt")
    try AtomicFile.write(Data("first".utf8), to: path)
    try AtomicFile.write(Data("second".utf8), to: path)
    #expect(try contents(path) == Data("second".utf8))
    #expect(scratch.names == ["a.txt"])
  }

  @Test func aFailedBodyLeavesTheOldFileAndNothingElse() throws {
    struct Stop: Error {}
    let path = try scratch.file("a.txt", Data("old".utf8))
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: path) { handle in
        try handle.write(contentsOf: Data("new".utf8))
        throw Stop()
      }
    }
    #expect(try contents(path) == Data("old".utf8))
    #expect(scratch.names == ["a.txt"])
  }

  @Test func readersOfTheOldFileKeepIt() throws {
    let path = scratch.path("a.safetensors")
    var writer = SafetensorsWriter()
    writer.add(name: "x", [Float](repeating: 1, count: 5000))
    try writer.write(to: path)
    let old = try SafetensorsFile(path: path)
    try AtomicFile.write(Data(), to: path)
    #expect(try old.doubles(of: "x") == [Double](repeating: 1, count: 5000))
  }

  @Test func keepsPermissionsAndLinks() throws {
    let path = try scratch.file("a.txt", Data("old".utf8))
    #expect(chmod(path, 0o640) == 0)
    #expect(symlink("a.txt", scratch.path("link")) == 0)
    try AtomicFile.write(Data("new".utf8), to: scratch.path("link"))
    #expect(try contents(path) == Data("new".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path("link")) == "a.txt")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o640)
  }

  @Test func namesWhatIsWrong() throws {
    let missing = scratch.path("none/a.txt")
    #expect(throws: FileError.noFolder(path: missing)) { try AtomicFile.write(Data(), to: missing) }
    #expect(throws: FileError.isDirectory(path: scratch.folder)) { try AtomicFile.write(Data(), to: scratch.folder) }
    let file = try scratch.file("a.txt", Data())
    #expect(throws: FileError.noFolder(path: file + "/b")) { try AtomicFile.write(Data(), to: file + "/b") }
  }

  @Test(.enabled(if: access("/dev/full", W_OK) == 0, "there is no /dev/full"))
  func devicesAreWrittenAndNotReplaced() throws {
    #expect(throws: FileError.diskFull(path: "/dev/full")) {
      try AtomicFile.write(Data("x".utf8), to: "/dev/full")
    }
    try AtomicFile.write(Data("x".utf8), to: "/dev/null")
    var information = stat()
    #expect(stat("/dev/null", &information) == 0)
    #expect(information.st_mode & S_IFMT == S_IFCHR)
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aFolderWithoutPermission() throws {
    let path = scratch.path("a.txt")
    #expect(chmod(scratch.folder, 0o500) == 0)
    defer { chmod(scratch.folder, 0o700) }
    #expect(throws: FileError.noPermission(path: path)) { try AtomicFile.write(Data(), to: path) }
  }

  @Test func systemErrorsBecomeFacts() {
    #expect(FileError.writing("f", errno: EACCES) == .noPermission(path: "f"))
    #expect(FileError.writing("f", errno: EROFS) == .noPermission(path: "f"))
    #expect(FileError.writing("f", errno: ENOSPC) == .diskFull(path: "f"))
    #expect(FileError.reading("f", errno: EACCES) == .noPermission(path: "f"))
    #expect(FileError.reading("f", errno: ENOENT) == .missing(path: "f"))
    #expect(FileError.reading("f", errno: EIO).message.hasPrefix("f: cannot be read: "))
  }
}
