import Foundation
import LinearAlgebra
import Storage
import Testing

@testable import Recommenders

/// Writing and reading back, and the promise that version 1 stays readable.
@Suite struct CheckpointTests {
  let scratch = CheckpointScratch()

  static let metadata = Checkpoint.Metadata(
    backbone: "mf", objective: "sharpcf",
    hyperparameters: ["dim": 3, "learning_rate": 0.001, "alpha": JSONValue(.infinity), "normalisation": "row"],
    dataset: "synthetic", fingerprint: String(repeating: "0f", count: 32),
    split: ["validation": 0.1, "kind": "per user"], seeds: ["initialisation": 1, "order": .max], epoch: 12,
    metrics: ["recall@20": 0.1, "ndcg@20": 1.0 / 3], version: "0.1.0")

  /// 2 users and 3 items of width 3, with numbers that are hard to print.
  static func parameters() -> ParameterVector {
    let layout = ParameterLayout([
      ("user_embedding.weight", [2, 3], .rows), ("item_embedding.weight", [3, 3], .rows),
    ])
    let values: [Float] = [
      0.1, -0.0, .leastNonzeroMagnitude, 1.0 / 3, .greatestFiniteMagnitude, 1, 2, 3, 4, -5, 6.5, 7, 8, 9e-10, 10,
    ]
    return ParameterVector(layout: layout, storage: FloatBuffer(values))
  }

  static func bits(_ parameters: ParameterVector) -> [UInt32] { parameters.values.map(\.bitPattern) }

  @Test func readsBackWhatWasWritten() throws {
    let path = scratch.path("x.bin")
    let parameters = Self.parameters()
    try Checkpoint(metadata: Self.metadata, parameters: parameters).write(to: path)
    let back = try Checkpoint.read(path: path)
    // An infinity reads back as the word for it.
    var expected = Self.metadata
    expected.hyperparameters["alpha"] = "Infinity"
    #expect(back.metadata == expected)
    #expect(back.metadata?.hyperparameters["alpha"]?.double == .infinity)
    #expect(back.parameters.layout == parameters.layout)
    #expect(Self.bits(back.parameters) == Self.bits(parameters))
    #expect(back.origin == .init(path: path, sha256: try SHA256Hasher.hash(file: path), notes: []))
    #expect((back.users, back.items, back.dimension) == (2, 3, 3))
    #expect(back.tensors.map(\.name) == ["user_embedding.weight", "item_embedding.weight"])
    #expect(back.tensors.map(\.shape) == [[2, 3], [3, 3]])
    #expect(back.tensors[1].values[0] == 2)
  }

  @Test func sameModelSameBytes() throws {
    let (first, second) = (scratch.path("1"), scratch.path("2"))
    try Checkpoint(metadata: Self.metadata, parameters: Self.parameters()).write(to: first)
    try Checkpoint.read(path: first).write(to: second)
    #expect(try scratch.contents("1") == scratch.contents("2"))
  }

  @Test func withoutMetadata() throws {
    try Checkpoint(metadata: nil, parameters: Self.parameters()).write(to: scratch.path("x"))
    let back = try Checkpoint.read(path: scratch.path("x"))
    #expect(back.metadata == nil)
    #expect(Self.bits(back.parameters) == Self.bits(Self.parameters()))
  }

  /// The fixture was written once, by the first program that wrote format 1. It is never written again.
  @Test func versionOneStaysReadable() throws {
    let fixture = try #require(Bundle.module.path(forResource: "Fixtures/checkpoint-v1.bin", ofType: nil))
    let checkpoint = try Checkpoint.read(path: fixture)
    var expected = Self.metadata
    expected.hyperparameters["alpha"] = "Infinity"
    #expect(checkpoint.metadata == expected)
    #expect(Self.bits(checkpoint.parameters) == Self.bits(Self.parameters()))
    #expect(checkpoint.origin?.sha256 == "ee8c2e2c86abcfe6cc639f7d654ffe434c139c934ce4e7cda50391081dd88b58")
  }

  // MARK: - Layouts and rows

  @Test func aModelWithTheSameOrderSharesTheMemory() throws {
    let checkpoint = Checkpoint(metadata: nil, parameters: Self.parameters())
    let own = checkpoint.parameters.layout
    let parameters = try checkpoint.parameters(for: own)
    #expect(parameters.pointer == checkpoint.parameters.pointer)
    let reversed = ParameterLayout(own.tensors.reversed().map { ($0.name, $0.shape, .whole) })
    let copy = try checkpoint.parameters(for: reversed)
    #expect(copy.layout == reversed)
    let values = [Float](checkpoint.parameters.values)
    #expect([Float](copy.values) == [Float](values[6...]) + [Float](values[..<6]))
  }

  @Test func layoutsThatDiffer() {
    let checkpoint = Checkpoint(metadata: nil, parameters: Self.parameters())
    func error(_ tensors: [(String, [Int])]) -> CheckpointError? {
      #expect(throws: CheckpointError.self) {
        try checkpoint.parameters(for: ParameterLayout(tensors.map { ($0, $1, .rows) }))
      }
    }
    let (user, item) = ("user_embedding.weight", "item_embedding.weight")
    #expect(
      error([(user, [2, 4]), (item, [3, 3])])
        == .layoutDiffers(path: nil, tensor: user, expected: [2, 4], found: [2, 3]))
    #expect(error([(user, [2, 3])]) == .layoutDiffers(path: nil, tensor: item, expected: nil, found: [3, 3]))
    #expect(
      error([(user, [2, 3]), (item, [3, 3]), ("w", [1])])
        == .layoutDiffers(path: nil, tensor: "w", expected: [1], found: nil))
  }

  @Test func rowsThatDoNotFitTheData() throws {
    let checkpoint = Checkpoint(metadata: nil, parameters: Self.parameters())
    try checkpoint.requireRows(users: 2, items: 3)
    #expect(throws: CheckpointError.wrongRows(path: nil, table: "user", found: 2, expected: 1)) {
      try checkpoint.requireRows(users: 1, items: 3)
    }
    #expect(throws: CheckpointError.wrongRows(path: nil, table: "item", found: 3, expected: 4)) {
      try checkpoint.requireRows(users: 2, items: 4)
    }
    #expect(CheckpointError.wrongRows(path: "f", table: "user", found: 2, expected: 1).message.contains("padding row"))
  }
}

/// A folder that lives as long as its object.
final class CheckpointScratch {
  private let folder = FileManager.default.temporaryDirectory.path + "/CheckpointTests-\(UUID().uuidString)"

  init() { try! FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func contents(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path(name))) }
}
