import ArgumentParser
import Foundation
import LinearAlgebra

/// Who is measured beside us.
struct PeerOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Measure peers too, with this Python.", valueName: "python"))
  var peers: String?

  @Option(help: ArgumentHelp("Peers to measure, separated by commas (default: all).", valueName: "names"))
  var against: String?

  @Option(help: ArgumentHelp("Folder of the peers' scripts.", valueName: "folder"))
  var peerScripts = "Benchmarks/peers"

  @Option(help: ArgumentHelp("Seconds that a peer may take for one row.", valueName: "seconds"))
  var peerPatience = 3600.0

  func validate() throws {
    if !(peerPatience > 0) { throw ValidationError("--peer-patience must be above 0") }
  }

  /// Starts the peers that can do one of the rows; the others are noted as skipped.
  ///
  /// - Throws: ``BenchmarkError``, ``Interrupts/Stop``.
  func start(_ setting: Setting, _ rows: [Row], _ threads: Int, _ run: BenchmarkRun) throws -> [PeerProcess] {
    guard let peers else { return [] }
    guard let python = Self.find(peers) else {
      run.skip("peers", "there is no \(peers): install them with Benchmarks/peers/install")
      return []
    }
    let wanted = against?.split(separator: ",").map(String.init)
    let scripts = try PeerScript.find(in: peerScripts, wanted: wanted)
    let arrays = setting.folder.file("arrays.safetensors")
    try ArraysFile.write(setting, to: arrays)
    var started: [PeerProcess] = []
    do {
      for script in scripts {
        if let peer = try start(script, python, arrays, setting, rows, threads, run) { started.append(peer) }
      }
    } catch {
      for peer in started { peer.quit() }
      throw error
    }
    return started
  }

  private func start(
    _ script: PeerScript, _ python: String, _ arrays: String, _ setting: Setting, _ rows: [Row], _ threads: Int,
    _ run: BenchmarkRun
  ) throws -> PeerProcess? {
    tell("starting \(script.name)")
    do {
      let peer = try PeerProcess(
        script, python: python, arrays: arrays, threads: threads, log: setting.folder.file("\(script.name).log"),
        patience: peerPatience, interrupts: setting.interrupts)
      if rows.contains(where: { !peer.rows.isDisjoint(with: $0.peerRows) }) { return peer }
      run.skip(peer.name, "has none of these rows; it offers \(peer.rows.sorted().joined(separator: ", "))")
      peer.quit()
    } catch let fault as PeerFault {
      run.skip(script.name, fault.message)
    }
    return nil
  }

  /// The path of a program that is named by path or found on the PATH.
  private static func find(_ program: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let places = program.contains("/") ? [program] : folders.map { "\($0)/\(program)" }
    return places.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
