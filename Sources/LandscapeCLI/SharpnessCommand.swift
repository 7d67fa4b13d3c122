import ArgumentParser
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Storage

/// How flat are these minima, by which measure, and how sure is that?
struct SharpnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sharpness",
    abstract: "How flat a minimum is: curvature, flatness measures and their errors; several minima are compared.",
    discussion: """
      One checkpoint is measured; several are compared on the same triplets, directions, noise and mini-batches:

        landscape sharpness x.bin
        landscape sharpness bpr.bin sharpcf.bin
        landscape sharpness bpr=b1.bin,b2.bin,b3.bin sharpcf=s1.bin,s2.bin,s3.bin

      The first group is what the others are compared with; checkpoints of one group are seeds of one method, paired in \
      order. --correlate sets every measure beside Recall and NDCG over all checkpoints. Writes PREFIX-sharpness.json, \
      .csv and .tex and the figures. What each measure means: Docs/sharpness.md.
      """)

  @Argument(help: "Checkpoints, or NAME=checkpoint,checkpoint….")
  var files: [String]

  @OptionGroup(title: "Measures") var arguments: SharpnessArguments
  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup(title: "Pictures") var page: PageOptions
  @OptionGroup var common: CommonOptions

  @Flag(help: "Rank correlation of each measure with Recall@20 and NDCG@20 over the checkpoints.")
  var correlate = false

  @Option(help: ArgumentHelp("Picture formats: png, svg, pdf, or none.", valueName: "list"))
  var format = "png"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Prefix of the files (default: the checkpoint's path without extension; of several, compare).",
      valueName: "prefix"))
  var output: String?

  @Flag(help: "Take up what an earlier, stopped run of the same command has measured.")
  var resume = false

  @Flag(help: "Only say what would be measured.")
  var dryRun = false

  func validate() throws {
    guard !files.isEmpty else { throw ValidationError("name one or more checkpoints") }
    guard !correlate || NamedFiles.count(files) > 1 else {
      throw ValidationError("--correlate needs several checkpoints")
    }
    try NamedFiles.validate(files)
    _ = try formatList(format)
  }

  func run() throws {
    let terminal = common.start()
    let interrupts = Interrupts()
    let named = try NamedModels(files, arguments: model, terminal: terminal, joinsObjectives: correlate)
    let dataset = named.dataset
    let prefix =
      output ?? (named.models.count == 1 ? (named.models[0].path as NSString).deletingPathExtension : "compare")
    if dryRun {
      terminal.result(
        SharpnessEstimate(named.models[0], dataset: dataset, arguments: arguments).text(named.models.count))
      return
    }
    let path = try OutputPrefix(prefix).prepared()
    let study = SharpnessStudy(
      named: named, dataset: dataset, arguments: arguments, prefix: path, store: "\(path)-sharpness.json",
      terminal: terminal, interrupts: interrupts)
    let settings = try arguments.settings()
    let started = Date()
    let groups = try study.measure(resuming: resume)
    for group in groups where named.models.count == 1 {
      terminal.result(SharpnessText(name: group.name, report: group.reports[0], settings: settings).text)
    }
    let words = SharpnessWords(evidence: try study.evidence(groups, correlate: correlate), settings: settings)
    if named.models.count > 1 { terminal.result(words.text) }
    let written = try [study.store] + study.write(groups, words: words, formats: formatList(format), page: page)
    let seconds = Terminal.duration(Date().timeIntervalSince(started))
    terminal.note("wrote \(written.joined(separator: ", ")) in \(seconds)")
  }
}
