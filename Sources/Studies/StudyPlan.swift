/// Every training of a study, in an order in which each comes after the one that it starts from.
///
/// A run's folder is DATA/METHOD/seed-1, of a sweep DATA/SWEEP/VALUE/seed-1.
public struct StudyPlan: Sendable {
  /// One training.
  public struct Run: Sendable, Equatable {
    /// Key of the data.
    public let data: String
    public let method: String
    /// The sweep it belongs to, and the value of the swept option.
    public let sweep: String?
    public let value: String?
    public let seed: UInt64
    /// Below the study's folder of runs.
    public let folder: String
    /// The folder of the run that it starts from.
    public let start: String?
    /// Options of `landscape train`, data set and seed included; each name once, or repeated where a list was given.
    public let options: [StudyFile.Option]

    /// The options as `landscape train` takes them.
    public var arguments: [String] { Self.arguments(options) }

    /// Options as `landscape train` takes them; a flag that is off is left out.
    public static func arguments(_ options: [StudyFile.Option]) -> [String] {
      options.compactMap { option in
        switch option.value {
        case "true": "--\(option.name)"
        case "false": option.name == "warm-start" ? "--no-warm-start" : nil  // the one flag that is on by itself
        default: "--\(option.name)=\(option.value)"
        }
      }
    }

    /// The options as one would type them.
    public var command: String {
      let words = arguments.map { argument -> String in
        guard let sign = argument.firstIndex(of: "="), argument[sign...].dropFirst().first != "-" else {
          return Self.quoted(argument)
        }
        return argument[..<sign] + " " + Self.quoted(String(argument[sign...].dropFirst()))
      }
      return "landscape train " + words.joined(separator: " ")
    }

    /// As a shell takes it: in quotes where it holds more than plain signs.
    public static func quoted(_ text: String) -> String {
      let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_./:=,+@%-".contains($0)) }
      return isPlain && !text.isEmpty
        ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
  }

  /// Each after the one that it starts from.
  public let runs: [Run]

  /// - Parameters:
  ///   - keys: data that are taken; nil: all.
  ///   - seeds: in place of the file's, sweeps' included; nil: those.
  public init(_ study: StudyFile, data keys: [String]? = nil, seeds: [UInt64]? = nil) {
    var runs: [Run] = []
    func add(_ run: Run) { if !runs.contains(where: { $0.folder == run.folder }) { runs.append(run) } }
    let taken = study.data.filter { keys?.contains($0.key) ?? true }
    for entry in taken {
      let all = seeds ?? study.seeds
      for (place, seed) in all.enumerated() {
        for method in study.methods where place < method.seeds ?? all.count {
          for link in Self.chain(method, study) { add(Self.run(link, entry, seed, study)) }
        }
      }
    }
    for sweep in study.sweeps {
      guard let method = study.method(sweep.method) else { continue }
      for entry in taken where sweep.data.contains(entry.key) {
        for seed in seeds.map({ Array($0.prefix(sweep.seeds.count)) }) ?? sweep.seeds {
          for link in Self.chain(method, study).dropLast() { add(Self.run(link, entry, seed, study)) }
          for value in sweep.values { add(Self.run(method, entry, seed, study, sweep: sweep, value: value)) }
        }
      }
    }
    self.runs = runs
  }

  /// Some trainings, each after the one that it starts from.
  public init(runs: [Run]) { self.runs = runs }

  /// A method after all those that it starts from.
  static func chain(_ method: StudyFile.Method, _ study: StudyFile) -> [StudyFile.Method] {
    (method.start.flatMap(study.method).map { chain($0, study) } ?? []) + [method]
  }

  private static func run(
    _ method: StudyFile.Method, _ entry: StudyFile.DataEntry, _ seed: UInt64, _ study: StudyFile,
    sweep: StudyFile.Sweep? = nil, value: String? = nil
  ) -> Run {
    var options = study.train.replaced(by: entry.train).replaced(by: method.train)
    options = options.replaced(by: method.per[entry.key] ?? [])
    if let sweep, let value {
      options = options.replaced(by: sweep.train)
      options = options.replaced(by: [StudyFile.Option(name: sweep.option, value: value, line: sweep.line)])
    }
    options = options.replaced(by: study.overrides)
    let own = [("dataset", entry.dataset), ("seed", "\(seed)")]
    options = options.replaced(by: own.map { StudyFile.Option(name: $0.0, value: $0.1, line: entry.line) })
    let place = sweep.map { "\(folderName($0.name))/\(folderName(value ?? ""))" } ?? folderName(method.name)
    return Run(
      data: entry.key, method: method.name, sweep: sweep?.name, value: value, seed: seed,
      folder: "\(folderName(entry.key))/\(place)/seed-\(seed)",
      start: method.start.map { "\(folderName(entry.key))/\(folderName($0))/seed-\(seed)" }, options: options)
  }

  /// A name as that of a folder: lower case, letters, digits, points and dashes between them.
  public static func folderName(_ name: String) -> String {
    var result = ""
    for character in name.lowercased() {
      let kept = character.isLetter || character.isNumber || character == "." ? character : "-"
      if kept == "-", result.last == "-" || result.isEmpty { continue }
      result.append(kept)
    }
    while result.last == "-" { result.removeLast() }
    return result.isEmpty || result.allSatisfy({ $0 == "." }) ? "_" : result
  }

  // MARK: - What belongs together

  /// Those of some data sets, by key, that have runs.
  public func taken(_ keys: [String]) -> [String] {
    keys.filter { key in runs.contains { $0.data == key } }
  }

  /// The runs of a method on one data set, by seed.
  public func runs(of method: String, on data: String) -> [Run] {
    runs.filter { $0.method == method && $0.data == data && $0.sweep == nil }
  }

  /// The runs of one value of a sweep.
  public func runs(of sweep: StudyFile.Sweep, value: String, on data: String) -> [Run] {
    runs.filter { $0.sweep == sweep.name && $0.value == value && $0.data == data }
  }
}
