import ArgumentParser
import Foundation
import Report
import Storage

/// Surfaces, sharpness and training of several models as a page to explore, or as a notebook.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "One page to explore surfaces, sharpness and training curves, or a notebook of them.",
    discussion: """
      Takes run folders (or a folder of them), surface files, PREFIX-sharpness.json files and tables (.csv), and writes \
      one page that needs no other file and no network:

        landscape report runs/synthetic -o report.html
        landscape report runs/synthetic --export ipynb -o report.ipynb

      Surfaces turn under mouse, finger and arrow keys; all panels follow the cursor; every figure's data and picture can \
      be saved. With three.js installed (Debian: libjs-three) it draws the 3D pictures and becomes part of the page.
      """)

  enum Export: String, ExpressibleByArgument, CaseIterable { case html, ipynb }
  enum RendererChoice: String, ExpressibleByArgument, CaseIterable { case auto, three, webgl }

  @Argument(help: "Run folders, surface files, sharpness files, tables.")
  var inputs: [String] = ["runs"]

  @Option(help: "What to write.")
  var export = Export.html

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file (default: report.html or report.ipynb).", valueName: "path"))
  var output: String?

  @Option(help: ArgumentHelp("Heading (default: from the data).", valueName: "text"))
  var title: String?

  @Option(help: "What draws 3D in the page; auto is three.js where it is installed, else webgl.")
  var renderer = RendererChoice.auto

  @OptionGroup var common: CommonOptions

  func run() throws {
    let terminal = common.start()
    let path = try OutputPrefix(output ?? "report.\(export.rawValue)").prepared()
    let builder = ReportBuilder(try ReportInputs(inputs), title: title)
    let contents = try builder.contents()
    let data: Data
    switch export {
    case .html: data = Data(HTMLPage(contents, library: try library()).text.utf8)
    case .ipynb: data = try ReportNotebook(builder, contents: contents, path: path).notebook().data
    }
    try AtomicFile.write(data, to: path)
    terminal.note("wrote \(path) (\(data.count / 1000) kB): \(contents.summary)")
  }

  private func library() throws -> ThreeLibrary? {
    if renderer == .webgl { return nil }
    let found = ThreeLibrary()
    if found == nil, renderer == .three { throw CommandError.noThreeLibrary(places: ThreeLibrary.places) }
    return found
  }
}
