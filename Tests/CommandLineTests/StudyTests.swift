import Foundation
import Storage
import TestSupport
import Testing

@Suite("landscape study")
struct StudyTests {
  let place = try! Workplace()

  private static let stems = [
    "landscape-1d", "landscape-2d", "landscape-2d-surface", "landscape-3d", "training-curves",
  ]
  private static let tables = ["table.csv", "table.md", "table.tex"]

  private func study(_ place: Workplace, _ more: String...) throws -> String {
    let options = [
      "study", "--dataset", Workplace.data, "--dim", "8", "--pretraining", "2", "--epochs", "2", "--volume-points",
      "7", "--output", "figures", "--runs", "runs", "--quiet",
    ]
    let outcome = try place.run(options + more)
    try #require(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.errors.isEmpty)
    return outcome.text
  }

  @Test("All figures, tables, runs and surfaces are there; twice and on other threads they have the same bytes")
  func files() throws {
    let other = try Workplace()
    let printed = try study(place)
    let stems = Self.stems.flatMap { stem in ["pdf", "png", "svg"].map { "\(stem).\($0)" } }
    #expect(try place.names("figures") == (stems + Self.tables + ["report.ipynb"]).sorted())
    for name in stems {
      let bytes = try place.bytes("figures/\(name)")
      switch name.suffix(3) {
      case "png": #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) && bytes.count > 5000)
      case "pdf": #expect(bytes.starts(with: Data("%PDF-".utf8)) && bytes.count > 3000)
      default: #expect(bytes.starts(with: Data("<?xml".utf8)) && bytes.count > 3000)
      }
    }
    for name in ["pretraining", "bpr", "apr", "sharpcf", "sam", "gsam"] {
      #expect(try place.names("runs/\(name)") == ["checkpoint.bin", "last.bin", "log.jsonl", "state.safetensors"])
    }
    for name in ["bpr", "apr", "sharpcf", "sam", "gsam"] {
      for dims in 1...3 { #expect(place.folder.exists("runs/\(name)-\(dims)d.safetensors")) }
    }
    #expect(try printed.contains(place.text("figures/table.md")))

    Thread.sleep(forTimeInterval: 1.1)
    #expect(try study(other, "--threads", "1") == printed)
    for name in stems + Self.tables + ["report.ipynb"] {
      #expect(try other.bytes("figures/\(name)") == place.bytes("figures/\(name)"), "\(name) differs")
    }
  }

  @Test("The table has a row for each objective and the same columns in all its forms")
  func table() throws {
    _ = try study(place, "--format", "svg")
    let rows = try place.text("figures/table.csv").split(separator: "\n").map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows.count == 6)
    #expect(
      rows[0] == [
        "method", "recall@10", "recall@20", "ndcg@10", "ndcg@20", "loss", "gradient_norm", "lambda_max",
        "sam", "average", "norm", "lambda_max_residual", "average_standard_error",
      ])
    #expect(rows.dropFirst().map { $0[0] } == ["BPR", "APR", "SharpCF", "SAM", "gSAM"])
    for row in rows.dropFirst() {
      #expect(row.count == rows[0].count)
      #expect(row.dropFirst().allSatisfy { Double($0)?.isFinite == true }, "\(row)")
    }
    let markdown = try place.text("figures/table.md").split(separator: "\n")
    #expect(markdown.count == 7)
    #expect(markdown.allSatisfy { $0.filter { $0 == "|" }.count == rows[0].count - 1 })
    let latex = try place.text("figures/table.tex")
    #expect(latex.contains("\\begin{tabular}{l\(String(repeating: "r", count: rows[0].count - 3))}"))
    #expect(latex.split(separator: "\n").filter { $0.hasSuffix("\\\\") }.count == 6)
    try place.succeed("evaluate", "runs/apr/checkpoint.bin", "--cutoffs", "10", "--json")
    let ranking = try place.succeed("evaluate", "runs/apr/checkpoint.bin", "--cutoffs", "10", "--json")
    #expect(ranking.contains("\"recall@10\":\(rows[2][1])"))
    #expect(try place.names("figures").filter { $0.hasSuffix(".png") || $0.hasSuffix(".pdf") }.isEmpty)
  }

  // MARK: - The notebook

  @Test("report.ipynb shows what the study has made, with no path of this machine, and nothing that lies beside it")
  func notebook() throws {
    for folder in ["runs/bpr", "runs/other"] {
      try FileManager.default.createDirectory(atPath: place.folder.path(folder), withIntermediateDirectories: true)
      try place.writeSurface("\(folder)/stray-2d.safetensors", shape: [5, 3])
    }
    try place.writeSurface("runs/bpr-old-2d.safetensors", shape: [5, 3])
    _ = try study(place, "--format", "svg")
    let data = try place.bytes("figures/report.ipynb")
    let text = String(decoding: data, as: UTF8.self)
    #expect(data.count < 700_000 && !text.contains(place.folder.path) && !text.contains("stray"))
    #expect(!text.contains("bpr-old") && !text.contains("<script") && !text.contains("\"/"))
    let notebook = try #require(try JSONValue(parsing: text).object)
    #expect(notebook["nbformat"] == 4 && notebook["nbformat_minor"] == 5)
    let cells = try #require(notebook["cells"]?.array).compactMap(\.object)
    let source = cells.flatMap { $0["source"]?.array ?? [] }.compactMap(\.string).joined()
    for name in ["bpr", "apr", "sharpcf", "sam", "gsam"] {
      for dims in 1...3 { #expect(source.contains("\"../runs/\(name)-\(dims)d.safetensors\"")) }
      #expect(source.contains("\"../runs/\(name)/log.jsonl\"") && source.contains("../runs/\(name)/checkpoint.bin"))
    }
    let outputs = cells.flatMap { $0["outputs"]?.array ?? [] }.compactMap { $0.object?["data"]?.object }
    let pictures = outputs.compactMap { $0["image/png"]?.string }.compactMap { Data(base64Encoded: $0) }
    #expect(pictures.count == 5 && pictures.allSatisfy { $0.starts(with: [0x89, 0x50, 0x4e, 0x47]) })
    #expect(Set(outputs.flatMap(\.keys)) == ["image/png", "text/html", "text/plain"])
    let tables = outputs.compactMap { $0["text/html"]?.array?.compactMap(\.string).joined() }
    #expect(tables.count == 2 && tables.allSatisfy { $0.contains("SharpCF") } && tables[1].contains("lambda_max"))
  }

  @Test(
    "The notebook validates and its cells run, where it stands",
    .enabled(if: NotebookRun.isPossible, "python3 lacks nbformat or matplotlib"))
  func notebookRuns() throws {
    _ = try study(place, "--format", "svg")
    let printed = try NotebookRun.cells(of: place.folder.path("figures/report.ipynb"))
    #expect(try printed.contains(place.text("figures/table.csv").split(separator: "\n")[1].split(separator: ",")[1]))
  }

  // MARK: - Before it starts

  @Test("--dry-run names every training and writes nothing")
  func dryRun() throws {
    let text = try place.succeed("study", "--dataset", Workplace.data, "--dim", "8", "--dry-run", "--quiet")
    let lines = text.split(separator: "\n")
    #expect(lines.count == 6 && lines.allSatisfy { $0.contains("an epoch") && $0.contains("MiB") }, "\(text)")
    #expect(try place.names().isEmpty)
  }

  @Test("A study that cannot be done says why before it trains")
  func refused() throws {
    #expect(try place.refuse("study", "--dataset", "nowhere", "--output", "figures").contains("nowhere"))
    let formats = try place.run(["study", "--dataset", Workplace.data, "--format", "jpg", "--epochs", "1"])
    #expect(formats.status == 64 && formats.message.contains("jpg"), "\(formats.message)")
    let points = try place.run([
      "study", "--dataset", Workplace.data, "--epochs", "1", "--pretraining", "1", "--dim", "4", "--volume-points", "0",
      "--quiet",
    ])
    #expect(points.status == 2 || points.status == 64)
    #expect(points.message.contains("points"), "\(points.message)")
    let dim = try place.run(["study", "--dataset", Workplace.data, "--dim", "0", "--quiet"])
    #expect((dim.status == 2 || dim.status == 64) && dim.message.contains("--dim"), "\(dim.status): \(dim.message)")
    let empty = try Workplace()
    let epochs = try empty.run(["study", "--dataset", Workplace.data, "--pretraining", "0", "--epochs", "0", "--quiet"])
    #expect(epochs.status == 2 || epochs.status == 64, "\(epochs.status): \(epochs.message)")
    #expect(!epochs.message.contains("Error Domain"))
    #expect(try place.names().isEmpty, "something was written before the options were looked at")
  }
}
