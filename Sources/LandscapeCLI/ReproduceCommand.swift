import ArgumentParser
import Studies

/// A paper with all its tables and figures, from raw data to a report.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Reproduce a paper: every training, table and figure, its numbers beside ours.",
    discussion: """
      The paper's study comes with the program (\(StudyLibrary.names.joined(separator: ", ")); \
      Sources/Studies/Files): `landscape reproduce sharpcf` is `landscape study sharpcf`. Stopped in any way, the same \
      command goes on. --search looks for the hyper-parameters again, on validation data; the study's file names those \
      that were found.
      """)

  @Argument(help: "The paper: \(StudyLibrary.names.joined(separator: ", ")).")
  var paper: String

  @Option(help: ArgumentHelp("The same as --data: keys of the data to take.", valueName: "list"))
  var dataset: String?

  @OptionGroup(title: "Study") var options: FileStudyOptions
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Picture formats: png, svg, pdf.", valueName: "list"))
  var format = "png,svg,pdf"

  @OptionGroup(title: "Pictures") var page: PageOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Folder of report, figures and tables (default: notebooks-out/study-PAPER).", valueName: "folder"))
  var output: String?

  @Option(help: ArgumentHelp("Folder of runs and surface files (default: runs/study-PAPER).", valueName: "folder"))
  var runs: String?

  @Flag(help: "Only say what would be trained, with time, memory and disk.")
  var dryRun = false

  func validate() throws {
    guard StudyLibrary.names.contains(paper) else {
      throw ValidationError(
        "'\(paper)' is not a paper that comes with the program: \(StudyLibrary.names.joined(separator: ", "))")
    }
    guard dataset == nil || options.data == nil else { throw ValidationError("--dataset and --data are the same") }
    _ = try formatList(format)
  }

  func run() throws {
    var options = options
    options.data = dataset ?? options.data
    try FileStudyRequest(
      file: paper, command: "landscape reproduce", options: options, formats: formatList(format), page: page,
      runs: runs, output: output, isDry: dryRun, terminal: common.start()
    ).run()
  }
}
