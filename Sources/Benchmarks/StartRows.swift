import Foundation
import Interactions
import Recommenders

/// What stands before any work: starting, reading, loading.
enum StartRows {
  static var all: [Row] {
    [
      Row(
        name: "load", work: "data set and checkpoint from their files, fingerprint and SHA-256 checked", unit: "loads",
        prepare: load),
      Row(name: "start-up", work: "`landscape --help` from start to end", unit: "starts", prepare: startUp),
      Row(name: "read-lists", work: "a text of lists (`user item item …`) read into matrices", unit: "MB") {
        try read(.lists, $0)
      },
      Row(name: "read-pairs", work: "a text of pairs (`user<TAB>item`) read into matrices", unit: "MB") {
        try read(.pairs, $0)
      },
    ]
  }

  private static func load(_ setting: Setting) throws -> Work {
    Work(amount: 1, note: "value: interactions") {
      let dataset = try Dataset.load(setting.datasetName)
      let checkpoint = try Checkpoint.read(path: setting.minimum.path)
      try checkpoint.requireRows(users: dataset.users, items: dataset.items)
      let fingerprint = dataset.train.fingerprint()
      return { fingerprint.isEmpty ? nil : Double(dataset.train.count + (dataset.test?.count ?? 0)) }
    }
  }

  private static func startUp(_ setting: Setting) throws -> Work {
    guard let program = ChildProgram.beside(CommandLine.arguments[0], "landscape") else {
      throw Unavailable(reason: "no program called landscape stands beside this one: build it")
    }
    return Work(amount: 1, note: "mean of 10 starts", repetitions: 10) {
      let status = try ChildProgram.run(program, ["--help"])
      guard status == 0 else { throw Unavailable(reason: "landscape --help ended with status \(status)") }
      return { nil }
    }
  }

  private static func read(_ shape: GeneratedText.Shape, _ setting: Setting) throws -> Work {
    // Ten times the data at hand, so that the text is longer than the caches where those are of a real size.
    let text = GeneratedText(shape: shape, interactions: max(10 * setting.dataset.train.count, 10_000))
    let folder = setting.folder.file("text-\(shape.rawValue)")
    let bytes = try text.write(into: folder)
    return Work(amount: Double(bytes) / 1e6, note: "\(text.interactions) interactions in plain text") {
      let dataset = try Dataset.load(folder)
      return { Double(dataset.train.count) }
    }
  }
}
