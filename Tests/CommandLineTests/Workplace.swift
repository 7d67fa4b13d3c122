import Foundation
import Storage
import TestSupport
import Testing

/// A temporary folder with the program at work in it.
struct Workplace {
  /// 60 users, 200 items, 400 train and 100 test interactions.
  static let data = "synthetic:users=60,items=200,interactions=500"

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: - Running

  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Program.Outcome {
    try Program.run(arguments, in: folder.path, environment: environment)
  }

  /// Runs a command that must end with status 0, and gives its standard output.
  @discardableResult
  func succeed(
    _ arguments: String..., environment: [String: String] = [:], at location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try run(arguments, environment: environment)
    try #require(outcome.status == 0, "\(arguments): \(outcome.message)", sourceLocation: location)
    return outcome.text
  }

  /// Runs a command that must end with status 2, say nothing on standard output and one line on standard error; gives
  /// that line.
  @discardableResult
  func refuse(_ arguments: String..., at location: SourceLocation = #_sourceLocation) throws -> String {
    let outcome = try run(arguments)
    #expect(outcome.status == 2, "\(arguments): \(outcome.message)", sourceLocation: location)
    #expect(outcome.text.isEmpty, sourceLocation: location)
    #expect(outcome.errorLines.count == 1, "\(arguments): \(outcome.message)", sourceLocation: location)
    #expect(outcome.message.hasPrefix("landscape: "), sourceLocation: location)
    #expect(!outcome.message.contains("Error Domain"), sourceLocation: location)
    return outcome.message
  }

  /// Runs a command whose options are wrong: status 64 and an error that names the fault.
  func misuse(_ arguments: String..., naming fault: String, at location: SourceLocation = #_sourceLocation) throws {
    let outcome = try run(arguments)
    #expect(outcome.status == 64, "\(arguments): \(outcome.message)", sourceLocation: location)
    #expect(outcome.message.contains(fault), "\(arguments): \(outcome.message)", sourceLocation: location)
    #expect(outcome.message.contains("Usage: landscape"), sourceLocation: location)
  }

  /// Trains a small model and gives the path of its checkpoint, relative to the folder.
  @discardableResult
  func train(
    _ run: String = "run", _ options: String..., dataset: String = data, at location: SourceLocation = #_sourceLocation
  ) throws -> String {
    let standard = ["train", "--dataset", dataset, "--dim", "8", "--epochs", "4", "--quiet", "--output", run]
    let outcome = try self.run(standard + options)
    try #require(outcome.status == 0, "\(outcome.message)", sourceLocation: location)
    return "\(run)/checkpoint.bin"
  }

  // MARK: - Files

  func bytes(_ name: String) throws -> Data { try folder.contents(name) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func write(_ data: Data, _ name: String) throws {
    try data.write(to: URL(fileURLWithPath: folder.path(name)))
  }

  func open(_ name: String) throws -> SafetensorsFile { try SafetensorsFile(path: folder.path(name)) }

  /// Names in a folder, sorted.
  func names(_ name: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path(name)).sorted()
  }

  /// The log of a run without what a clock has measured.
  func log(_ run: String) throws -> [[String: JSONValue]] {
    try text("\(run)/log.jsonl").split(separator: "\n").map { line in
      var entry = try #require(try JSONValue(parsing: String(line)).object)
      for name in ["seconds", "interactions_per_second", "evaluation_seconds"] { entry[name] = nil }
      return entry
    }
  }

  /// A checkpoint of given tables, without metadata unless some are given.
  func writeTables(_ name: String, users: [[Float]], items: [[Float]], metadata: [String: String] = [:]) throws {
    var writer = SafetensorsWriter(metadata: metadata)
    writer.add(name: "user_embedding.weight", shape: [users.count, users[0].count], users.flatMap { $0 })
    writer.add(name: "item_embedding.weight", shape: [items.count, items[0].count], items.flatMap { $0 })
    try writer.write(to: folder.path(name))
  }
}
