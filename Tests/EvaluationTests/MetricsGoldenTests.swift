import Evaluation
import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

/// Rankings and metrics against the reference: ties, masks, users without test items, few candidates.
@Suite struct MetricsGoldenTests {
  /// Scores as the product of (scores) and the identity: exact.
  struct Data {
    let golden: Golden
    let tables: FinalTables
    let masked, relevant: InteractionMatrix
    let cutoffs: [Int]

    init(_ golden: GoldenCase) throws {
      self.golden = try golden.load()
      let inputs = self.golden.inputs
      let shape = try inputs["scores"].shape
      let (users, items) = (shape[0], shape[1])
      let identity = (0..<items * items).map { Float($0 / items == $0 % items ? 1 : 0) }
      tables = FinalTables(
        users: users, items: items, dimension: items, storage: FloatBuffer(try inputs["scores"].floats + identity))
      func matrix(_ rows: GoldenValue) throws -> InteractionMatrix {
        let pairs = try rows.list.enumerated().flatMap { user, row in try row.indices.map { (user, Int($0)) } }
        return InteractionMatrix(users: users, items: items, pairs: pairs)
      }
      masked = try matrix(inputs["train"])
      relevant = try matrix(inputs["test"])
      cutoffs = try inputs["ks"].doubles.map { Int($0) }
    }

    func evaluator(_ relevant: InteractionMatrix) -> RankingEvaluator {
      RankingEvaluator(masked: masked, relevant: relevant, cutoffs: cutoffs)
    }
  }

  @Test(arguments: GoldenCase.all("metrics")) func rankings(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    let expected = try data.golden.expected["ranking"].list.map { try $0.indices }
    let lists = data.evaluator(data.relevant).top(
      20, data.tables, users: (0..<data.tables.users).map { UInt32($0) })
    #expect(lists == expected)
  }

  @Test(arguments: GoldenCase.all("metrics")) func means(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    let metrics = data.evaluator(data.relevant).evaluate(data.tables)
    #expect(metrics.users == (try data.golden.expected["counted_users"].int))
    let means = try data.golden.expected["mean"].members
    #expect(Set(means.keys) == ["recall", "ndcg", "hr"])
    for (name, expected) in means {
      let values = RankingMetrics.Metric(rawValue: name).flatMap { metrics.values[$0] } ?? []
      #expect(Dense.distance(values, try expected.doubles) < 1e-12, "\(name)")
    }
  }

  /// One user at a time: the mean over one user is that user's value.
  @Test(arguments: GoldenCase.all("metrics")) func everyUser(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    for (user, rows) in try data.golden.expected["per_user"].list.enumerated() {
      let alone = data.relevant.filtered { row, _ in row == user }
      let metrics = data.evaluator(alone).evaluate(data.tables)
      for (place, row) in try rows.list.enumerated() {
        #expect(row.isNull == (metrics.users == 0))
        if row.isNull { continue }
        #expect(try row["k"].int == data.cutoffs[place])
        for metric in [RankingMetrics.Metric.recall, .ndcg, .hr] {
          let got = metrics.values[metric]?[place] ?? .nan
          #expect(abs(got - (try row[metric.rawValue].double)) < 1e-12, "user \(user), \(metric)")
        }
      }
    }
  }
}
