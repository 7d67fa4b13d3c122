import Foundation
import Storage
import TestSupport
import Testing

/// `landscape report` with two trained models, surfaces of one to three directions, sharpness and a table.
@Suite struct ReportTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
    try place.train("runs/bpr")
    try place.train("runs/sam", "--objective", "sam")
    let checkpoints = ["runs/bpr/checkpoint.bin", "runs/sam/checkpoint.bin"]
    for (dimensions, points) in [("1", "21"), ("2", "15x11"), ("3", "9")] {
      let outcome = try place.run(
        ["compare"] + checkpoints + [
          "--dims", dimensions, "--points", points, "--format", "none", "--no-sharpness", "-o", "runs/x",
        ])
      try #require(outcome.status == 0, "\(outcome.message)")
    }
    let outcome = try place.run(
      ["sharpness"] + checkpoints + ["--effort", "quick", "--format", "none", "-o", "runs/x"])
    try #require(outcome.status == 0, "\(outcome.message)")
    try place.write(Data("method,score\n\"a, \"\"b\"\"\",1.5\nc,nan\n".utf8), "runs/table.csv")
  }

  private func page(_ options: String...) throws -> String {
    let outcome = try place.run(["report", "runs", "-o", "page.html", "--quiet"] + options)
    try #require(outcome.status == 0, "\(outcome.message)")
    return try place.text("page.html")
  }

  // MARK: - The page

  @Test("The page holds everything that it needs and may load nothing")
  func selfContained() throws {
    let page = try page("--renderer", "webgl")
    #expect(page.contains("Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'"))
    let space = "xmlns=\"http://www.w3.org/2000/svg\""
    let rest = page.replacingOccurrences(of: space, with: "")
    #expect(!rest.contains("http://") && !rest.contains("https://") && !page.contains("{{"))
    let references = page.matches(of: /\b(?:src|href)\s*=\s*["']([^"']*)/).map { String($0.1) }
    #expect(references == ["#contents"])
    #expect(!page.contains("@import") && page.matches(of: /url\((?!#)/).isEmpty && !page.contains("fetch("))
  }

  @Test("The same bytes twice and on any number of threads")
  func sameBytes() throws {
    let first = try page("--threads", "1")
    #expect(try page("--threads", "2") == first)
  }

  @Test("Values, names and provenance of the files stand in the page")
  func contents() throws {
    let page = try page("--renderer", "webgl", "--title", "A </script> & B")
    #expect(page.contains("<title>A &lt;/script&gt; &amp; B</title>"))
    let start = try #require(page.range(of: "id=\"report-data\">\n"))
    let text = page[start.upperBound...].prefix { $0 != "<" }
    let data = try #require(try JSONValue(parsing: String(text)).object)
    let sets = try #require(data["sets"]?.array).compactMap(\.object)
    #expect(sets.map { $0["axes"]?.array?.count } == [1, 2, 3])
    let surface = try #require(sets[1]["surfaces"]?.array?[1].object)
    #expect(surface["name"] == "SAM")
    let bytes = try #require(Data(base64Encoded: surface["loss"]?.string ?? ""))
    let expected = try place.open("runs/x-sam-2d.safetensors").doubles(of: "loss").map { Float($0) }
    let found = (0..<expected.count).map { k in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[4 * k + $1]) << UInt32(8 * $1) })
    }
    #expect(bytes.count == 4 * expected.count && found == expected)
    let tables = try #require(data["tables"]?.array).compactMap { $0.object }
    #expect(tables.compactMap { $0["title"]?.string } == ["Ranking", "Sharpness", "Table table.csv"])
    #expect(tables.last?["rows"]?.array?.compactMap { $0.object?["name"]?.string } == ["a, \"b\"", "c"])
    let charts = try #require(data["charts"]?.array).compactMap { $0.object?["title"]?.string }
    #expect(charts == ["Training", "Rise along random directions"])
    #expect(text.contains("landscape.command") == false && text.contains("--direction-seed 1"))
  }

  @Test("three.js comes with its licence; without it the page says so and goes without")
  func threeLibrary() throws {
    let outcome = try place.run(["report", "runs", "-o", "three.html", "--renderer", "three"])
    if outcome.status == 0 {
      let page = try place.text("three.html")
      #expect(page.contains("Copyright © 2010 three.js authors") && page.contains("Licence of three.js"))
      #expect(try self.page() == page)
    } else {
      #expect(outcome.status == 2 && outcome.message.contains("libjs-three"))
      #expect(try page() == page("--renderer", "webgl"))
    }
  }

  @Test(
    "In a browser: no errors, no requests, nothing blank; toggles, sliders, keys, sorting and downloads work",
    .enabled(if: Browser.executable != nil, "no chromium (Debian: apt-get install chromium)"),
    arguments: [("three", 700), ("webgl", 390)])
  func browser(renderer: String, width: Int) throws {
    let outcome = try place.run(["report", "runs", "-o", "page.html", "--renderer", renderer])
    guard outcome.status == 0 else {
      withKnownIssue("three.js is not installed (Debian: apt-get install libjs-three)") {
        Issue.record("\(outcome.message)")
      }
      return
    }
    let painter = renderer == "three" ? "ThreePainter" : "WebGLPainter"
    let results = try Browser.test(
      page: try place.text("page.html"), painter: painter, width: width, in: place.folder.path)
    for (check, result) in results.sorted(by: { $0.key < $1.key }) { #expect(result == "ok", "\(check): \(result)") }
    #expect(results.count > 55)
  }

  // MARK: - Inputs

  @Test("A run folder brings what lies beside it; files can be given one by one")
  func inputs() throws {
    try place.succeed("runs/bpr/checkpoint.bin", "--points", "5x5", "--format", "none", "-o", "runs/bpr")
    let one = try place.run(["report", "runs/bpr", "-o", "a.html"])
    #expect(one.status == 0 && one.message.contains("1 surface, 1 run"), "\(one.message)")
    let two = try place.run(["report", "runs/x-sam-2d.safetensors", "runs/x-sharpness.json", "-o", "b.html"])
    #expect(two.message.contains("1 surface, 2 sharpness measurements"), "\(two.message)")
    let twice = try place.run(["report", "runs/sam", "runs/sam/", "-o", "c.html"])
    #expect(twice.message.contains("): 1 run\n"), "\(twice.message)")
  }

  @Test("What holds nothing, is missing or is damaged is named")
  func badInputs() throws {
    try FileManager.default.createDirectory(atPath: place.folder.path("empty"), withIntermediateDirectories: true)
    try place.write(Data("{}".utf8), "bad-sharpness.json")
    #expect(try place.refuse("report", "empty").contains("empty: holds nothing to report"))
    #expect(try place.refuse("report", "missing").contains("missing"))
    #expect(try place.refuse("report", "bad-sharpness.json").contains("bad-sharpness.json"))
    try place.misuse("report", "runs", "--export", "docx", naming: "docx")
    #expect(!place.folder.exists("report.html"))
  }

  // MARK: - The notebook

  @Test("The notebook has the parts that nbformat 4.5 asks for, and pictures and tables as outputs")
  func notebook() throws {
    try place.succeed("report", "runs", "--export", "ipynb", "-o", "out/report.ipynb")
    let data = try place.bytes("out/report.ipynb")
    let notebook = try #require(try JSONValue(parsing: String(decoding: data, as: UTF8.self)).object)
    #expect(notebook["nbformat"] == 4 && notebook["nbformat_minor"] == 5 && data.count < 2_000_000)
    let cells = try #require(notebook["cells"]?.array).compactMap(\.object)
    let ids = cells.compactMap { $0["id"]?.string }
    #expect(ids.count == cells.count && Set(ids).count == ids.count)
    let outputs = cells.flatMap { $0["outputs"]?.array ?? [] }.compactMap { $0.object?["data"]?.object }
    let pictures = outputs.compactMap { $0["image/png"]?.string }.compactMap { Data(base64Encoded: $0) }
    #expect(pictures.count == 6 && pictures.allSatisfy { $0.starts(with: [0x89, 0x50, 0x4e, 0x47]) })
    #expect(outputs.filter { $0["text/html"] != nil }.count == 3)
    let first = data
    try place.succeed("report", "runs", "--export", "ipynb", "-o", "out/report.ipynb")
    #expect(try place.bytes("out/report.ipynb") == first)
  }

  @Test(
    "The notebook validates and its cells run",
    .enabled(if: NotebookRun.isPossible, "python3 lacks nbformat or matplotlib"))
  func notebookRuns() throws {
    try place.succeed("report", "runs", "--export", "ipynb", "-o", "out/report.ipynb")
    try NotebookRun.cells(of: place.folder.path("out/report.ipynb"))
  }
}
