import Foundation
import Testing

/// `Data/fetch.sh` against a server of its own.
@Suite(.enabled(if: hasTools(["bash", "curl", "unzip", "python3"]), "needs bash, curl, unzip and python3"))
struct FetchTests {
  let folder = TemporaryFolder()
  let server: Server
  let content = Data((0..<20_000).map { "\($0) \($0 % 7)\n" }.joined().utf8)

  init() throws {
    folder.write("train.txt", content)
    folder.write("empty.txt", text: "")
    server = try Server(folder: folder.path)
  }

  /// What md5sum, sha256sum and git hash-object say of the file.
  @Test(arguments: [
    "md5:735e60ffb7e6b572bf954024dc28cd15", "sha256:803916ca68fda7afc0dc4237b4057b22c2e548637c80cef087187bac60f547b4",
    "sha1:33e963d630826a6d60e862fdfaa0865c26fd79f9", "unverified",
  ]) func keepsWhatIsVerified(checksum: String) throws {
    let result = try fetch([("train.txt", checksum, "ok/train.txt")])
    #expect(result.status == 0, "\(result.text)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: target + "/train.txt")) == content)
    #expect(result.text.contains("licence: for tests only"))
    #expect(result.text.contains("not verified") == (checksum == "unverified"))
    #expect(leftovers == ["toy"])
    #expect(try fetch([("train.txt", checksum, "ok/none")]).text.contains("already in"))
  }

  @Test func deletesWhatHasAnotherChecksum() throws {
    let wrong = "md5:" + String(repeating: "0", count: 32)
    let result = try fetch([("test.txt", "unverified", "ok/train.txt"), ("train.txt", wrong, "ok/train.txt")])
    #expect(result.status == 2 && result.errors.count == 1)
    #expect(result.errors.first?.hasPrefix("fetch: train.txt: wrong checksum") == true)
    #expect(leftovers.isEmpty)
  }

  @Test func leavesNothingOfACutConnection() throws {
    let result = try fetch([("train.txt", "unverified", "cut/train.txt")])
    #expect(result.status == 2 && result.errors.count == 1)
    #expect(result.errors.first?.hasPrefix("fetch: train.txt: download failed") == true)
    #expect(leftovers.isEmpty)
  }

  @Test func continuesAfterACut() throws {
    let result = try fetch([("train.txt", "md5:735e60ffb7e6b572bf954024dc28cd15", "flaky/train.txt")])
    #expect(result.status == 0, "\(result.text)")
    #expect(leftovers == ["toy"])
  }

  @Test func unpacksArchives() throws {
    let zip = """
      import sys, zipfile
      with zipfile.ZipFile(sys.argv[1], "w") as archive: archive.writestr("toy-1.0/u.data", "1\\t2\\t3\\t4\\n")
      """
    _ = try run("python3", ["-c", zip, folder.path + "/toy.zip"])
    #expect(try fetch([("toy.zip", "unverified", "ok/toy.zip")], kind: "archive").status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: target) == ["u.data"])
    #expect(try load(target).notes.interactionsRead == 1)
  }

  @Test func saysWhatIsMissing() throws {
    let refused = try fetch([("train.txt", "unverified", "ok/none.txt")])
    #expect(refused.status == 2 && refused.errors.count == 1 && refused.text.contains("404"))
    let broken = try fetch([("toy.zip", "unverified", "ok/train.txt")], kind: "archive")
    #expect(broken.status == 2 && broken.text.contains("cannot unpack"))
    let unknown = try fetch([("train.txt", "unverified", "ok/train.txt")], asking: "other")
    #expect(unknown.status == 2 && unknown.errors == ["fetch: other is not registered; known: toy "])
    let outside = try fetch([("../x", "unverified", "ok/train.txt")])
    #expect(outside.status == 2 && outside.text.contains("not a plain file name"))
    #expect(leftovers.isEmpty)
  }

  // MARK: - Running

  private var target: String { folder.path + "/into/toy" }

  /// Everything in the folder that is fetched into, hidden files too.
  private var leftovers: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/into")) ?? []
  }

  private func fetch(
    _ files: [(name: String, checksum: String, path: String)], kind: String = "file", asking name: String = "toy"
  ) throws -> Output {
    let lines = files.map { "toy\t\(kind)\t\($0.name)\t\($0.checksum)\thttp://127.0.0.1:\(server.port)/\($0.path)\n" }
    let registry = folder.write("registry.tsv", text: "# test\ntoy\tlicence\tfor tests only\n" + lines.joined())
    return try run(
      "bash", [packageFolder + "/Data/fetch.sh", name],
      environment: [
        "LANDSCAPE_REGISTRY": registry, "LANDSCAPE_FETCH_INTO": folder.path + "/into", "LANDSCAPE_FETCH_RETRIES": "1",
        "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1",
      ])
  }
}

private func hasTools(_ tools: [String]) -> Bool {
  let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  return tools.allSatisfy { tool in
    folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)") }
  }
}

/// What a program printed.
struct Output {
  var status: Int32
  var text: String
  var errors: [String]
}

private func run(_ tool: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Output {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [tool] + arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  let (output, errors) = (Pipe(), Pipe())
  process.standardOutput = output
  process.standardError = errors
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return Output(
    status: process.terminationStatus, text: text + errorText,
    errors: errorText.split(separator: "\n").map(String.init))
}

/// The Python server, running while the object lives.
final class Server {
  let port: Int
  private let process = Process()
  private let input = Pipe()

  init(folder: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", fixture("server.py"), folder]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line = Data()
    while line.last != 10 {
      let next = output.fileHandleForReading.availableData
      if next.isEmpty { throw CocoaError(.executableLoad) }
      line += next
    }
    port = Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))!
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }
}
