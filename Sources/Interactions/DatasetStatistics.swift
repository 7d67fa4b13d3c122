/// The sizes of a data set over all its parts.
public struct DatasetStatistics: Sendable, Equatable {
  /// Users with at least one interaction.
  public let users: Int
  /// Items with at least one interaction.
  public let items: Int
  /// Distinct (user, item) pairs.
  public let interactions: Int
  public let trainInteractions: Int
  public let validationInteractions: Int?
  public let testInteractions: Int?
  /// Rows and columns without any interaction.
  public let emptyUserRows: Int
  public let emptyItemRows: Int
  /// Over the users and items with at least one interaction.
  public let userDegrees: DegreeQuantiles
  public let itemDegrees: DegreeQuantiles

  /// interactions / (users · items).
  public var density: Double { users * items == 0 ? 0 : Double(interactions) / (Double(users) * Double(items)) }

  public init(_ dataset: Dataset) {
    let all = [dataset.validation, dataset.test].compactMap(\.self).reduce(dataset.train) { $0.union($1) }
    let degrees = (users: all.userDegrees.filter { $0 > 0 }, items: all.itemDegrees.filter { $0 > 0 })
    users = degrees.users.count
    items = degrees.items.count
    interactions = all.count
    trainInteractions = dataset.train.count
    validationInteractions = dataset.validation?.count
    testInteractions = dataset.test?.count
    emptyUserRows = all.users - users
    emptyItemRows = all.items - items
    userDegrees = DegreeQuantiles(degrees.users)
    itemDegrees = DegreeQuantiles(degrees.items)
  }
}

/// How many interactions the rows have. Quantile p of n degrees is the ⌈p·n⌉-th smallest.
public struct DegreeQuantiles: Sendable, Equatable {
  public let mean: Double
  public let minimum, quarter, median, threeQuarters, nineTenths, ninetyNine, maximum: Int

  public init(_ degrees: [Int]) {
    let sorted = degrees.sorted()
    func quantile(_ hundredths: Int) -> Int {
      sorted.isEmpty ? 0 : sorted[max((sorted.count * hundredths + 99) / 100, 1) - 1]
    }
    mean = sorted.isEmpty ? 0 : Double(sorted.reduce(0, +)) / Double(sorted.count)
    (minimum, maximum) = (quantile(0), quantile(100))
    (quarter, median, threeQuarters) = (quantile(25), quantile(50), quantile(75))
    (nineTenths, ninetyNine) = (quantile(90), quantile(99))
  }
}
