import Figures
import Foundation
import Report
import Storage

/// A report as a notebook: pictures of ours as outputs of short cells that draw the same from the data files.
struct ReportNotebook {
  let builder: ReportBuilder
  let contents: ReportContents
  /// Of the notebook; the cells name data files relative to its folder.
  let path: String

  init(_ builder: ReportBuilder, contents: ReportContents, path: String) {
    self.builder = builder
    self.contents = contents
    self.path = path
  }

  /// Enough for screens, and a few hundred kilobytes a picture.
  private static let dpi = 150.0

  func notebook() throws -> Notebook {
    var notebook = Notebook()
    notebook.append(
      markdown: """
        # \(contents.title)

        \(contents.summary). The outputs below were written by `landscape`; running the cells draws them again \
        from the data files with matplotlib (`pip install numpy safetensors matplotlib`).

        \(contents.facts.map { "- \($0.key): \($0.value)" }.joined(separator: "\n"))
        """)
    notebook.append(code: Self.preamble)
    for group in builder.groups { try append(group, to: &notebook) }
    try appendTraining(to: &notebook)
    appendRanking(to: &notebook)
    appendTables(to: &notebook)
    for (path, file) in builder.inputs.sharpness { try append(path, file, to: &notebook) }
    return notebook
  }

  // MARK: - Surfaces

  private func append(_ group: ReportBuilder.Group, to notebook: inout Notebook) throws {
    notebook.append(markdown: "## \(builder.heading(group))\n\n\(builder.caption(group))")
    let isVolume = group.dimensions == 3
    var provenance = Provenance(title: builder.heading(group))
    provenance.append("Software", "landscape \(Version.current)")
    let pictures = Pictures(
      surfaces: group.surfaces.map(\.named), formats: [], provenance: provenance, rise: isVolume)
    let figures: [any Figure] =
      switch group.dimensions {
      case 1: [try pictures.line()]
      case 2: [try pictures.contour(), try pictures.surface()]
      default: [try pictures.volume()]
      }
    let outputs = try figures.map { figure in
      Notebook.Output.png(
        try Renderer.render(figure, format: .png, provenance: provenance, dpi: Self.dpi),
        alternative: "\(builder.heading(group)): \(group.surfaces.map(\.named.name).joined(separator: ", "))")
    }
    let code = [Self.lines, Self.planes, Self.volumes][group.dimensions - 1]
    notebook.append(code: files(group.surfaces.map { ($0.named.name, $0.path) }) + code, outputs: outputs)
  }

  private func files(_ named: [(String, String)]) -> String {
    let entries = named.map { "    \(literal($0.0)): \(literal(relative($0.1)))," }
    return "files = {\n\(entries.joined(separator: "\n"))\n}\n"
  }

  // MARK: - Training, tables, sharpness

  private func appendTraining(to notebook: inout Notebook) throws {
    guard let chart = contents.charts.first, chart.title == "Training" else { return }
    let panels = try chart.panels.map { panel in
      LineFigure.Panel(
        title: panel.title, curves: try panel.curves.map { try Curve(name: $0.name, x: $0.x, y: $0.y) },
        xLabel: panel.xLabel, yLabel: panel.yLabel, yScale: panel.yScale == .log ? .log : .linear)
    }
    let figure = LineFigure(panels: panels, naming: .legend)
    let picture = try Renderer.render(
      figure, format: .png, provenance: Provenance(title: chart.title), dpi: Self.dpi)
    notebook.append(markdown: "## \(chart.title)\n\n\(chart.caption)")
    let logs = zip(builder.names.runs, builder.inputs.runs).compactMap { name, run in
      run.log == nil ? nil : (name, run.path + "/log.jsonl")
    }
    notebook.append(code: files(logs) + Self.training, outputs: [.png(picture, alternative: chart.title)])
  }

  private func appendTables(to notebook: inout Notebook) {
    for (path, text) in builder.inputs.tables {
      let table = ReportTables(builder: builder).given(path, text)
      notebook.append(markdown: "## \(table.title)")
      notebook.append(
        code: "path = \(literal(relative(path)))\n" + Self.table, outputs: [Notebook.output(table)])
    }
  }

  private func appendRanking(to notebook: inout Notebook) {
    guard let ranking = contents.tables.first(where: { $0.title == "Ranking" }) else { return }
    notebook.append(markdown: "## Ranking\n\n\(ranking.caption)")
    let runs = zip(builder.names.runs, builder.inputs.runs).compactMap { name, run in
      run.checkpoint.map { (name, $0) }
    }
    notebook.append(code: files(runs) + Self.ranking, outputs: [Notebook.output(ranking)])
  }

  private func append(_ path: String, _ file: SharpnessFile, to notebook: inout Notebook) throws {
    let provenance = Provenance(title: "Sharpness")
    let figures = SharpnessFigures(groups: file.groups, provenance: provenance, formats: [])
    var outputs = ReportTables.sharpness(file).map { Notebook.output($0) }
    if let bars = figures.bars {
      let picture = try Renderer.render(bars, format: .png, provenance: provenance, dpi: Self.dpi)
      outputs.append(.png(picture, alternative: "Bars of sharpness measures"))
    }
    notebook.append(markdown: "## Sharpness")
    notebook.append(code: "path = \(literal(relative(path)))\n" + Self.sharpness, outputs: outputs)
  }

  // MARK: - Paths

  /// A text as Python writes it: JSON's escapes mean the same there.
  private func literal(_ text: String) -> String { JSONValue.string(text).text }

  private func relative(_ file: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    }
    let (from, to) = (Array(parts(path).dropLast()), parts(file))
    var common = 0
    while common < min(from.count, to.count), from[common] == to[common] { common += 1 }
    return (Array(repeating: "..", count: from.count - common) + to[common...]).joined(separator: "/")
  }
}
