/// Interactions split for training and evaluation, with what is known about where they come from.
public struct Dataset: Sendable {
  /// How the data set is asked for: a registered name, `synthetic…`, or the last part of a path.
  public var name: String
  public var train: InteractionMatrix
  /// The interactions that choose epochs and hyper-parameters.
  public var validation: InteractionMatrix?
  /// The interactions that nothing is chosen on.
  public var test: InteractionMatrix?
  /// External ids by row; nil where ids are row numbers.
  public var ids: IdentifierMap?
  /// How the data were read and split, in the words of ``DatasetOptions/record``; enough to do it again.
  public var split: [String: String]
  public var notes: DatasetNotes

  public init(
    name: String, train: InteractionMatrix, validation: InteractionMatrix? = nil, test: InteractionMatrix? = nil,
    ids: IdentifierMap? = nil, split: [String: String] = [:], notes: DatasetNotes = DatasetNotes()
  ) {
    self.name = name
    self.train = train
    self.validation = validation
    self.test = test
    self.ids = ids
    self.split = split
    self.notes = notes
  }

  /// The number of rows, empty ones included.
  public var users: Int { train.users }
  /// The number of columns, empty ones included.
  public var items: Int { train.items }
}

/// What happened to the data on the way from file to matrices. All are counts.
public struct DatasetNotes: Sendable, Equatable {
  /// The format the files were read in; nil for generated data.
  public var format: DatasetFormat?
  /// The files, in the order train, validation, test.
  public var files: [String] = []
  /// Interactions in the files, after the rating threshold.
  public var interactionsRead = 0
  /// Lines left out because their rating was below the threshold.
  public var belowMinimumRating = 0
  /// Repeated pairs of one part, merged into one.
  public var duplicates = 0
  /// Pairs of test or validation that are in train too. They stay in both; evaluation cannot rank them.
  public var heldOutAlsoInTrain = 0
  /// Interactions removed by k-core filtering.
  public var removedByCore = 0
  /// Users left out of test because they have no train interactions, and their interactions.
  public var testUsersWithoutTrain = 0
  public var testInteractionsDropped = 0
  /// The same for validation.
  public var validationUsersWithoutTrain = 0
  public var validationInteractionsDropped = 0

  public init() {}
}
