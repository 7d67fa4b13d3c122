import Foundation

extension Dataset {
  /// Finds, reads and splits a data set.
  ///
  /// - Parameters:
  ///   - name: `synthetic…`, a registered name, or a path to a folder or file.
  ///   - options: how to read and split.
  ///   - locator: where names are looked up.
  /// - Throws: ``DatasetError`` naming file and line of the first thing that is wrong.
  public static func load(
    _ name: String, options: DatasetOptions = DatasetOptions(), locator: DatasetLocator = DatasetLocator()
  ) throws -> Dataset {
    guard (0..<1).contains(options.validationShare) else {
      throw DatasetError.invalidValidationShare("\(options.validationShare)")
    }
    switch try locator.locate(name) {
    case .synthetic(let configuration):
      let generated = try SyntheticGenerator(configuration).generate()
      return try options.keepsGivenSplit ? generated.completed(options) : generated.divided(options)
    case .stored(let path):
      return try read(path: path, options)
    }
  }

  private static func read(path: String, _ options: DatasetOptions) throws -> Dataset {
    let name = Self.name(ofPath: path)
    let source = try DatasetSource.find(path, format: options.format)
    let raw = try source.read(ReadingOptions(options))
    var notes = DatasetNotes()
    notes.format = source.format
    notes.files = source.files.map(\.path)
    notes.interactionsRead = raw.count
    notes.belowMinimumRating = raw.belowMinimumRating
    if raw.count == 0 { throw DatasetError.noInteractionsLeft(name: name, reason: "all ratings are below the minimum") }
    return try raw.divided(name: name, options, notes)
  }

  /// A generated data set filtered or split otherwise than it was generated.
  private func divided(_ options: DatasetOptions) throws -> Dataset {
    let raw = RawInteractions(
      parts: [.train: EventTable(train), .test: EventTable(test ?? train.filtered { _, _ in false })],
      users: users, items: items)
    return try raw.divided(name: name, options, notes)
  }

  /// The last part of a path, without the endings of text files.
  static func name(ofPath path: String) -> String {
    var name = ((path as NSString).standardizingPath as NSString).lastPathComponent
    for ending in [".gz", ".txt", ".tsv", ".csv", ".dat", ".inter"] where name.hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    return name
  }
}

extension RawInteractions {
  /// Filters, merges repeated pairs and splits.
  func divided(name: String, _ options: DatasetOptions, _ notes: DatasetNotes) throws -> Dataset {
    var raw = self
    var notes = notes
    var options = options
    let isSplit = parts[.test] != nil
    switch options.split {
    case .automatic: options.split = isSplit ? .given : .shares(train: 8, validation: 0, test: 2)
    case .given where !isSplit: throw DatasetError.noGivenSplit(name: name)
    default: break
    }
    notes.removedByCore = raw.filterCore(users: options.minimumUserDegree, items: options.minimumItemDegree)
    if raw.count == 0 { throw DatasetError.noInteractionsLeft(name: name, reason: "the k-core is empty") }
    let matrices = raw.matrices(options, &notes)
    if options.strict { try raw.refuseUsersWithoutTrain(matrices.train) }
    let dataset = Dataset(
      name: name, train: matrices.train, validation: matrices.validation, test: matrices.test, ids: raw.ids,
      notes: notes)
    return dataset.completed(options)
  }

  private func matrices(_ options: DatasetOptions, _ notes: inout DatasetNotes) -> SplitMatrices {
    func matrix(_ table: EventTable) -> InteractionMatrix {
      let matrix = InteractionMatrix(users: users, items: items, rows: table.users, columns: table.items)
      notes.duplicates += table.count - matrix.count
      return matrix
    }
    switch options.split {
    case .automatic, .given:
      return SplitMatrices(
        train: matrix(parts[.train]!), validation: parts[.validation].map(matrix), test: matrix(parts[.test]!))
    case .shares(let train, let validation, let test):
      let total = Double(train + validation + test)
      return matrix(merged).split(
        test: Double(test) / total, validation: Double(validation) / total, seed: options.seed, purpose: "shares",
        name: { ids.name(ofUser: $0) })
    case .leaveOneOut(let validation):
      let histories = InteractionHistories(merged, users: users, items: items)
      notes.duplicates = count - histories.ordered.count
      return InteractionMatrix.leavingOneOut(histories, validation: validation)
    }
  }

  /// All parts as one, in the order train, validation, test.
  private var merged: EventTable {
    parts.keys.sorted().dropFirst().reduce(into: parts[parts.keys.min()!]!) { table, part in
      table.users += parts[part]!.users
      table.items += parts[part]!.items
      table.times += parts[part]!.times
    }
  }

  private func refuseUsersWithoutTrain(_ train: InteractionMatrix) throws {
    for part in [DatasetPart.validation, .test] {
      guard let table = parts[part], let file = table.file, !table.lineStarts.isEmpty else { continue }
      for index in 0..<table.count where train.degree(Int(table.users[index])) == 0 {
        throw DatasetError.heldOutUserWithoutTrain(
          file.place(at: table.lineStarts[index]), user: ids.name(ofUser: Int(table.users[index])))
      }
    }
  }
}

extension Dataset {
  /// The same with the validation interactions in train: what a final model is refitted on once validation has chosen.
  public func mergingValidation() -> Dataset {
    guard let validation else { return self }
    var result = self
    (result.train, result.validation) = (train.union(validation), nil)
    result.split["validation-in-train"] = "true"
    return result
  }

  /// Leaves out what cannot be evaluated, takes validation out of train, and records how.
  func completed(_ options: DatasetOptions) -> Dataset {
    var result = self
    var options = options
    if options.split == .automatic { options.split = .given }
    if let test {
      let (kept, users) = test.droppingUsersWithoutTrain(train)
      result.notes.testUsersWithoutTrain = users
      result.notes.testInteractionsDropped = test.count - kept.count
      result.notes.heldOutAlsoInTrain += kept.overlap(train)
      result.test = kept
    }
    if let validation {
      let (kept, users) = validation.droppingUsersWithoutTrain(train)
      result.notes.validationUsersWithoutTrain = users
      result.notes.validationInteractionsDropped = validation.count - kept.count
      result.notes.heldOutAlsoInTrain += kept.overlap(train)
      result.validation = kept
      options.validationShare = 0
    } else if options.validationShare > 0 {
      let parts = train.split(
        test: 0, validation: options.validationShare, seed: options.seed, purpose: "validation",
        name: { ids.name(ofUser: $0) })
      (result.train, result.validation) = (parts.train, parts.validation)
    }
    result.split = options.record
    return options.mergesValidation ? result.mergingValidation() : result
  }
}

extension InteractionMatrix {
  /// Empties the rows that are empty in train.
  fileprivate func droppingUsersWithoutTrain(_ train: InteractionMatrix) -> (kept: InteractionMatrix, users: Int) {
    let dropped = (0..<users).count { degree($0) > 0 && train.degree($0) == 0 }
    return (dropped == 0 ? self : filtered { user, _ in train.degree(user) > 0 }, dropped)
  }
}

extension DatasetOptions {
  /// Whether nothing changes which interactions a generated data set has in train and test.
  fileprivate var keepsGivenSplit: Bool {
    (split == .automatic || split == .given) && minimumUserDegree == 0 && minimumItemDegree == 0
  }
}

extension ReadingOptions {
  fileprivate init(_ options: DatasetOptions) {
    self.init(
      columns: options.columns, minimumRating: options.minimumRating, compact: options.compact, strict: options.strict)
  }
}

extension EventTable {
  fileprivate init(_ matrix: InteractionMatrix) {
    items = matrix.columns
    users.reserveCapacity(matrix.count)
    for user in 0..<matrix.users { users.append(contentsOf: repeatElement(UInt32(user), count: matrix.degree(user))) }
  }
}

extension IdentifierMap? {
  /// A user's external id, or the row number where ids are row numbers.
  func name(ofUser user: Int) -> String { self?.users[user] ?? String(user) }
}
