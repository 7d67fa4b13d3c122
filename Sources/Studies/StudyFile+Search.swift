import Yams

extension StudyFile {
  /// Where hyper-parameters are looked for, and how: random search over grids, by a metric on validation data.
  ///
  /// Every method gets the same number of trials; test data decide nothing.
  public struct Search: Sendable, Equatable {
    public let seed: UInt64
    /// Trainings of every method on every data set; fewer where the method's grid is smaller.
    public let trials: Int
    /// Higher is better: ndcg@20.
    public let metric: String
    /// Keys of the data.
    public let data: [String]
    /// What every trial is given, whatever the method's own options; the grid's win over it.
    public let train: [Option]
    /// In the order of the file.
    public let spaces: [Space]

    /// The grid of one method.
    public struct Space: Sendable, Equatable {
      public let method: String
      public let axes: [Axis]
      /// More axes, or other values of the same options, by the key of the data.
      public let per: [String: [Axis]]
      public let line: Int

      /// The grid on one data set.
      public func axes(on key: String) -> [Axis] {
        let own = per[key] ?? []
        return axes.map { axis in own.first { $0.option == axis.option } ?? axis }
          + own.filter { axis in !axes.contains { $0.option == axis.option } }
      }
    }

    /// One option and its values.
    public struct Axis: Sendable, Equatable {
      public let option: String
      public let values: [String]
      public let line: Int
    }
  }

  static func search(_ root: StudyReader, data: [DataEntry], methods: [Method]) throws -> Search? {
    guard let reader = try root.part("search") else { return nil }
    try reader.allow("seed", "trials", "metric", "data", "train", "spaces")
    let metric = try reader.text("metric") ?? "ndcg@20"
    guard isMetric(metric) else {
      throw reader.wrong(reader["metric"], "'\(metric)'", "recall, ndcg, hr or precision at a cut-off: ndcg@20")
    }
    guard let spaces = try reader.part("spaces"), !spaces.mapping.isEmpty else {
      throw reader.wrong(reader["spaces"], "spaces of the search", "a method or more: {BPR: {l2: [0.001, 0.01]}}")
    }
    let (keys, names) = (data.map(\.key), methods.map(\.name))
    return Search(
      seed: UInt64(try reader.whole("seed", in: 0...Int.max) ?? 1),
      trials: try reader.whole("trials", in: 1...10_000) ?? 10,
      metric: metric, data: try named("data", reader, "data", known: keys, otherwise: keys),
      train: try reader.options("train"),
      spaces: try spaces.pairs("spaces").map { name, node, line in
        guard names.contains(name) else {
          throw StudyError.unknownName(path: root.path, line: line, what: "method", name: name, known: names)
        }
        let space = try StudyReader(node, path: root.path, what: name)
        let per = try space.part("per")
        let own = try per?.pairs("per").map { key, node, line in
          guard keys.contains(key) else {
            throw StudyError.unknownName(path: root.path, line: line, what: "data", name: key, known: keys)
          }
          return (key, try axes(of: StudyReader(node, path: root.path, what: key), name))
        }
        let made = Search.Space(
          method: name, axes: try axes(of: space, name), per: Dictionary(uniqueKeysWithValues: own ?? []), line: line)
        for key in keys {
          guard made.axes(on: key).reduce(1.0, { $0 * Double($1.values.count) }) <= 1e6 else {
            throw StudyError.wrong(
              path: root.path, line: line, what: "the grid of \(name)", wanted: "a million points at most")
          }
        }
        return made
      })
  }

  /// The options of a grid, but for `per`.
  private static func axes(of reader: StudyReader, _ what: String) throws -> [Search.Axis] {
    try reader.pairs(what).compactMap { option, _, line in
      if option == "per" { return nil }
      try reader.allowOption(option, line: line)
      let values = try reader.texts(option) ?? []
      guard !values.isEmpty, Set(values).count == values.count else {
        throw StudyError.wrong(path: reader.path, line: line, what: option, wanted: "values that differ, in a list")
      }
      return Search.Axis(option: option, values: values, line: line)
    }
  }
}
