import Foundation
import Statistics
import Testing

@testable import Studies

@Suite("Claims of a study")
struct ClaimTests {
  private static let subject = ClaimVerdict.Subject("small", "SharpCF, Recall@20")

  private func samples(_ base: [Double], _ shift: Double) -> ClaimVerdict.Samples {
    ClaimVerdict.Samples(
      Self.subject, base: base, other: base.enumerated().map { $1 + shift * (1 + 0.01 * Double($0)) })
  }

  private let base = [0.10, 0.11, 0.105, 0.102, 0.107]

  @Test("Reproduced where every comparison says so with p < 0.05, partly where some do, not where none does")
  func words() {
    let (up, down) = (samples(base, 0.02), samples(base, -0.02))
    let noise = ClaimVerdict.Samples(Self.subject, base: base, other: [0.11, 0.10, 0.106, 0.101, 0.1075])
    #expect(ClaimVerdict([up, up], of: "changes").word == .reproduced)
    #expect(ClaimVerdict([up, noise], of: "changes").word == .partly)
    #expect(ClaimVerdict([up, down], of: "changes").word == .partly)
    #expect(ClaimVerdict([down, noise], of: "changes").word == .not)
    #expect(ClaimVerdict([ClaimVerdict.Samples](), of: "changes").word == .unmeasured)
    let mixed = ClaimVerdict([up, down, noise], of: "changes").sentence
    #expect(mixed.contains("Of 3 comparisons, 1 as claimed (p < 0.05, Holm), 1 the other way, 1 undecided"))
    #expect(mixed.contains("changes from −") && mixed.contains("to +") && mixed.hasSuffix("%."), "one data set")
    let other = ClaimVerdict.Samples(.init("large", "SharpCF, Recall@20"), base: base, other: base)
    #expect(
      ClaimVerdict([up, other, down], of: "changes").sentence.hasSuffix(
        " As claimed on small: 1 of 2; on large: 0 of 1."))
  }

  @Test("p is Holm's over the claim's comparisons, and percent the paired difference in % of the base")
  func numbers() throws {
    let other = zip(base, [0.004, 0.001, 0.003, 0.001, 0.001]).map(+)
    let one = ClaimVerdict.Samples(Self.subject, base: base, other: other)
    let p = PairedDifference(from: base, to: other).pValue
    #expect(p < 0.05 && 2 * p > 0.05)
    let verdict = ClaimVerdict([one], of: "changes")
    #expect(verdict.comparisons[0].outcome == .supports && verdict.comparisons[0].isTested)
    #expect(ClaimVerdict([one, one], of: "changes").comparisons.allSatisfy { $0.outcome == .undecided })
    let percent = 100 * (other.reduce(0, +) / base.reduce(0, +) - 1)
    #expect(abs(verdict.comparisons[0].percent - percent) < 1e-9)
  }

  @Test("One run each is told by the sign alone, and said to be untested")
  func single() {
    let verdict = ClaimVerdict([samples([0.1], 0.01), samples([0.1], -0.01)], of: "changes")
    #expect(
      verdict.word == .partly && verdict.sentence.contains("1 as claimed (one run each, not tested), 1 the other way"))
  }

  @Test("What was not measured, and what does not vary, does not say so")
  func missing() {
    let up = samples(base, 0.02)
    let verdict = ClaimVerdict([up], of: "changes", missing: 2)
    #expect(verdict.word == .partly && verdict.sentence.hasSuffix("; 2 not measured."))
    let constant = ClaimVerdict.Samples(Self.subject, base: [0.1, 0.1], other: [0.2, 0.2])
    #expect(ClaimVerdict([constant], of: "changes").word == .not, "without variation nothing is certain")
    let parts = [
      ClaimVerdict.Part(.init("a", "NDCG@20"), holds: true, text: "so"),
      ClaimVerdict.Part(.init("b", "NDCG@20"), holds: nil, text: "not all were measured"),
    ]
    #expect(ClaimVerdict(parts).word == .partly && ClaimVerdict([parts[0]]).word == .reproduced)
    #expect(ClaimVerdict([parts[1]]).word == .unmeasured)
  }

  private static let head = """
    data: {a: {published: {users: 10, interactions: 100}}, b: {}}
    methods: {P: {hidden: true}, M: {from: P}, N: {from: P, seeds: 1}}
    seeds: 3
    sweeps: {l2: {method: N, option: l2, values: [0, 1], data: [b]}}
    table: {metrics: [recall@10, ndcg@10], seconds: {a: {M: 2, N: 3.5}}}
    figures:
      - {kind: groups, degrees: [0, 10, 20], data: [a]}
      - {kind: sharpness, effort: quick, data: [a]}
      - {kind: landscape, dims: 1, directions: 4}

    """

  private func study(_ rest: String) throws -> StudyFile { try StudyFile(yaml: Self.head + rest, path: "s.yaml") }

  private func words(of error: StudyError?) -> String { error.map { String(describing: $0) } ?? "nothing" }

  @Test("Claims are read with what their kind needs")
  func reading() throws {
    let study = try study(
      """
      claims:
        - {text: N wins, kind: better, methods: [N], than: M}
        - {text: on rare items, kind: better, methods: [N], than: M, data: [a], items: [0, 10]}
        - {text: flat, kind: flatter, methods: [N], than: M, data: [a]}
        - {text: top, kind: peak, sweep: l2, values: [1]}
        - {text: still, kind: steady, sweep: l2, within: 2.5}
        - {text: dear, kind: cost, methods: [N], than: M, factor: 2}
      quick: {train: {epochs: 1}}
      """)
    #expect(study.claims.map(\.kind) == [.better, .better, .flatter, .peak, .steady, .cost])
    #expect(study.claims[1].items == 0..<10 && study.claims[3].data == ["b"] && study.claims[4].within == 2.5)
    #expect(study.data[0].published == ["users": 10, "interactions": 100] && study.table.seconds["a"]?["N"] == 3.5)
    #expect(study.figures[2].directions == 4 && study.figures[1].effort == "quick")
  }

  @Test(
    "What a claim lacks is said with its line",
    arguments: [
      ("{text: x, kind: better, methods: [N]}", "than, another method"),
      ("{text: x, kind: flatter, methods: [N], than: M}", "figure of sharpness of the same data"),
      ("{text: x, kind: better, methods: [N], than: M, items: [0, 5]}", "figure by groups of items"),
      ("{text: x, kind: peak, values: [1]}", "there is no value '1'"), ("{kind: steady, sweep: l2}", "text, and kind"),
      ("{text: x, kind: steady, sweep: l3}", "there is no sweep 'l3'"),
      ("{text: x, kind: better, methods: [P], than: M}", "there is no method 'P'"),
      ("{text: x, kind: better, methods: [N], than: [M, N]}", "one method"),
      ("{text: x, kind: better, methods: [N], than: N}", "others than N"),
      ("{text: x, kind: steady, sweep: l2, values: [1]}", "two values"),
      ("{text: x, kind: peak, sweep: l2, values: [1], items: [0, 10]}", "without items"),
    ])
  func wrong(_ claim: String, _ message: String) throws {
    let error = #expect(throws: StudyError.self) { _ = try study("claims:\n  - \(claim)\n") }
    #expect(words(of: error).contains(message))
    #expect(words(of: error).contains("s.yaml:11"))
  }

  @Test("A method may have fewer seeds; the short version has its own, and its options win")
  func seeds() throws {
    var study = try study("quick: {seeds: 1, train: {epochs: 1, l2: 7}}\n")
    func seeds(_ method: String) -> [UInt64] { StudyPlan(study).runs(of: method, on: "a").map(\.seed) }
    #expect(seeds("M") == [1, 2, 3] && seeds("N") == [1])
    let isShortened = study.shorten()
    #expect(isShortened)
    #expect(seeds("M") == [1])
    let swept = StudyPlan(study).runs.filter { $0.sweep != nil }
    #expect(
      swept.count == 2 && swept.allSatisfy { $0.arguments.contains("--epochs=1") && $0.arguments.contains("--l2=7") })
  }

  @Test("A search draws different points of the grid from its seed, in an order in which starts come first")
  func search() throws {
    let text = """
      search:
        seed: 4
        trials: 3
        train: {validation: 0.1, epochs: 9, refit: true}
        data: [a]
        spaces: {N: {l2: [0, 1, 2], rho: [5, 6]}, P: {}}

      """
    let study = try study(text)
    #expect(StudyPlan.searchOrder(study) == ["P", "N"])
    let (entry, method) = (try #require(study.entry("a")), try #require(study.method("N")))
    let trials = StudyPlan.trials(of: method, on: entry, start: "_search/a/p/1", study)
    #expect(trials.count == 3 && Set(trials.map { $0.options.map(\.value) }).count == 3)
    #expect(trials.map(\.run.folder) == (1...3).map { "_search/a/n/\($0)" })
    for trial in trials {
      #expect(trial.run.start == "_search/a/p/1")
      #expect(!trial.run.arguments.contains("--refit"), "a refit has seen the validation data")
      for option in ["--validation=0.1", "--epochs=9", "--stop-on=ndcg@20", "--seed=4"] {
        #expect(trial.run.arguments.contains(option), "\(option)")
      }
      #expect(trial.run.arguments.count { $0.hasPrefix("--l2=") } == 1)
    }
    #expect(StudyPlan.trials(of: method, on: entry, start: nil, study).map(\.options) == trials.map(\.options))
    let other = try self.study(text.replacingOccurrences(of: "seed: 4", with: "seed: 5"))
    #expect(StudyPlan.trials(of: method, on: entry, start: nil, other).map(\.options) != trials.map(\.options))
    // Another grid on one data set: other values, and one option more.
    let own = try self.study(
      text.replacingOccurrences(of: "data: [a]", with: "data: [a, b]")
        .replacingOccurrences(of: "rho: [5, 6]}", with: "rho: [5, 6], per: {b: {l2: [3], mu: [8, 9]}}}"))
    let more = StudyPlan.trials(of: method, on: try #require(own.entry("b")), start: nil, own)
    #expect(more.allSatisfy { $0.options.map(\.name) == ["l2", "rho", "mu"] && $0.options[0].value == "3" })
    #expect(more.count == 3 && Set(more.map { $0.options[2].value }) == ["8", "9"])
    #expect(
      StudyPlan.trials(of: method, on: entry, start: "_search/a/p/1", own).map(\.options) == trials.map(\.options))
    // A method that has no grid is trained once; a small grid is tried whole.
    #expect(StudyPlan.trials(of: try #require(study.method("P")), on: entry, start: nil, study).count == 1)
    let whole = try self.study(text.replacingOccurrences(of: "trials: 3", with: "trials: 50"))
    #expect(StudyPlan.trials(of: method, on: entry, start: nil, whole).count == 6)
  }

  @Test("A method has the settings of its model, and in a search those of the model's best trial, where it gives none")
  func models() throws {
    let study = try StudyFile(
      yaml: """
        data: {a: {}, b: {}}
        methods:
          M: {train: {l2: 1, rho: 2, dim: 4}, per: {a: {l2: 3, rho: 4}}}
          N: {like: M, train: {rho: 5}, per: {b: {alpha: 6}}}
          O: {like: N, train: {l2: 7}}
        table: {metrics: [ndcg@10]}
        search: {trials: 1, spaces: {O: {alpha: [1]}, N: {beta: [1]}, M: {l2: [8], rho: [9], gamma: [1]}}}
        """, path: "s.yaml")
    func arguments(_ method: String, _ data: String) -> [String] {
      StudyPlan(study).runs(of: method, on: data)[0].arguments
    }
    #expect(arguments("N", "a").contains("--l2=3") && arguments("N", "a").contains("--rho=5"))
    #expect(arguments("N", "b").contains("--l2=1") && arguments("N", "b").contains("--alpha=6"))
    #expect(arguments("O", "a").contains("--l2=7") && arguments("O", "a").contains("--rho=5"))
    #expect(StudyPlan.searchOrder(study) == ["M", "N", "O"])
    let (entry, model) = (try #require(study.entry("a")), try #require(study.method("M")))
    let best = StudyPlan.trials(of: model, on: entry, start: nil, study)[0].options
    let (next, last) = (try #require(study.method("N")), try #require(study.method("O")))
    let inherited = StudyPlan.inherited(by: next, ["M": best])
    #expect(Set(inherited.map(\.name)) == ["l2", "gamma"])
    let run = StudyPlan.trials(of: next, on: entry, start: nil, inherited: inherited, study)[0].run
    for option in ["--l2=8", "--rho=5", "--gamma=1", "--beta=1"] { #expect(run.arguments.contains(option)) }
    #expect(Set(StudyPlan.inherited(by: last, ["N": inherited]).map(\.name)) == ["gamma"])
  }

  @Test("A search that makes no sense is refused with its line")
  func wrongSearch() throws {
    for (text, message) in [
      ("search: {spaces: {}}", "spaces of the search"), ("search: {spaces: {X: {}}}", "there is no method 'X'"),
      ("search: {spaces: {M: {l2: [1, 1]}}}", "values that differ"),
      ("search: {metric: loss, spaces: {M: {}}}", "recall, ndcg"),
      ("search: {spaces: {M: {dataset: [a]}}}", "left out"),
      ("search: {spaces: {M: {per: {c: {l2: [1]}}}}}", "there is no data 'c'"),
      ("search: {spaces: {M: {per: {b: {l2: []}}}}}", "values that differ"),
      ("search: {spaces: {M: {l2: \((1...1001).map { $0 }), rho: \((1...1000).map { $0 })}}}", "a million points"),
      ("sweeps2: {}", "there is no 'sweeps2' here"),
    ] {
      let error = #expect(throws: StudyError.self) { _ = try study(text + "\n") }
      #expect(words(of: error).contains(message), "\(text)")
    }
  }
}
