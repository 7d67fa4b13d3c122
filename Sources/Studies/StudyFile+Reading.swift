import Foundation
import Yams

extension StudyFile {
  /// Reads a study.
  ///
  /// - Parameter path: what errors call the file.
  /// - Throws: ``StudyError``, with file and line.
  init(yaml text: String, path: String) throws {
    let root: StudyReader
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw StudyError.syntax(path: path, line: 1, problem: "it is empty")
      }
      root = try StudyReader(node, path: path, what: "a study")
    } catch let error as YamlError {
      let (line, problem) = Self.place(of: error)
      throw StudyError.syntax(path: path, line: line, problem: problem)
    }
    try root.allow(
      "title", "source", "seeds", "train", "data", "methods", "sweeps", "table", "figures", "search", "claims", "quick")
    title = try root.text("title") ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    source = try root.text("source")
    seeds = try root.seeds("seeds") ?? [1]
    train = try root.options("train")
    data = try Self.data(root)
    methods = try Self.methods(root, data: data)
    sweeps = try Self.sweeps(root, data: data, methods: methods, seeds: seeds)
    table = try Self.table(root, data: data, methods: methods)
    figures = try Self.figures(root, data: data, methods: methods)
    search = try Self.search(root, data: data, methods: methods)
    claims = try Self.claims(root, data: data, methods: methods, sweeps: sweeps, figures: figures)
    quick = try root.part("quick").map { reader in
      try reader.allow("seeds", "train")
      return Quick(seeds: try reader.seeds("seeds") ?? [seeds[0]], train: try reader.options("train"))
    }
    try requireDistinctNames(root)
    for method in methods { try requireNoCircle(method, root) }
  }

  private static func place(of error: YamlError) -> (line: Int, problem: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, problem)
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "the key \(keys.map { "\($0)" }.joined(separator: ", ")) is there twice")
    default: (1, "\(error)".split(separator: "\n").first.map(String.init) ?? "unreadable")
    }
  }

  // MARK: - Data and methods

  private static func data(_ root: StudyReader) throws -> [DataEntry] {
    guard let all = try root.part("data"), !all.mapping.isEmpty else {
      throw root.wrong(root["data"], "data", "one data set or more: {gowalla: {}}")
    }
    return try all.pairs("data").map { key, node, line in
      let reader = try StudyReader(node, path: all.path, what: key)
      try reader.allow("dataset", "title", "instead", "train", "published")
      let dataset = try reader.text("dataset") ?? key
      return DataEntry(
        key: key, dataset: dataset, title: try reader.text("title") ?? key, fallback: try reader.text("instead"),
        train: try reader.options("train"), published: try statistics(reader), line: line)
    }
  }

  /// Published users, items and interactions.
  private static func statistics(_ reader: StudyReader) throws -> [String: Double] {
    guard let part = try reader.part("published") else { return [:] }
    let names = ["users", "items", "interactions"]
    try part.allow("users", "items", "interactions")
    let pairs = try names.compactMap { name in try part.number(name, in: 0...1e12).map { (name, $0) } }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private static func methods(_ root: StudyReader, data: [DataEntry]) throws -> [Method] {
    guard let all = try root.part("methods"), !all.mapping.isEmpty else {
      throw root.wrong(root["methods"], "methods", "one method or more: {BPR: {train: {objective: bpr}}}")
    }
    let names = try all.pairs("methods").map(\.key)
    var made: [Method] = []
    for (name, node, line) in try all.pairs("methods") {
      let reader = try StudyReader(node, path: all.path, what: name)
      try reader.allow("like", "from", "baseline", "train", "per", "hidden", "seeds")
      let (train, per) = (try reader.options("train"), try per(reader, data))
      var method = Method(
        name: name, start: try reader.text("from"), baseline: try reader.text("baseline"), train: train, per: per,
        seeds: try reader.whole("seeds", in: 1...1000), isShown: try !(reader.flag("hidden") ?? false),
        own: Set((train + per.values.joined()).map(\.name)), line: line)
      if let model = try reader.text("like") {
        guard let other = made.first(where: { $0.name == model }) else {
          throw unknown(reader, "like", "method above", model, made.map(\.name))
        }
        method.start = method.start ?? other.start
        method.baseline = method.baseline ?? other.baseline
        method.model = model
        let given = Set(train.map(\.name))
        let inherited = other.per.mapValues { $0.filter { !given.contains($0.name) } }
        method.train = other.train.replaced(by: method.train)
        method.seeds = method.seeds ?? other.seeds
        method.per = inherited.merging(method.per) { $0.replaced(by: $1) }
      }
      for (key, named) in [("from", method.start), ("baseline", method.baseline)] {
        if let named, !names.contains(named) { throw unknown(reader, key, "method", named, names) }
      }
      made.append(method)
    }
    for method in made {
      guard let baseline = made.first(where: { $0.name == method.baseline }) else { continue }
      guard baseline.isShown, baseline.name != method.name else {
        throw StudyError.wrong(
          path: all.path, line: method.line, what: "baseline of '\(method.name)'",
          wanted: "another method that stands in the table")
      }
    }
    return made
  }

  private static func per(_ reader: StudyReader, _ data: [DataEntry]) throws -> [String: [Option]] {
    guard let part = try reader.part("per") else { return [:] }
    return Dictionary(
      uniqueKeysWithValues: try part.pairs("per").map { key, node, line in
        guard data.contains(where: { $0.key == key }) else {
          throw StudyError.unknownName(path: part.path, line: line, what: "data", name: key, known: data.map(\.key))
        }
        return (key, try part.options(key))
      })
  }

  private static func unknown(
    _ reader: StudyReader, _ key: String, _ what: String, _ name: String, _ known: [String]
  ) -> StudyError {
    .unknownName(
      path: reader.path, line: reader[key]?.mark?.line ?? reader.line, what: what, name: name, known: known)
  }

  /// - Throws: ``StudyError/unknownName(path:line:what:name:known:)`` for a name that is none of the known.
  static func named(
    _ key: String, _ reader: StudyReader, _ what: String, known: [String], otherwise: [String]
  ) throws -> [String] {
    let names = try reader.texts(key) ?? otherwise
    for name in names where !known.contains(name) { throw unknown(reader, key, what, name, known) }
    return names
  }

  // MARK: - What fits together

  private func requireDistinctNames(_ root: StudyReader) throws {
    let lists = [
      ("method", methods.map { ($0.name, $0.line) }), ("data", data.map { ($0.key, $0.line) }),
      ("sweep", sweeps.map { ($0.name, $0.line) }),
    ]
    for sweep in sweeps {
      var seen: Set<String> = []
      for value in sweep.values where !seen.insert(StudyPlan.folderName(value)).inserted {
        throw StudyError.repeated(path: root.path, line: sweep.line, what: "value", name: value)
      }
    }
    for sweep in sweeps {
      let name = StudyPlan.folderName(sweep.name)
      guard !["curves", "boxes", "groups", "landscape", "minima"].contains(where: name.hasPrefix) else {
        throw StudyError.wrong(
          path: root.path, line: sweep.line, what: "the sweep \(sweep.name)",
          wanted: "called otherwise: a figure is called so")
      }
    }
    for (place, figure) in figures.enumerated() {
      let before = figures[..<place].first { other in
        other.kind == figure.kind && (other.kind != .landscape || other.dims == figure.dims)
          && other.data.contains(where: figure.data.contains)
      }
      guard before == nil else {
        throw StudyError.repeated(path: root.path, line: figure.line, what: "figure", name: figure.kind.rawValue)
      }
    }
    for (what, names) in lists {
      var seen: Set<String> = []
      for (name, line) in names where !seen.insert(StudyPlan.folderName(name)).inserted {
        throw StudyError.repeated(path: root.path, line: line, what: what, name: name)
      }
    }
  }

  private func requireNoCircle(_ method: Method, _ root: StudyReader) throws {
    var next = method.start
    for _ in methods {
      guard let name = next else { return }
      if name == method.name { break }
      next = self.method(name)?.start
    }
    if next != nil { throw StudyError.circle(path: root.path, line: method.line, method: method.name) }
  }
}

extension [StudyFile.Option] {
  /// These options, those of the same name replaced: an option that is given again is given anew.
  public func replaced(by others: [StudyFile.Option]) -> [StudyFile.Option] {
    let names = Set(others.map(\.name))
    return filter { !names.contains($0.name) } + others
  }
}
