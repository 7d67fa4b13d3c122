import ArgumentParser
import Studies

/// What of a study's file is done, and how.
struct FileStudyOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Keys of the data to take (default: all).", valueName: "list"))
  var data: String?

  @Option(help: ArgumentHelp("Train so many seeds, from 1, in place of the file's.", valueName: "n"))
  var seeds: Int?

  @Option(
    help: ArgumentHelp("Trainings at a time, which share the threads (default: one on each).", valueName: "n"))
  var jobs: Int?

  @Flag(help: "The short version of the study, in folders of its own: NAME-quick.")
  var quick = false

  @Flag(help: "Only look for hyper-parameters on validation data, as the file's search says; see search.md.")
  var search = false

  func validate() throws {
    _ = try seedList()
    guard !search || seeds == nil else { throw ValidationError("--search has its seed in the file; leave out --seeds") }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs must be between 1 and 256") }
  }

  /// What decides the results; begins with a space.
  var canonical: String {
    (data.map { " --data \($0)" } ?? "") + (seeds.map { " --seeds \($0)" } ?? "") + (quick ? " --quick" : "")
      + (search ? " --search" : "")
  }

  var isGiven: Bool { data != nil || seeds != nil || jobs != nil || search || quick }

  func seedList() throws -> [UInt64]? {
    guard let seeds else { return nil }
    guard (1...1000).contains(seeds) else { throw ValidationError("--seeds must be between 1 and 1000") }
    return (1...UInt64(seeds)).map { $0 }
  }

  /// - Throws: `ValidationError` for a key that the study does not have.
  func keys(of study: StudyFile) throws -> [String]? {
    guard let data else { return nil }
    let keys = data.split(separator: ",").map(String.init)
    let known = study.data.map(\.key)
    guard !keys.isEmpty else {
      throw ValidationError("--data names none: the study has \(known.joined(separator: ", "))")
    }
    for key in keys where !known.contains(key) {
      throw ValidationError("--data \(key) is not in the study: it has \(known.joined(separator: ", "))")
    }
    return keys
  }
}
