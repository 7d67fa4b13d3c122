import Foundation
import LinearAlgebra
import Storage
import Testing

@testable import Recommenders

/// Files from elsewhere: other names, other number formats, and files that are refused.
@Suite struct CheckpointReadingTests {
  let scratch = CheckpointScratch()
  private var path: String { scratch.path("x.safetensors") }

  /// Writes tensors of float32 filled with 1, 2, 3 … and reads them as a checkpoint.
  private func read(
    _ tensors: KeyValuePairs<String, [Int]>, metadata: [String: String] = [:], backbone: String? = nil,
    ignoring ignored: Set<String> = []
  ) throws -> Checkpoint {
    var writer = SafetensorsWriter(metadata: metadata)
    for (name, shape) in tensors {
      writer.add(name: name, shape: shape, (0..<shape.reduce(1, *)).map { Float($0 + 1) })
    }
    try writer.write(to: path)
    return try Checkpoint.read(path: path, backbone: backbone, ignoring: ignored)
  }

  private func error(
    _ tensors: KeyValuePairs<String, [Int]>, metadata: [String: String] = [:], backbone: String? = nil,
    ignoring: Set<String> = []
  ) -> CheckpointError? {
    let error = #expect(throws: CheckpointError.self) {
      try read(tensors, metadata: metadata, backbone: backbone, ignoring: ignoring)
    }
    #expect(error?.message.hasPrefix("\(path): ") == true)
    #expect(error?.message.contains("\n") == false)
    return error
  }

  // MARK: - Names

  @Test func everyAliasIsRead() throws {
    for (user, item) in TensorAliases.tables {
      for prefix in ["", "module.", "model.module.", "_orig_mod."] {
        let checkpoint = try read([prefix + item: [3, 2], prefix + user: [4, 2]])
        #expect(checkpoint.parameters.layout.tensors.map(\.name) == ["user_embedding.weight", "item_embedding.weight"])
        #expect((checkpoint.users, checkpoint.items, checkpoint.dimension) == (4, 3, 2))
        #expect([Float](checkpoint.parameters.values) == [1, 2, 3, 4, 5, 6, 7, 8] + [1, 2, 3, 4, 5, 6])
        let renamed = [prefix + item, prefix + user].count { !$0.hasSuffix("_embedding.weight") || prefix != "" }
        #expect(checkpoint.origin?.notes.count == renamed)
      }
    }
  }

  @Test func noNameHasTwoMeanings() {
    let names = TensorAliases.tables.flatMap { [$0.user, $0.item] }
    #expect(Set(names).count == names.count)
  }

  /// The export script keeps a copy of the table.
  @Test func theExportScriptKnowsTheSameNames() throws {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let script = try String(contentsOf: root.appendingPathComponent("Docs/export_pytorch.py"), encoding: .utf8)
    let table = try #require(script.firstMatch(of: /(?s)TABLES = \[\n(.*?)\n\]/)).1
    let pairs = table.matches(of: /\("([^"]+)", "([^"]+)"\)/).map { [String($0.1), String($0.2)] }
    #expect(pairs == TensorAliases.tables.map { [$0.user, $0.item] })
    let prefixes = try #require(script.firstMatch(of: /PREFIXES = \((.*?)\)/)).1
    #expect(prefixes.matches(of: /"([^"]+)"/).map { String($0.1) } == TensorAliases.prefixes)
  }

  @Test func graphLayersBelongToNGCF() throws {
    let tensors: KeyValuePairs = [
      "layers.10.weight1": [2, 2], "layers.2.weight1": [2, 2], "layers.2.bias1": [2], "users": [1, 2], "items": [1, 2],
    ]
    let checkpoint = try read(tensors, backbone: "ngcf")
    #expect(
      checkpoint.parameters.layout.tensors.map(\.name) == [
        "user_embedding.weight", "item_embedding.weight", "layers.2.bias1", "layers.2.weight1", "layers.10.weight1",
      ])
    #expect(checkpoint.parameters.layout.tensors.map(\.filter) == [.rows, .rows, .whole, .columns, .columns])
    #expect(
      error(tensors, backbone: "lightgcn")
        == .unknownTensor(path: path, tensor: "layers.10.weight1", backbone: "lightgcn"))
    for name in ["layers.01.weight1", "layers.-1.weight1", "layers.1.weight3", "layers..weight1", "layers.1.weight1."] {
      #expect(
        error([name: [1], "users": [1, 2], "items": [1, 2]], backbone: "ngcf")
          == .unknownTensor(path: path, tensor: name, backbone: "ngcf"))
    }
  }

  @Test func tensorsThatDoNotBelong() throws {
    let tensors: KeyValuePairs = ["users": [1, 2], "items": [1, 2], "bias": [1]]
    #expect(error(tensors) == .unknownTensor(path: path, tensor: "bias", backbone: "mf"))
    let checkpoint = try read(tensors, ignoring: ["bias"])
    #expect(checkpoint.origin?.notes.contains("bias: left out as asked") == true)
    let twice: KeyValuePairs = ["users": [1, 2], "items": [1, 2], "U": [1, 2]]
    #expect(
      error(twice) == .ambiguousTensors(path: path, first: "U", second: "users", as: "user_embedding.weight"))
    #expect(try read(twice, ignoring: ["U"]).users == 1)
    #expect(
      error(tensors, ignoring: ["bias", "users"])
        == .missingTable(
          path: path, table: "user_embedding.weight", found: ["bias", "items", "users"]))
    #expect(error([:]) == .missingTable(path: path, table: "user_embedding.weight", found: []))
  }

  @Test func shapes() {
    #expect(
      error(["users": [2], "items": [1, 2]]) == .notTwoDimensional(path: path, tensor: "users", shape: [2]))
    #expect(
      error(["users": [1, 2], "items": [1, 2, 1]])
        == .notTwoDimensional(path: path, tensor: "items", shape: [1, 2, 1]))
    #expect(error(["users": [0, 2], "items": [1, 2]]) == .emptyTable(path: path, tensor: "users", shape: [0, 2]))
    #expect(error(["users": [1, 0], "items": [1, 0]]) == .emptyTable(path: path, tensor: "users", shape: [1, 0]))
    #expect(
      error(["users": [1, 2], "items": [1, 3]]) == .widthsDiffer(path: path, users: [1, 2], items: [1, 3]))
  }

  // MARK: - Numbers

  @Test func otherNumberFormatsAreConvertedWithANote() throws {
    var writer = SafetensorsWriter()
    writer.add(name: "users", shape: [1, 2], [0.1, -1e300])
    let halves: [UInt16] = [0x3C00, 0xC000]
    try halves.withUnsafeBytes {
      writer.add(name: "items", shape: [1, 2], elementType: .f16, bytes: $0)
      try writer.write(to: path)
    }
    let checkpoint = try Checkpoint.read(path: path)
    #expect(Array(checkpoint.parameters.values) == [0.1, -.infinity, 1, -2])
    #expect(checkpoint.origin?.notes.contains { $0.contains("F64 to F32; 1 values beyond its range") } == true)
    #expect(checkpoint.origin?.notes.contains("items: converted from F16 to F32") == true)
  }

  @Test func wholeNumbersAreNoTable() throws {
    var writer = SafetensorsWriter()
    writer.add(name: "users", shape: [1, 2], [1, 2] as [Int64])
    writer.add(name: "items", shape: [1, 2], [1, 2] as [Float])
    try writer.write(to: path)
    #expect(
      throws: SafetensorsError.wrongElementType(
        path: path, tensor: "users", found: .i64, wanted: "floating-point numbers")
    ) { try Checkpoint.read(path: path) }
  }

  // MARK: - Metadata

  private static let tables: KeyValuePairs = ["users": [1, 2], "items": [1, 2]]

  @Test func foreignMetadataAreNone() throws {
    #expect(try read(Self.tables, metadata: ["format": "pt", "who": "somebody"]).metadata == nil)
  }

  @Test func missingEntriesKeepTheirDefaults() throws {
    let metadata = try read(Self.tables, metadata: ["landscape.format": "1", "landscape.backbone": "lightgcn"]).metadata
    #expect(metadata == Checkpoint.Metadata(backbone: "lightgcn"))
  }

  @Test func theBackboneThatIsGivenWins() throws {
    let metadata = ["landscape.format": "1", "landscape.backbone": "lightgcn"]
    let checkpoint = try read(Self.tables, metadata: metadata, backbone: "mf")
    #expect(checkpoint.metadata?.backbone == "mf")
    #expect(checkpoint.origin?.notes.contains("read as mf, though the file says lightgcn") == true)
  }

  @Test func damagedMetadata() {
    func refused(_ key: String, _ value: String) -> CheckpointError? {
      error(
        Self.tables,
        metadata: ["landscape.format": "1", "landscape.backbone": "mf"].merging(["landscape.\(key)": value]) { $1 })
    }
    #expect(refused("format", "2") == .newerFormat(path: path, found: 2))
    for (key, value) in [
      ("format", "x"), ("format", "0"), ("format", "-1"), ("epoch", "1.5"), ("epoch", "-1"), ("hyperparameters", ""),
      ("hyperparameters", "[]"), ("hyperparameters", "{\"a\":1,\"a\":2}"), ("split", "3"), ("seeds", "{\"a\":-1}"),
      ("seeds", "{\"a\":1.5}"), ("metrics", "{\"a\":\"b\"}"), ("metrics", "{\"a\":null}"),
      ("split", String(repeating: "[", count: 100_000)),
    ] {
      guard case .malformedMetadata(path, "landscape.\(key)", _) = refused(key, value) else {
        Issue.record("\(key) = \(value.prefix(40)) was read")
        continue
      }
    }
    #expect(refused("backbone", "transformer") == .unknownBackbone(path: path, backbone: "transformer"))
    #expect(
      error(Self.tables, metadata: ["landscape.backbone": "mf"])
        == .missingMetadata(path: path, key: "landscape.format"))
    #expect(
      error(Self.tables, metadata: ["landscape.format": "1"])
        == .missingMetadata(path: path, key: "landscape.backbone"))
  }

  @Test func numbersReadBackExactly() throws {
    var generator = RandomStream(seed: 3, "metadata").generator()
    var metadata = Checkpoint.Metadata(backbone: "mf")
    for index in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      metadata.metrics["m\(index)"] = value.isFinite ? value : 0
      metadata.seeds["s\(index)"] = generator.next() >> UInt64(index % 64)
    }
    #expect(try Checkpoint.Metadata(strings: metadata.strings, path: "f") == metadata)
  }

  // MARK: - Files written by Python

  @Test(arguments: ["exported-pytorch.bin", "exported-recbole.bin"])
  func filesOfTheExportScript(name: String) throws {
    let fixture = try #require(Bundle.module.path(forResource: "Fixtures/\(name)", ofType: nil))
    let checkpoint = try Checkpoint.read(path: fixture)
    let users = (0..<12).map { Float($0) / 8 }
    let items = (0..<20).map { -Float($0) / 16 }
    func rows(_ table: [Float], _ order: [Int]) -> [Float] { order.flatMap { table[4 * $0..<4 * $0 + 4] } }
    #expect((checkpoint.users, checkpoint.items, checkpoint.dimension) == (3, 5, 4))
    #expect(checkpoint.origin?.notes == [])
    if name == "exported-pytorch.bin" {
      #expect(Array(checkpoint.parameters.values) == users + items)
      #expect(
        checkpoint.metadata
          == Checkpoint.Metadata(
            backbone: "mf", objective: "bpr", hyperparameters: ["dim": 4, "l2": 1e-4, "note": "λ₂"],
            dataset: "gowalla", seeds: ["torch": 1 << 63], epoch: 7, metrics: ["recall@20": 0.1],
            version: "export_pytorch.py 1"))
    } else {
      // Ids 10, 9, 100 and b, é, a, B, ab behind a padding row each, put in Landscape's order.
      #expect(Array(checkpoint.parameters.values) == rows(users, [1, 0, 2]) + rows(items, [3, 2, 4, 0, 1]))
      #expect(checkpoint.metadata?.backbone == "lightgcn")
    }
  }
}
