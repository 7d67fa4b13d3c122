extension StudyFile {
  /// A short version, to see that everything works: fewer seeds, and options that every training is given last.
  public struct Quick: Sendable, Equatable {
    public let seeds: [UInt64]
    public let train: [Option]
  }

  /// Makes it the short version; false where the file has none.
  public mutating func shorten() -> Bool {
    guard let quick else { return false }
    (seeds, overrides) = (quick.seeds, quick.train)
    for place in sweeps.indices { sweeps[place].seeds = Array(quick.seeds.prefix(sweeps[place].seeds.count)) }
    return true
  }
}
