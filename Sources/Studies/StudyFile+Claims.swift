import Yams

extension StudyFile {
  /// One statement of the paper, in a form that can be judged.
  public struct Claim: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      /// Methods rank better than another, on every data set by every metric of the table; or values of a sweep do.
      case better
      /// Minima of methods are flatter than those of another, by the measures of `landscape sharpness`.
      case flatter
      /// The best value of a sweep is one of these.
      case peak
      /// Over a sweep, or the `values` of it, the metrics move by at most `within` % of their mean.
      case steady
      /// An epoch takes as long as one of another method, times `factor`, within `within` %.
      case cost
    }

    /// What the paper says.
    public let text: String
    public let kind: Kind
    public let methods: [String]
    /// A method, or a value of the sweep.
    public let than: String?
    /// Keys of the data.
    public let data: [String]
    /// Only test interactions with items of so many train interactions.
    public let items: Range<Int>?
    public let sweep: String?
    /// Of the sweep.
    public let values: [String]
    /// In %.
    public let within: Double
    public let factor: Double
    public let line: Int
  }

  /// - Throws: ``StudyError`` where a name is unknown or something is missing for the kind.
  static func claims(
    _ root: StudyReader, data: [DataEntry], methods: [Method], sweeps: [Sweep], figures: [Figure]
  ) throws -> [Claim] {
    let shown = methods.filter(\.isShown).map(\.name)
    return try root.parts("claims").map { reader in
      try reader.allow("text", "kind", "methods", "than", "data", "items", "sweep", "values", "within", "factor")
      guard let kind = try Claim.Kind(rawValue: reader.text("kind") ?? ""), let text = try reader.text("text") else {
        throw reader.wrong(
          reader["kind"], "a claim", "text, and kind: " + Claim.Kind.allCases.map(\.rawValue).joined(separator: ", "))
      }
      let named = try one("sweep", reader, "sweep", known: sweeps.map(\.name))
      let sweep = sweeps.first { $0.name == named }
      let keys = sweep?.data ?? data.map(\.key)
      let claim = Claim(
        text: text, kind: kind, methods: try Self.named("methods", reader, "method", known: shown, otherwise: []),
        than: try one("than", reader, sweep == nil ? "method" : "value", known: sweep?.values ?? shown),
        data: try Self.named("data", reader, "data", known: keys, otherwise: keys), items: try items(reader),
        sweep: named, values: try Self.named("values", reader, "value", known: sweep?.values ?? [], otherwise: []),
        within: try reader.number("within", in: 0...1000) ?? 10,
        factor: try reader.number("factor", in: 0.001...1000) ?? 1, line: reader.line)
      try claim.requireWhole(reader, figures)
      return claim
    }
  }

  private static func one(_ key: String, _ reader: StudyReader, _ what: String, known: [String]) throws -> String? {
    let names = try named(key, reader, what, known: known, otherwise: [])
    guard names.count < 2 else { throw reader.wrong(reader[key], key, "one \(what)") }
    return names.first
  }

  private static func items(_ reader: StudyReader) throws -> Range<Int>? {
    guard let edges = try reader.texts("items")?.map({ Int($0) ?? -1 }) else { return nil }
    guard edges.count == 2, edges[0] >= 0, edges[0] < edges[1] else {
      throw reader.wrong(reader["items"], "items", "the two edges of a group: [0, 100]")
    }
    return edges[0]..<edges[1]
  }
}

extension StudyFile.Claim {
  /// Whether it has what its kind needs.
  fileprivate func requireWhole(_ reader: StudyReader, _ figures: [StudyFile.Figure]) throws {
    func need(_ isThere: Bool, _ wanted: String) throws {
      if !isThere { throw StudyError.wrong(path: reader.path, line: line, what: "the claim '\(text)'", wanted: wanted) }
    }
    try need(!data.isEmpty, "data")
    switch kind {
    case .better where sweep != nil:
      try need(than != nil && !values.isEmpty && methods.isEmpty, "values of the sweep, and than, another value of it")
      try need(!values.contains(than ?? ""), "values that are others than \(than ?? "")")
    case .better, .flatter, .cost:
      try need(than != nil && !methods.isEmpty && sweep == nil, "methods, and than, another method")
      try need(!methods.contains(than ?? ""), "methods that are others than \(than ?? "")")
    case .peak: try need(sweep != nil && !values.isEmpty && methods.isEmpty, "a sweep, and values of it")
    case .steady: try need(sweep != nil && values.count != 1 && methods.isEmpty, "a sweep, and two values of it or all")
    }
    func needFigure(_ wanted: String, _ fits: (StudyFile.Figure) -> Bool) throws {
      let isThere = data.allSatisfy { key in figures.contains { $0.data.contains(key) && fits($0) } }
      try need(isThere, wanted)
    }
    if let items {
      try need(kind == .better && sweep == nil, "without items, which only better between methods takes")
      try needFigure("a figure by groups of items with these edges, of the same data and methods") { figure in
        figure.kind == .groups && (methods + [than ?? ""]).allSatisfy(figure.methods.contains)
          && zip(figure.degrees, figure.degrees.dropFirst()).contains { $0..<$1 == items }
      }
    }
    if kind == .flatter {
      try needFigure("a figure of sharpness of the same data and methods whose first method is \(than ?? "")") {
        $0.kind == .sharpness && $0.methods.first == than && methods.allSatisfy($0.methods.contains)
      }
    }
  }
}
