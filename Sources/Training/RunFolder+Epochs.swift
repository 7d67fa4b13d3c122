import Foundation

/// The checkpoints that a run keeps on its way: `epochs/00000.bin`, `epochs/00010.bin`, ….
extension RunFolder {
  public var epochs: String { path + "/epochs" }

  /// Where the checkpoint after so many complete epochs is kept.
  public func kept(_ epoch: Int) -> String {
    let digits = String(epoch)
    return "\(epochs)/\(String(repeating: "0", count: max(5 - digits.count, 0)))\(digits).bin"
  }

  /// The epochs whose checkpoints are there, ascending; 0 is the start.
  public var keptEpochs: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: epochs)) ?? []
    return names.compactMap { name in
      guard name.hasSuffix(".bin"), let epoch = Int(name.dropLast(4)), kept(epoch) == "\(epochs)/\(name)" else {
        return nil
      }
      return epoch
    }.sorted()
  }

  /// Makes the folder for them.
  public func createEpochs() throws {
    do {
      try FileManager.default.createDirectory(atPath: epochs, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.badSetting("\(epochs): cannot be made; choose another folder with --output")
    }
  }

  /// Removes the kept checkpoints of some epochs, and the folder if nothing else is in it.
  public func removeKept(where isGone: (Int) -> Bool) throws {
    for epoch in keptEpochs where isGone(epoch) {
      do {
        try FileManager.default.removeItem(atPath: kept(epoch))
      } catch {
        throw TrainingError.badSetting("\(kept(epoch)): cannot be replaced; choose another folder with --output")
      }
    }
    if (try? FileManager.default.contentsOfDirectory(atPath: epochs))?.isEmpty == true {
      try? FileManager.default.removeItem(atPath: epochs)
    }
  }
}
