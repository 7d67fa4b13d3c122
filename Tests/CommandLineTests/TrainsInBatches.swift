import Testing

/// Tests of what is written while a model trains: many batches an epoch, so that a run can be stopped inside one.
protocol TrainsInBatches {
  var place: Workplace { get }
}

extension TrainsInBatches {
  static var data: String { "synthetic:users=300,items=400,interactions=6000" }

  static func command(_ run: String, _ options: [String]) -> [String] {
    ["train", "--dataset", data, "--dim", "8", "--batch", "64", "--quiet", "--output", run] + options
  }

  func train(_ run: String, _ options: String...) throws {
    let outcome = try place.run(Self.command(run, options))
    try #require(outcome.status == 0, "\(outcome.message)")
  }
}
