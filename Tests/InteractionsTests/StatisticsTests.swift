import Interactions
import Testing

/// What is known of a public data set.
struct KnownData: Sendable, CustomTestStringConvertible {
  var name: String
  var users: Int
  var items: Int
  var interactions: Int
  /// In per cent, as printed.
  var density: String
  var testDescription: String { name }

  static func isPresent(_ name: String) -> Bool { packageLocator.isPresent(name) }

  func check(_ data: Dataset) {
    let statistics = DatasetStatistics(data)
    #expect(statistics.users == users && statistics.items == items && statistics.interactions == interactions)
    #expect(data.report().contains("density       \(density) %"))
  }
}

@Suite struct StatisticsTests {
  /// SharpCF, table 1.
  @Test(.enabled(if: KnownData.isPresent("gowalla"), "gowalla is not here: make data DATASET=gowalla"))
  func gowalla() throws {
    let data = try Dataset.load("gowalla", locator: packageLocator)
    KnownData(name: "gowalla", users: 29_858, items: 40_981, interactions: 1_027_370, density: "0.084").check(data)
    #expect(data.train.count == 810_128 && data.test?.count == 217_242)
    // Computed by an independent Python program.
    #expect(data.train.fingerprint() == "4f4da941f16972ae4c07f98ab75ba5fd02f3a496c3e1644050e7a79e9711c2ca")
  }

  /// SharpCF, table 1.
  @Test(.enabled(if: KnownData.isPresent("yelp2018"), "yelp2018 is not here: make data DATASET=yelp2018"))
  func yelp2018() throws {
    let data = try Dataset.load("yelp2018", locator: packageLocator)
    KnownData(name: "yelp2018", users: 31_668, items: 38_048, interactions: 1_561_406, density: "0.130").check(data)
    #expect(data.train.fingerprint() == "43d2f7e877ec11969f03dfc15e7bdcd35d603f962c40584662c8aa16b6eef462")
  }

  /// 3,706 items have ratings; SharpCF's table 1 prints 3,900 and a density over the 3,952 possible ids.
  @Test(.enabled(if: KnownData.isPresent("ml-1m"), "ml-1m is not here: make data DATASET=ml-1m"))
  func ml1m() throws {
    let known = KnownData(name: "ml-1m", users: 6_040, items: 3_706, interactions: 1_000_209, density: "4.468")
    known.check(try Dataset.load("ml-1m", locator: packageLocator))
    var options = DatasetOptions()
    (options.minimumUserDegree, options.minimumItemDegree) = (5, 5)
    options.split = .leaveOneOut(validation: true)
    let core = try Dataset.load("ml-1m", options: options, locator: packageLocator)
    let statistics = DatasetStatistics(core)
    #expect([statistics.users, statistics.items, statistics.interactions] == [6_040, 3_416, 999_611])
    #expect(core.test?.count == 6_040 && core.validation?.count == 6_040)
  }

  @Test(.enabled(if: KnownData.isPresent("ml-100k"), "ml-100k is not here: make data DATASET=ml-100k"))
  func ml100k() throws {
    let known = KnownData(name: "ml-100k", users: 943, items: 1_682, interactions: 100_000, density: "6.305")
    known.check(try Dataset.load("ml-100k", locator: packageLocator))
  }

  @Test func report() throws {
    let data = try load(fixture("lightgcn"))
    let report = data.report()
    for line in [
      "users         3 (and 2 empty rows)", "items         5", "interactions  8", "density       53.333 %",
      "split         split given", "train         5", "validation    1", "test          2", "format        lightgcn",
      "notes         1 repeated interactions merged", "              1 test users without train interactions left out",
      "fingerprint   \(data.train.fingerprint())",
      "user                    2.7        2        2        3        3        3        3        3",
    ] { #expect(report.contains(line + "\n"), "\(line) in\n\(report)") }
  }

  @Test func quantiles() {
    let quantiles = DegreeQuantiles((1...200).reversed())
    #expect(quantiles.mean == 100.5 && quantiles.minimum == 1 && quantiles.maximum == 200)
    #expect([quantiles.quarter, quantiles.median, quantiles.threeQuarters] == [50, 100, 150])
    #expect([quantiles.nineTenths, quantiles.ninetyNine] == [180, 198])
    #expect(DegreeQuantiles([]).maximum == 0 && DegreeQuantiles([7]).median == 7)
  }
}
