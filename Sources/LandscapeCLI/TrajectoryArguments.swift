import ArgumentParser
import Foundation
import Training

/// The other checkpoints that `--directions pca` and `line` are made of.
struct TrajectoryArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For --directions pca: a run folder (train --keep-every) or checkpoints in order, a.bin,b.bin,….",
      valueName: "run"))
  var trajectory: String?

  @Option(help: ArgumentHelp("For --directions line: the checkpoint at 1; that at 0 is looked at.", valueName: "file"))
  var to: String?

  /// - Throws: `ValidationError` where kind of directions and options do not belong together.
  func check(_ surface: SurfaceArguments) throws {
    if surface.kind == .pca, trajectory == nil {
      throw ValidationError("--directions pca needs --trajectory RUN, or --trajectory a.bin,b.bin,…")
    }
    if surface.kind == .line, to == nil { throw ValidationError("--directions line needs --to x.bin, its other end") }
    if surface.kind != .pca, trajectory != nil {
      throw ValidationError("--trajectory belongs to --directions pca")
    }
    if surface.kind != .line, to != nil { throw ValidationError("--to belongs to --directions line") }
  }

  /// The checkpoints of the trajectory, in order.
  ///
  /// - Parameter isRun: whether they are those that a run has kept.
  /// - Throws: ``CommandError/noEpochs(path:)`` for a run that has kept none.
  static func files(_ text: String) throws -> (paths: [String], isRun: Bool) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) else {
      return (text.split(separator: ",").map(String.init), false)
    }
    guard isFolder.boolValue else { return ([text], false) }
    let folder = RunFolder(path: text)
    let epochs = folder.keptEpochs
    guard !epochs.isEmpty else { throw CommandError.noEpochs(path: text) }
    return (epochs.map(folder.kept), true)
  }
}
