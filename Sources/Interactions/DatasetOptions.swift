/// How to read and split a data set.
public struct DatasetOptions: Sendable, Equatable {
  /// Overrides the detected format.
  public var format: DatasetFormat?
  /// Columns of a table that are not recognised by their names.
  public var columns = ColumnNames()
  /// Interactions rated lower are left out; needs a rating column.
  public var minimumRating: Double?
  /// k-core: every user keeps at least this many items, counted over all parts; 0: no filter.
  public var minimumUserDegree = 0
  /// k-core: every item keeps at least this many users.
  public var minimumItemDegree = 0
  public var split = SplitRule.automatic
  /// The share of each user's train interactions that becomes validation where the split has none; 0 ..< 1.
  public var validationShare = 0.0
  /// Seeds every random choice of splitting.
  public var seed: UInt64 = 1
  /// Renumbers users and items where ids are row numbers, so that no row is empty.
  public var compact = false
  /// Puts the validation interactions back into train after the split: what a final model is refitted on.
  public var mergesValidation = false
  /// Makes test users without train interactions an error.
  public var strict = false

  public init() {}

  /// The options as text by name, defaults left out; `split` is always there.
  public var record: [String: String] {
    var record = ["split": split.text]
    if let format { record["format"] = format.rawValue }
    if columns != ColumnNames() { record["columns"] = columns.text }
    if let minimumRating { record["minimum-rating"] = "\(minimumRating)" }
    if minimumUserDegree > 0 || minimumItemDegree > 0 { record["core"] = "\(minimumUserDegree):\(minimumItemDegree)" }
    if validationShare > 0 { record["validation"] = "\(validationShare)" }
    if validationShare > 0 || split.isRandom { record["seed"] = "\(seed)" }
    if compact { record["compact"] = "true" }
    if mergesValidation { record["validation-in-train"] = "true" }
    return record
  }

  /// The options that a ``record`` describes; entries of other names are ignored.
  ///
  /// - Throws: ``DatasetError`` for values that cannot be understood.
  public init(record: [String: String]) throws {
    if let text = record["split"] { split = try SplitRule(parsing: text) }
    format = record["format"].flatMap(DatasetFormat.init)
    if let text = record["columns"] { columns = try ColumnNames(parsing: text) }
    minimumRating = record["minimum-rating"].flatMap(Double.init)
    let core = record["core"]?.split(separator: ":").compactMap { Int($0) } ?? []
    if core.count == 2 { (minimumUserDegree, minimumItemDegree) = (core[0], core[1]) }
    if let text = record["validation"] {
      guard let share = Double(text), (0..<1).contains(share) else { throw DatasetError.invalidValidationShare(text) }
      validationShare = share
    }
    if let text = record["seed"], let value = UInt64(text) { seed = value }
    compact = record["compact"] == "true"
    mergesValidation = record["validation-in-train"] == "true"
  }
}

/// How interactions are divided into train, validation and test.
public enum SplitRule: Sendable, Equatable {
  /// As given where the data come with a test split, else 8:2.
  case automatic
  /// As given; an error where they are not.
  case given
  /// By shares of each user's interactions, at random.
  case shares(train: Int, validation: Int, test: Int)
  /// Each user's latest interaction is test and, if `validation`, the one before it validation.
  case leaveOneOut(validation: Bool)

  /// From `given`, `8:2`, `8:1:1`, `leave-one-out` or `leave-last-out` (without validation).
  ///
  /// - Throws: `invalidSplit`.
  public init(parsing text: String) throws {
    switch text {
    case "automatic": self = .automatic
    case "given": self = .given
    case "leave-one-out": self = .leaveOneOut(validation: true)
    case "leave-last-out": self = .leaveOneOut(validation: false)
    default:
      let fields = text.split(separator: ":", omittingEmptySubsequences: false)
      let shares = fields.compactMap { UInt16($0) }.map(Int.init)
      guard shares.count == fields.count, (2...3).contains(shares.count), shares.allSatisfy({ $0 > 0 }) else {
        throw DatasetError.invalidSplit(text)
      }
      self = .shares(train: shares[0], validation: shares.count == 3 ? shares[1] : 0, test: shares.last!)
    }
  }

  /// The form that ``init(parsing:)`` reads.
  public var text: String {
    switch self {
    case .automatic: "automatic"
    case .given: "given"
    case .shares(let train, 0, let test): "\(train):\(test)"
    case .shares(let train, let validation, let test): "\(train):\(validation):\(test)"
    case .leaveOneOut(true): "leave-one-out"
    case .leaveOneOut(false): "leave-last-out"
    }
  }

  var isRandom: Bool { if case .shares = self { true } else { false } }
}
