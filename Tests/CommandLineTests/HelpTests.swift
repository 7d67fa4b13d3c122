import Foundation
import Testing

@Suite("Help and usage")
struct HelpTests {
  let place = try! Workplace()

  @Test("--version prints a version and nothing else")
  func version() throws {
    let text = try place.succeed("--version")
    #expect(text.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
  }

  @Test("The help names every command")
  func overview() throws {
    let text = try place.succeed("--help")
    for command in ["surface", "compare", "render", "train", "evaluate", "inspect", "data", "study", "report"] {
      #expect(text.contains("\n  \(command) "), "\(command) is missing")
    }
    #expect(try place.succeed("help") == text)
    #expect(try place.succeed("-h") == text)
  }

  static let look = [
    "--format", "--style", "--theme", "--size", "--dpi", "--camera", "--levels", "--scale", "--log", "--rise",
    "--together", "--floor", "--cut",
  ]

  /// The options of CONTRACTS, "Command line", that this version has.
  static let options: [(command: String, options: [String])] = [
    (
      "surface",
      [
        "<file>", "--checkpoint", "--dims", "--range", "--points", "--seed", "--direction-seed", "--negative-seed",
        "--directions", "--trajectory", "--to", "--ignore-bias", "--negatives", "--loss", "--dataset",
        "--allow-other-data", "--backbone",
        "--ignore-tensor", "--threads", "--output", "--export", "--quiet", "--no-sharpness", "--dry-run",
      ] + look
    ),
    (
      "compare",
      [
        "<files>", "--dims", "--range", "--points", "--seed", "--direction-seed", "--negative-seed", "--directions",
        "--negatives", "--loss", "--dataset", "--allow-other-data", "--output", "--export", "--threads", "--quiet",
      ] + look
    ),
    (
      "render",
      ["<files>", "--movie", "--delay", "--hold", "--loops", "--export", "--output", "--threads", "--quiet"] + look
    ),
    (
      "train",
      [
        "--dataset", "--backbone", "--objective", "--dim", "--epochs", "--batch", "--optimizer", "--learning-rate",
        "--l2", "--rho", "--alpha", "--lambda", "--window", "--start-epoch", "--steps", "--terms", "--mu", "--seed",
        "--from", "--keep-every", "--resume", "--threads", "--output", "--validation", "--compact", "--strict",
        "--sampling",
        "--stop-on", "--quiet", "--dry-run",
      ]
    ),
    ("evaluate", ["<files>", "--dataset", "--cutoffs", "--on", "--json", "--threads", "--quiet"]),
    ("inspect", ["<files>", "--quiet"]),
    ("data info", ["<name>", "--compact", "--strict", "--split"]),
    ("data list", []),
    ("report", ["<inputs>", "--export", "--output", "--title", "--renderer", "--quiet"]),
    ("study", ["--dataset", "--dim", "--epochs", "--seed", "--output", "--format", "--threads", "--quiet"]),
  ]

  @Test("The help of a command explains its options", arguments: options)
  func commandHelp(_ command: String, _ options: [String]) throws {
    let words = command.split(separator: " ").map(String.init)
    let outcome = try place.run(["help"] + words)
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("USAGE: landscape \(command)"))
    for option in options {
      #expect(outcome.text.contains("\n  \(option) ") || outcome.text.contains(", \(option) "), "\(option) is missing")
    }
    let long = try place.run(words + ["--help"])
    #expect(long.status == 0 && long.text == outcome.text)
  }

  @Test("The help says which files the default command writes")
  func filesInHelp() throws {
    let checkpoint = try place.train()
    try place.succeed(checkpoint, "--points", "3", "--no-sharpness", "--output", "x")
    let written = try place.names().filter { $0.hasPrefix("x-") }
    let help = try place.succeed("--help")
    for name in written { #expect(help.contains(name), "the help does not name \(name)") }
    let named = help.matches(of: /x-[0-9a-z-]+\.[a-z]+/).map { String($0.output) }
    for name in named { #expect(written.contains(name), "the help promises \(name)") }
  }

  @Test("Wrong options are usage errors that name the fault")
  func usageErrors() throws {
    try place.misuse("x.bin", "--frobnicate", naming: "--frobnicate")
    try place.misuse("--frobnicate", naming: "--frobnicate")
    try place.misuse("train", "--frobnicate", naming: "--frobnicate")
    try place.misuse(naming: "name a checkpoint")
    try place.misuse("a.bin", "--checkpoint", "b.bin", naming: "once")
    try place.misuse("a.bin", "b.bin", naming: "b.bin")
    try place.misuse("compare", naming: "<files>")
    try place.misuse("evaluate", naming: "<files>")
    try place.misuse("data", "frobnicate", naming: "frobnicate")
    try place.misuse("x.bin", "--dims", "4", naming: "--dims")
    try place.misuse("x.bin", "--dims", "two", naming: "--dims")
    try place.misuse("x.bin", "--negatives", "0", naming: "--negatives")
    try place.misuse("x.bin", "--loss", "all", naming: "--loss")
    try place.misuse("x.bin", "--directions", "sideways", naming: "--directions")
    try place.misuse("x.bin", "--format", "jpg", naming: "--format jpg")
    try place.misuse("x.bin", "--threads", "0", naming: "--threads")
    try place.misuse("train", "--objective", "magic", naming: "bpr, apr, sam, gsam, sharpcf")
    try place.misuse("train", "--optimizer", "magic", naming: "lazy-adam")
    try place.misuse("evaluate", "x.bin", "--cutoffs", "0", naming: "--cutoffs")
    #expect(try place.names().isEmpty)
  }

  @Test("A word that is neither a command nor a file is refused in one line")
  func unknownCommand() throws {
    let message = try place.refuse("trian")
    #expect(message.contains("trian"))
  }

  @Test(
    "Completion scripts", arguments: [("bash", "complete -o"), ("zsh", "#compdef landscape"), ("fish", "complete -c")])
  func completions(_ shell: String, _ sign: String) throws {
    let script = try place.succeed("--generate-completion-script", shell)
    #expect(script.contains(sign))
    for word in ["compare", "--directions", "--start-epoch"] where shell != "fish" {
      #expect(script.contains(word), "\(word) is missing")
    }
    if shell == "fish" { #expect(script.contains("compare") && script.contains("-l 'directions'")) }
  }
}
