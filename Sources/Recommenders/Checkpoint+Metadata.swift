import Storage

extension Checkpoint {
  /// What a checkpoint says about itself. In the file every entry is a string under `landscape.<key>`; those that are
  /// more than a word are JSON with sorted keys and numbers that read back exactly.
  public struct Metadata: Sendable, Equatable {
    /// The newest format that this program reads, and the one it writes.
    public static let currentFormat = 1

    public var formatVersion = Self.currentFormat
    /// The name of the model, such as mf.
    public var backbone: String
    /// The name of the training objective, or unknown.
    public var objective = "unknown"
    public var hyperparameters: [String: JSONValue] = [:]
    /// The name or path of the data set; nil where it was not recorded.
    public var dataset: String?
    /// The fingerprint of the train matrix; nil where it was not recorded.
    public var fingerprint: String?
    /// How the data set was split.
    public var split: [String: JSONValue] = [:]
    /// Seeds by purpose: initialisation, order, sampling …
    public var seeds: [String: UInt64] = [:]
    /// Epochs trained.
    public var epoch = 0
    /// Values by metric, such as recall@20.
    public var metrics: [String: Double] = [:]
    /// The version of the program that wrote it; empty if unknown.
    public var version = ""

    public init(
      backbone: String, objective: String = "unknown", hyperparameters: [String: JSONValue] = [:],
      dataset: String? = nil, fingerprint: String? = nil, split: [String: JSONValue] = [:],
      seeds: [String: UInt64] = [:], epoch: Int = 0, metrics: [String: Double] = [:], version: String = ""
    ) {
      self.backbone = backbone
      self.objective = objective
      self.hyperparameters = hyperparameters
      self.dataset = dataset
      self.fingerprint = fingerprint
      self.split = split
      self.seeds = seeds
      self.epoch = epoch
      self.metrics = metrics
      self.version = version
    }

    // MARK: - Strings

    /// The entries as they stand in a file.
    public var strings: [String: String] {
      var strings = [
        "landscape.format": String(formatVersion),
        "landscape.backbone": backbone,
        "landscape.objective": objective,
        "landscape.hyperparameters": JSONValue.object(hyperparameters).text,
        "landscape.split": JSONValue.object(split).text,
        "landscape.seeds": JSONValue.object(seeds.mapValues { JSONValue($0) }).text,
        "landscape.epoch": String(epoch),
        "landscape.metrics": JSONValue.object(metrics.mapValues { JSONValue($0) }).text,
        "landscape.version": version,
      ]
      strings["landscape.dataset"] = dataset
      strings["landscape.fingerprint"] = fingerprint
      return strings
    }

    /// Reads the entries of a file; format and backbone must be there, whatever else is missing keeps its default.
    ///
    /// - Returns: nil if no key begins with `landscape.`.
    /// - Throws: ``CheckpointError`` for a newer format, a missing or a malformed entry.
    public init?(strings: [String: String], path: String) throws {
      guard strings.keys.contains(where: { $0.hasPrefix("landscape.") }) else { return nil }
      let reader = MetadataReader(strings: strings, path: path)
      formatVersion = try reader.wholeNumber("format") ?? reader.missing("format")
      guard formatVersion <= Self.currentFormat else {
        throw CheckpointError.newerFormat(path: path, found: formatVersion)
      }
      guard formatVersion >= 1 else { throw reader.malformed("format", "it starts at 1") }
      backbone = try reader.string("backbone") ?? reader.missing("backbone")
      objective = reader.string("objective") ?? "unknown"
      hyperparameters = try reader.object("hyperparameters") { $0 }
      dataset = reader.string("dataset")
      fingerprint = reader.string("fingerprint")
      split = try reader.object("split") { $0 }
      seeds = try reader.object("seeds") { $0.unsigned }
      epoch = try reader.wholeNumber("epoch") ?? 0
      metrics = try reader.object("metrics") { $0.double }
      version = reader.string("version") ?? ""
    }
  }
}

/// Reads typed entries from a file's strings.
private struct MetadataReader {
  let strings: [String: String]
  let path: String

  func string(_ key: String) -> String? { strings["landscape.\(key)"] }

  func wholeNumber(_ key: String) throws -> Int? {
    guard let text = string(key) else { return nil }
    guard let value = Int(text), value >= 0 else { throw malformed(key, "expected a whole number") }
    return value
  }

  /// A JSON object whose members all pass `convert`; empty if there is none.
  func object<Member>(_ key: String, _ convert: (JSONValue) -> Member?) throws -> [String: Member] {
    guard let text = string(key) else { return [:] }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch let error as JSONError {
      throw malformed(key, error.message)
    }
    guard let members = value.object else { throw malformed(key, "expected a JSON object") }
    var result: [String: Member] = [:]
    for (name, member) in members {
      guard let converted = convert(member) else { throw malformed(key, "\(name) has a value of the wrong type") }
      result[name] = converted
    }
    return result
  }

  func missing<T>(_ key: String) throws -> T {
    throw CheckpointError.missingMetadata(path: path, key: "landscape.\(key)")
  }

  func malformed(_ key: String, _ reason: String) -> CheckpointError {
    .malformedMetadata(path: path, key: "landscape.\(key)", reason: reason)
  }
}
