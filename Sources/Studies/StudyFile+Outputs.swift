import Yams

/// Sweeps, the table and figures of a study's file.
extension StudyFile {
  static func sweeps(
    _ root: StudyReader, data: [DataEntry], methods: [Method], seeds: [UInt64]
  ) throws -> [Sweep] {
    guard let all = try root.part("sweeps") else { return [] }
    return try all.pairs("sweeps").map { name, node, line in
      let reader = try StudyReader(node, path: all.path, what: name)
      try reader.allow("title", "method", "option", "values", "data", "train", "seeds")
      let method = try named("method", reader, "method", known: methods.map(\.name), otherwise: [])
      guard method.count == 1, let option = try reader.text("option"), let values = try reader.texts("values"),
        values.count > 1
      else { throw reader.wrong(node, "the sweep \(name)", "method, option and two values or more") }
      try reader.allowOption(option, line: line)
      let keys = data.map(\.key)
      return Sweep(
        name: name, title: try reader.text("title") ?? name, method: method[0], option: option, values: values,
        data: try named("data", reader, "data", known: keys, otherwise: keys), train: try reader.options("train"),
        seeds: try reader.seeds("seeds") ?? seeds, line: line)
    }
  }

  static func table(_ root: StudyReader, data: [DataEntry], methods: [Method]) throws -> Table {
    guard let reader = try root.part("table") else {
      return Table(metrics: ["recall@20", "ndcg@20"], published: [:], seconds: [:])
    }
    try reader.allow("metrics", "published", "seconds")
    let metrics = try reader.texts("metrics") ?? ["recall@20", "ndcg@20"]
    for metric in metrics where !isMetric(metric) {
      throw reader.wrong(reader["metrics"], "'\(metric)'", "recall, ndcg, hr or precision at a cut-off: recall@20")
    }
    let names = methods.map(\.name)
    return Table(
      metrics: metrics,
      published: try byMethod(
        reader, "published", data, names, "a list of \(metrics.count) numbers, one for each metric"
      ) { $0.count == metrics.count ? $0 : nil },
      seconds: try byMethod(reader, "seconds", data, names, "a number") { $0.count == 1 ? $0[0] : nil })
  }

  /// Numbers by data and method.
  ///
  /// - Parameter make: nil where there are too many or too few.
  private static func byMethod<T>(
    _ table: StudyReader, _ key: String, _ data: [DataEntry], _ methods: [String], _ wanted: String,
    make: ([Double]) -> T?
  ) throws -> [String: [String: T]] {
    guard let part = try table.part(key) else { return [:] }
    var numbers: [String: [String: T]] = [:]
    for (key, node, line) in try part.pairs(key) {
      guard data.contains(where: { $0.key == key }) else {
        throw StudyError.unknownName(path: table.path, line: line, what: "data", name: key, known: data.map(\.key))
      }
      for (name, row, line) in try StudyReader(node, path: table.path, what: key).pairs(key) {
        guard methods.contains(name) else {
          throw StudyError.unknownName(path: table.path, line: line, what: "method", name: name, known: methods)
        }
        let values = row.sequence?.map(\.float) ?? [row.float]
        guard !values.contains(nil), let made = make(values.compactMap { $0 }) else {
          throw StudyError.wrong(
            path: table.path, line: line, what: name, wanted: wanted)
        }
        numbers[key, default: [:]][name] = made
      }
    }
    return numbers
  }

  static func isMetric(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && ["recall", "ndcg", "hr", "precision"].contains(parts[0]) && (Int(parts[1]) ?? 0) > 0
  }

  static func figures(_ root: StudyReader, data: [DataEntry], methods: [Method]) throws -> [Figure] {
    try root.parts("figures").map { reader in
      try reader.allow(
        "kind", "dims", "range", "points", "data", "methods", "rise", "degrees", "directions", "effort")
      guard let kind = try Figure.Kind(rawValue: reader.text("kind") ?? "") else {
        throw reader.wrong(reader["kind"], "kind", Figure.Kind.allCases.map(\.rawValue).joined(separator: ", "))
      }
      let shown = methods.filter(\.isShown).map(\.name)
      let keys = data.map(\.key)
      let degrees = try (reader.texts("degrees") ?? []).map { Int($0) ?? -1 }
      let isRising = degrees.count > 1 && zip(degrees, degrees.dropFirst()).allSatisfy(<)
      guard kind == .groups ? isRising && degrees[0] >= 0 : degrees.isEmpty else {
        throw reader.wrong(
          reader["degrees"], "degrees", kind == .groups ? "numbers that rise, [0, 100, 200]" : "left out but for groups"
        )
      }
      let (dims, directions) = (
        try reader.whole("dims", in: 1...3) ?? 2, try reader.whole("directions", in: 1...1000) ?? 1
      )
      guard directions == 1 || (kind == .landscape && dims == 1) else {
        throw reader.wrong(reader["directions"], "directions", "left out but for a landscape of dims 1")
      }
      return Figure(
        kind: kind, dims: dims, range: try reader.text("range"),
        points: try reader.text("points"), data: try named("data", reader, "data", known: keys, otherwise: keys),
        methods: try named("methods", reader, "method", known: methods.map(\.name), otherwise: shown),
        isRise: try reader.flag("rise") ?? false, degrees: degrees, directions: directions,
        effort: try reader.text("effort") ?? "standard", line: reader.line)
    }
  }
}
