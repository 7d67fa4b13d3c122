import LinearAlgebra

/// The trainings of a search.
extension StudyPlan {
  /// One point of a method's grid.
  public struct Trial: Sendable, Equatable {
    /// From 1: the name of its folder.
    public let number: Int
    public let run: Run
    /// What it tries, in the order of the grid's axes.
    public let options: [StudyFile.Option]
  }

  /// A method after those that it starts from, and after its model where that is searched too; each method once.
  public static func searchOrder(_ study: StudyFile) -> [String] {
    guard let search = study.search else { return [] }
    var order: [String] = []
    func add(_ method: StudyFile.Method) {
      let model = method.model.flatMap(study.method)
      if let model, search.spaces.contains(where: { $0.method == model.name }) { add(model) }
      for link in chain(method, study) where !order.contains(link.name) { order.append(link.name) }
    }
    for space in search.spaces { study.method(space.method).map(add) }
    return order
  }

  /// What a method has of the best trial of its model: all options of that one that it does not give itself.
  ///
  /// - Parameter found: what every method before it has, with its own best point: by name.
  public static func inherited(
    by method: StudyFile.Method, _ found: [String: [StudyFile.Option]]
  ) -> [StudyFile.Option] {
    (method.model.flatMap { found[$0] } ?? []).filter { !method.own.contains($0.name) }
  }

  /// The trials of a method on one data set: points of its grid without repetition, drawn from the search's seed.
  ///
  /// A method that others start from and that has no grid is trained once, as the study has it.
  ///
  /// - Parameters:
  ///   - start: folder of the run that it starts from.
  ///   - inherited: options that win over those of the study: ``inherited(by:_:)``.
  public static func trials(
    of method: StudyFile.Method, on entry: StudyFile.DataEntry, start: String?,
    inherited: [StudyFile.Option] = [], _ study: StudyFile
  ) -> [Trial] {
    guard let search = study.search else { return [] }
    let axes = search.spaces.first { $0.method == method.name }?.axes(on: entry.key) ?? []
    let size = axes.reduce(1) { $0 * $1.values.count }
    var places = Array(0..<size)
    var generator = RandomStream(seed: search.seed, "search", entry.key, method.name).generator()
    generator.shuffle(&places)
    return places.prefix(search.trials).enumerated().map { number, place in
      var rest = place
      let options = axes.map { axis -> StudyFile.Option in
        defer { rest /= axis.values.count }
        return StudyFile.Option(name: axis.option, value: axis.values[rest % axis.values.count], line: axis.line)
      }
      var all = study.train.replaced(by: entry.train).replaced(by: method.train)
      all = all.replaced(by: method.per[entry.key] ?? []).replaced(by: inherited).replaced(by: search.train)
      all = all.replaced(by: study.overrides).replaced(by: options)
      // Without a refit: its checkpoints would have seen the validation data.
      let own = [
        ("refit", "false"), ("stop-on", search.metric), ("dataset", entry.dataset), ("seed", "\(search.seed)"),
      ]
      all = all.replaced(by: own.map { StudyFile.Option(name: $0.0, value: $0.1, line: entry.line) })
      let folder = "_search/\(folderName(entry.key))/\(folderName(method.name))/\(number + 1)"
      return Trial(
        number: number + 1,
        run: Run(
          data: entry.key, method: method.name, sweep: nil, value: nil, seed: search.seed, folder: folder, start: start,
          options: all),
        options: options)
    }
  }
}
