/// A study as its file describes it: data sets × methods × seeds, sweeps, and the published numbers they stand beside.
///
/// Options of trainings are those of `landscape train`, by their long names.
public struct StudyFile: Sendable, Equatable {
  /// Heading of the report.
  public var title: String
  /// The paper, and the table or figure of it.
  public var source: String?
  /// Seeds of training; every method meets the same ones.
  public var seeds: [UInt64]
  /// What every training is given.
  public var train: [Option]
  /// In the order of the file, as are methods, sweeps and figures.
  public var data: [DataEntry]
  /// Every method; those that start from another may stand before it.
  public var methods: [Method]
  /// Trainings over several values of one option.
  public var sweeps: [Sweep]
  /// What is ranked by, and the published numbers.
  public var table: Table
  /// What is drawn, for each data set.
  public var figures: [Figure]
  /// How hyper-parameters are found.
  public var search: Search?
  /// What the paper says, to be judged.
  public var claims: [Claim]
  /// A short version of the study.
  public var quick: Quick?
  /// What every training is given last, whatever else the file says: that of ``quick``, where it is asked for.
  public internal(set) var overrides: [Option] = []

  /// One option of a training: `--name value`.
  public struct Option: Sendable, Equatable {
    public let name: String
    /// "true" and "false" are flags.
    public let value: String
    /// Where it stands in the file.
    public let line: Int

    public init(name: String, value: String, line: Int) {
      (self.name, self.value, self.line) = (name, value, line)
    }
  }

  /// A data set under one protocol.
  public struct DataEntry: Sendable, Equatable {
    public let key: String
    /// As `--dataset` takes it.
    public var dataset: String
    public var title: String
    /// Used where `dataset` is not found, and named in the report.
    public var fallback: String?
    /// What every training on it is given.
    public var train: [Option]
    /// The published users, items and interactions; of those that the paper gives.
    public var published: [String: Double]
    public let line: Int
  }

  /// A way of training.
  public struct Method: Sendable, Equatable {
    public let name: String
    /// The method whose checkpoint it starts from.
    public var start: String?
    /// The method that it is compared with.
    public var baseline: String?
    /// The method whose settings it has where it names none.
    public var model: String?
    public var train: [Option]
    /// More options, by the key of the data.
    public var per: [String: [Option]]
    /// Of the study's seeds, the first so many; nil for all.
    public var seeds: Int?
    /// Whether it stands in tables and figures; a common pretraining does not.
    public var isShown: Bool
    /// Names of the options that it gives itself, in place of its model's.
    public var own: Set<String>
    public let line: Int
  }

  /// One option of a method over several values.
  public struct Sweep: Sendable, Equatable {
    public let name: String
    public var title: String
    public var method: String
    public var option: String
    public var values: [String]
    /// Keys of the data.
    public var data: [String]
    /// More options of the swept trainings.
    public var train: [Option]
    public var seeds: [UInt64]
    public let line: Int
  }

  /// The table of ranking metrics.
  public struct Table: Sendable, Equatable {
    /// "recall@20", …
    public var metrics: [String]
    /// Published values of the metrics, by data and method.
    public var published: [String: [String: [Double]]]
    /// Published seconds for an epoch, by data and method.
    public var seconds: [String: [String: Double]]
  }

  /// A figure of all shown methods, one for each data set.
  public struct Figure: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
      /// The loss around the minima, `dims` directions.
      case landscape
      /// Metric by epoch.
      case curves
      /// Metrics over the seeds.
      case boxes
      /// Metrics by groups of items.
      case groups
      /// How flat the minima are: `landscape sharpness`.
      case sharpness
    }

    public var kind: Kind
    public var dims: Int
    public var range: String?
    public var points: String?
    /// Keys of the data; all where none are named.
    public var data: [String]
    /// Names of methods; all that are shown where none are named.
    public var methods: [String]
    /// Draw the rise above each minimum.
    public var isRise: Bool
    /// Edges of groups of items, by their train interactions.
    public var degrees: [Int]
    /// Directions of a one-dimensional landscape: mean and spread over them are drawn.
    public var directions: Int
    /// Of sharpness: quick, standard, thorough.
    public var effort: String
    public let line: Int

    /// Of a landscape, as `landscape compare` takes them.
    public var options: [String] {
      ["--dims", "\(dims)"] + (range.map { ["--range=\($0)"] } ?? []) + (points.map { ["--points", $0] } ?? [])
    }
  }

  /// The data of a key.
  public func entry(_ key: String) -> DataEntry? { data.first { $0.key == key } }

  /// Puts in what stands in for data sets that are not here, which their titles then say; returns the names of those, by
  /// the key of the data.
  public mutating func replaceMissing(_ isPresent: (String) -> Bool) -> [String: String] {
    var missing: [String: String] = [:]
    for place in data.indices {
      guard let other = data[place].fallback, !isPresent(data[place].dataset) else { continue }
      missing[data[place].key] = data[place].dataset
      data[place].dataset = other
      data[place].title += " (here \(other))"
    }
    return missing
  }

  /// The method of a name.
  public func method(_ name: String) -> Method? { methods.first { $0.name == name } }
  /// Those that stand in tables and figures.
  public var shownMethods: [Method] { methods.filter(\.isShown) }
}
