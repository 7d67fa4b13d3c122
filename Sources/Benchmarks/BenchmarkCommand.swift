import ArgumentParser
import Foundation
import Interactions
import LinearAlgebra
import Storage

/// `landscape-bench`: measures every row of the project's benchmark, and peers beside it.
@main
struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landscape-bench",
    abstract: "Measures training, evaluation, surfaces and curvature, beside other libraries and the machine's peaks.",
    discussion: """
      Rows take turns: each round runs every row once, ours and then each peer's. A Markdown table goes to stdout; Ctrl-C
      leaves what was measured. Docs/benchmarks.md says what each row does and how to read the result.
      """)

  @OptionGroup(title: "What") var choice: Choice
  @OptionGroup(title: "On what") var place: Place
  @OptionGroup(title: "Peers") var against: PeerOptions

  @Option(help: ArgumentHelp("Write the result as JSON.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Write the table that goes to stdout.", valueName: "file"))
  var markdown: String?

  func run() throws {
    if choice.list { return Choice.printAll() }
    let rows = try choice.selected()
    if let threads = place.threads { Parallel.threads = threads }
    signal(SIGPIPE, SIG_IGN)  // a peer that has died is an error of its row, not ours
    let interrupts = Interrupts(program: "landscape-bench")
    let facts = MachineFacts()
    let setting = try place.setting(interrupts)
    let run = BenchmarkRun(setting, repeats: choice.repeats)
    let peers = try against.start(setting, rows, facts.threads, run)
    defer { for peer in peers { peer.quit() } }
    func peaks() -> Roofline { Roofline(rows: setting.model.rows, dimension: setting.dimension) }
    var roofline = choice.noPeaks ? nil : peaks()
    func report() -> Report {
      Report(
        facts: facts, roofline: roofline, dataset: setting.datasetName, sizes: setting.sizes,
        minimum: setting.minimum.origin, repeats: choice.repeats, rows: rows, results: run.results,
        skipped: run.skipped)
    }
    do {
      try run.measure(rows, peers: peers, version: facts.commit) {
        roofline = roofline?.best(peaks())
        try write(report())
      }
    } catch {
      try write(report())
      print(report().markdown, terminator: "")
      throw error
    }
    print(report().markdown, terminator: "")
  }

  private func write(_ report: Report) throws {
    if let json { try AtomicFile.write(Data((report.json.text + "\n").utf8), to: json) }
    if let markdown { try AtomicFile.write(Data(report.markdown.utf8), to: markdown) }
  }

  // MARK: - Exit status

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch is Interrupts.Stop {
      Foundation.exit(130)
    } catch let error as BadInput {
      tell(error.message)
      Foundation.exit(2)
    } catch {
      exit(withError: error)
    }
  }
}
