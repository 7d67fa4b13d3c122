import Evaluation
import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@Suite struct RankingEvaluatorTests {
  /// Sizes around the steps of 256 users and the panels of 48 items; whole numbers make nearly everything a tie.
  @Test(
    arguments: [(1, 1), (3, 7), (20, 47), (20, 48), (20, 49), (9, 4100), (255, 40), (257, 40), (520, 33)],
    [true, false])
  func againstBruteForce(_ size: (users: Int, items: Int), _ whole: Bool) {
    let problem = RankingProblem(users: size.users, items: size.items, dimension: 3, whole: whole)
    let cutoffs = [1, 3, 20]
    let metrics = problem.evaluator(cutoffs).evaluate(problem.tables)
    let expected = problem.brute.evaluate(cutoffs)
    #expect(expected.count == 12)
    for (name, value) in expected {
      let got = metrics.named[name] ?? .nan
      #expect(abs(got - value) < 1e-12, "\(name)")
    }
    #expect(metrics.users == (0..<size.users).count { problem.relevant.degree($0) > 0 })
    let users = (0..<size.users).map { UInt32($0) }
    let lists = problem.evaluator([5]).top(20, problem.tables, users: users)
    #expect(lists == users.map { Array(problem.brute.ranking(Int($0)).prefix(20)) })
  }

  @Test(arguments: [1, 3, 16, 17, 128, 200]) func widths(_ dimension: Int) {
    let problem = RankingProblem(users: 12, items: 50, dimension: dimension, whole: true)
    let metrics = problem.evaluator([5]).evaluate(problem.tables)
    for (name, value) in problem.brute.evaluate([5]) { #expect(abs((metrics.named[name] ?? .nan) - value) < 1e-12) }
  }

  /// Lists are shorter than K when candidates run out; precision still divides by K.
  @Test func fewerCandidatesThanPlaces() {
    let tables = FinalTables(users: 2, items: 4, dimension: 1, storage: FloatBuffer([1, 1, 4, 3, 2, 1]))
    let masked = InteractionMatrix(users: 2, items: 4, pairs: [(0, 0), (0, 2), (1, 0), (1, 1), (1, 2), (1, 3)])
    let relevant = InteractionMatrix(users: 2, items: 4, pairs: [(0, 3), (1, 2)])
    let evaluator = RankingEvaluator(masked: masked, relevant: relevant, cutoffs: [10])
    #expect(evaluator.top(10, tables, users: [0, 1, 0]) == [[1, 3], [], [1, 3]])
    let metrics = evaluator.evaluate(tables)
    // User 1 has no candidate left: all its values are 0, and it counts.
    #expect(metrics.users == 2 && metrics[.recall, at: 10] == 0.5 && metrics[.hr, at: 10] == 0.5)
    #expect(metrics[.precision, at: 10] == 0.05)
    #expect(abs((metrics[.ndcg, at: 10] ?? 0) - 0.5 / 1.584962500721156) < 1e-12)
  }

  /// A relevant item that is masked cannot be found, but stays in |T_u|.
  @Test func maskedRelevantItem() {
    let tables = FinalTables(users: 1, items: 3, dimension: 1, storage: FloatBuffer([1, 3, 2, 1]))
    let evaluator = RankingEvaluator(
      masked: InteractionMatrix(users: 1, items: 3, pairs: [(0, 0)]),
      relevant: InteractionMatrix(users: 1, items: 3, pairs: [(0, 0), (0, 1)]), cutoffs: [1])
    #expect(evaluator.evaluate(tables)[.recall, at: 1] == 0.5)
  }

  @Test("A group of items has the ranking of all, and only its own held-out items")
  func itemGroups() throws {
    let problem = RankingProblem(users: 40, items: 60, dimension: 3, whole: false)
    let groups = try #require(ItemGroup.between([0, 3, 5, 100]))
    #expect(groups.map(\.name) == ["[0, 3)", "[3, 5)", "[5, 100)"])
    let degrees = problem.masked.itemDegrees
    let parts = groups.map { $0.restricted(problem.relevant, train: problem.masked) }
    #expect(parts.allSatisfy { $0.count > 0 } && parts.reduce(0) { $0 + $1.count } == problem.relevant.count)
    let together = problem.evaluator([10]).evaluate(problem.tables, against: [problem.relevant] + parts)
    #expect(together[0] == problem.evaluator([10]).evaluate(problem.tables) && together.count == 4)
    for ((group, part), joint) in zip(zip(groups, parts), together.dropFirst()) {
      let evaluator = RankingEvaluator(masked: problem.masked, relevant: part, cutoffs: [10])
      let brute = BruteForce(
        masked: problem.masked,
        relevant: InteractionMatrix(
          users: 40, items: 60,
          pairs: (0..<40).flatMap { user in
            problem.relevant.row(user).map { (user, Int($0)) }.filter { group.degrees.contains(degrees[$0.1]) }
          }), tables: problem.tables)
      #expect(joint == evaluator.evaluate(problem.tables), "one ranking for all, the same bytes")
      for (name, value) in brute.evaluate([10]) {
        #expect(abs((evaluator.evaluate(problem.tables).named[name] ?? .nan) - value) < 1e-12, "\(group.name) \(name)")
      }
    }
    for edges in [[], [3], [3, 3], [5, 2], [-1, 4]] { #expect(ItemGroup.between(edges) == nil) }
  }

  @Test func cutoffsAreSortedAndNamed() {
    let problem = RankingProblem(users: 5, items: 20, dimension: 3, whole: true)
    let metrics = problem.evaluator([20, 5]).evaluate(problem.tables)
    #expect(metrics.cutoffs == [5, 20])
    let names = ["recall", "ndcg", "hr", "precision"].flatMap { ["\($0)@5", "\($0)@20"] }
    #expect(Set(metrics.named.keys) == Set(names))
    #expect(metrics[.recall, at: 5] == metrics.named["recall@5"] && metrics[.recall, at: 7] == nil)
    #expect((metrics[.recall, at: 20] ?? 0) >= (metrics[.recall, at: 5] ?? 1))
  }

  @Test func nothingRelevant() {
    let problem = RankingProblem(users: 5, items: 20, dimension: 3, whole: true)
    let none = InteractionMatrix(users: 5, items: 20, pairs: [])
    let metrics = RankingEvaluator(masked: problem.masked, relevant: none, cutoffs: [5]).evaluate(problem.tables)
    #expect(metrics.users == 0 && metrics[.recall, at: 5]?.isNaN == true)
  }

  /// Items whose score is NaN are never recommended.
  @Test func notANumber() {
    let tables = FinalTables(users: 1, items: 4, dimension: 1, storage: FloatBuffer([1, 4, .nan, 2, 1]))
    let none = InteractionMatrix(users: 1, items: 4, pairs: [])
    #expect(RankingEvaluator(masked: none, relevant: none).top(4, tables, users: [0]) == [[0, 2, 3]])
  }

  /// Everything is a tie and every item is asked for: only what is masked may be missing.
  @Test func masksAcrossPanels() {
    let items = 6200
    let storage = FloatBuffer((0...items).map { _ in 1 as Float })
    let tables = FinalTables(users: 1, items: items, dimension: 1, storage: storage)
    let masked = [0, 1, 47, 48, 2047, 6191, 6192, 6199]
    let evaluator = RankingEvaluator(
      masked: InteractionMatrix(users: 1, items: items, pairs: masked.map { (0, $0) }),
      relevant: InteractionMatrix(users: 1, items: items, pairs: [(0, 5)]))
    let list = evaluator.top(items, tables, users: [0])[0]
    #expect(list == (0..<items).filter { !masked.contains($0) }.map { UInt32($0) })
  }

  @Test func sameBytesOnAnyThreads() {
    let problem = RankingProblem(users: 700, items: 300, dimension: 8, whole: false)
    let results = onThreads {
      problem.evaluator([5, 20]).evaluate(problem.tables)
    }
    #expect(results.allSatisfy { $0 == results[0] })
    #expect(
      RankingProblem(users: 700, items: 300, dimension: 8, whole: false, seed: 2).tables.storage[0]
        != problem.tables.storage[0])
  }
}
