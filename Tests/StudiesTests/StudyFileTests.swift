import Foundation
import TestSupport
import Testing

@testable import Studies

@Suite("A study's file")
struct StudyFileTests {
  static let text = """
    title: Two methods
    source: nobody, table 1
    seeds: [3, 5]
    train: {dim: 8, epochs: 4}
    data:
      small: {dataset: synthetic, train: {split: "8:1:1"}}
      other: {instead: small-too}
    methods:
      start: {train: {objective: bpr}, hidden: true}
      BPR: {from: start, train: {objective: bpr, l2: 0.1}, per: {other: {l2: 0.2}}}
      APR & more:
        like: BPR
        baseline: BPR
        train: {objective: apr, warm-start: false, option: [a=1, b=2]}
    sweeps:
      alpha: {method: APR & more, option: alpha, values: [0, .inf], data: [small], seeds: 1}
    table:
      metrics: [recall@20]
      published: {small: {BPR: [0.5]}}
    figures:
      - {kind: landscape, dims: 1, methods: [BPR]}
    """

  private func study(_ text: String = text) throws -> StudyFile { try StudyFile(yaml: text, path: "s.yaml") }

  @Test("Everything is read, with defaults where nothing is said")
  func reading() throws {
    let study = try study()
    #expect(study.title == "Two methods" && study.source == "nobody, table 1" && study.seeds == [3, 5])
    #expect(study.data.map(\.key) == ["small", "other"] && study.data[1].dataset == "other")
    #expect(study.data[1].fallback == "small-too" && study.data[0].title == "small")
    #expect(study.shownMethods.map(\.name) == ["BPR", "APR & more"])
    #expect(
      study.method("APR & more")?.start == "start" && study.method("APR & more")?.per.keys.contains("other") == true)
    #expect(study.table.metrics == ["recall@20"] && study.table.published["small"]?["BPR"] == [0.5])
    #expect(study.figures[0].kind == .landscape && study.figures[0].data == ["small", "other"])
    #expect(study.sweeps[0].seeds == [1] && study.sweeps[0].values == ["0", ".inf"])
  }

  @Test("The plan has every training once, each after the one that it starts from")
  func plan() throws {
    let plan = StudyPlan(try study())
    let folders = plan.runs.map(\.folder)
    #expect(Set(folders).count == folders.count)
    // 2 data × 2 seeds × 3 methods; a sweep of two values under seed 1, which needs its own start.
    #expect(folders.count == 12 + 1 + 2)
    for run in plan.runs {
      guard let start = run.start else { continue }
      let (own, its) = (try #require(folders.firstIndex(of: run.folder)), try #require(folders.firstIndex(of: start)))
      #expect(its < own)
    }
    #expect(folders.contains("other/apr-more/seed-5") && folders.contains("small/alpha/0/seed-1"))
    #expect(
      StudyPlan(try study(), data: ["other"], seeds: [9]).runs.map(\.folder)
        == ["start", "bpr", "apr-more"].map { "other/\($0)/seed-9" })
  }

  @Test("Options of the method win over those of the data, these over those of all; flags and lists are spelled out")
  func options() throws {
    let plan = StudyPlan(try study())
    func arguments(_ folder: String) throws -> [String] {
      try #require(plan.runs.first { $0.folder == folder }).arguments
    }
    #expect(
      try arguments("small/apr-more/seed-3") == [
        "--dim=8", "--epochs=4", "--split=8:1:1", "--l2=0.1", "--objective=apr", "--no-warm-start", "--option=a=1",
        "--option=b=2", "--dataset=synthetic", "--seed=3",
      ])
    #expect(try arguments("other/bpr/seed-3").contains("--l2=0.2"))
    #expect(try arguments("small/alpha/.inf/seed-1").contains("--alpha=.inf"))
    #expect(
      try #require(plan.runs.first).command
        == "landscape train --dim 8 --epochs 4 --split 8:1:1 --objective bpr --dataset synthetic --seed 3")
  }

  @Test(
    "What is wrong is said with file and line",
    arguments: [
      ("title: [", "is no YAML"), ("", "is empty"), ("title: x", "s.yaml:1: data must be"),
      ("data: {a: {}}\nmethods: {M: {trian: {}}}", "s.yaml:2: there is no 'trian' here: use like, from"),
      ("data: {a: {}}\nmethods:\n  M: {from: N}", "s.yaml:3: there is no method 'N' in this file"),
      ("data: {a: {}}\nmethods:\n  M: {from: N}\n  N: {from: M}", "starts, in the end, from itself"),
      ("data: {a: {}}\nmethods:\n  M x: {}\n  M_X: {}", "s.yaml:4: method 'M_X' is here twice"),
      ("data: {a: {}}\nmethods: {M: {}}\nseeds: 0", "s.yaml:3: seeds must be 1 to 1000"),
      ("data: {a: {}}\nmethods: {M: {}}\ntable: {metrics: [map@5]}", "'map@5' must be recall, ndcg"),
      ("data: {a: {}}\nmethods: {M: {}}\ntable: {published: {a: {M: [1]}}}", "a list of 2 numbers"),
      ("data: {a: {}}\nmethods: {M: {}}\nfigures: [{kind: pie}]", "kind must be landscape, curves, boxes"),
      (
        "data: {a: {}}\nmethods: {M: {}}\nfigures: [{kind: groups, degrees: [5, 2]}]",
        "s.yaml:3: degrees must be numbers that rise"
      ),
      ("data: {a: {}}\nmethods: {M: {}}\nsweeps: {s: {method: M, option: x, values: [1]}}", "two values or more"),
      ("data: {a: {}}\nmethods: {M: {}}\nmethods: {M: {}}", "s.yaml:"),
      ("data: {a: {}}\nmethods:\n  M: {train: {seed: 3}}", "s.yaml:3: 'seed' must be left out"),
      (
        "data: {a: {}}\nmethods: {M: {}}\nsweeps: {s: {method: M, option: dataset, values: [a, b]}}", "must be left out"
      ),
      (
        "data: {a: {}}\nmethods: {M: {}}\nsweeps: {s: {method: M, option: x, values: [1, -1]}}",
        "value '-1' is here twice"
      ),
      ("data: {a: {}}\nmethods: {M: {baseline: M}}", "baseline of 'M' must be another method"),
      ("data: {a: {}}\nmethods: {M: {hidden: true}, N: {baseline: M}}", "baseline of 'N' must be another method"),
      ("data: {a: {}}\nmethods: {M: {}}\nfigures: [{kind: curves}, {kind: curves}]", "figure 'curves' is here twice"),
    ])
  func mistakes(_ text: String, _ expected: String) throws {
    let error = #expect(throws: StudyError.self) { try study(text) }
    let message = try #require(error?.message)
    #expect(message.contains(expected), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test("What YAML calls true and false are flags, unless quoted; a flag that is off is left out")
  func flags() throws {
    let text = "data: {a: {}}\nmethods: {M: {train: {refit: yes, compact: false, warm-start: off, columns: 'true'}}}"
    let run = try #require(StudyPlan(try study(text)).runs.first)
    #expect(run.arguments.starts(with: ["--refit", "--no-warm-start", "--columns"]))
  }

  @Test("Commands can be typed as they stand")
  func quoting() throws {
    let text = "data: {a: {dataset: my data/it's}}\nmethods: {M: {train: {alpha: -1}}}"
    let command = try #require(StudyPlan(try study(text)).runs.first).command
    #expect(command == "landscape train --alpha=-1 --dataset 'my data/it'\\''s' --seed 1")
  }

  @Test("What is not here is replaced where the file says by what")
  func replaced() throws {
    var study = try study()
    #expect(study.replaceMissing { $0 == "synthetic" } == ["other": "other"])
    #expect(study.entry("other")?.dataset == "small-too" && study.entry("small")?.dataset == "synthetic")
  }

  @Test("The studies that come with the program can be read, and their sweeps and tables name what is there")
  func library() throws {
    for name in StudyLibrary.names {
      let opened = try StudyLibrary.open(name)
      let (found, study) = (opened.name, opened.study)
      #expect(found == name && !study.methods.isEmpty)
      #expect(!StudyPlan(study).runs.isEmpty)
    }
    #expect(throws: StudyError.missing(path: "nothing.yaml")) { try StudyLibrary.open("nothing.yaml") }
  }

  @Test(
    "Names of folders",
    arguments: [("LightGCN + gSAM", "lightgcn-gsam"), ("0.5", "0.5"), ("..", "_"), ("α", "α"), ("+", "_")])
  func folders(_ name: String, _ folder: String) { #expect(StudyPlan.folderName(name) == folder) }
}
