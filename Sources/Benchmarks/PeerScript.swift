import Foundation

/// A script that does the same work with another library, in one of its environments.
struct PeerScript {
  /// `implicit`; `torch-stock` and `torch-tuned` where the environment makes a difference.
  let name: String
  let path: String
  /// Variables set for it, on top of ours.
  let environment: [String: String]

  /// Large temporaries stay in the heap instead of being given back to the kernel and faulted in again.
  private static let tuned = [
    "MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000", "MALLOC_TOP_PAD_": "500000000",
  ]
  /// Scripts that run on PyTorch, which spends much of its time in such page faults.
  private static let onTorch: Set<String> = ["torch", "recbole", "pyhessian", "loss-landscapes"]

  /// Every `…_peer.py` of a folder, in alphabetical order.
  ///
  /// - Parameter wanted: names of peers or of scripts; nil: all.
  /// - Throws: ``BenchmarkError``.
  static func find(in folder: String, wanted: [String]?) throws -> [PeerScript] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    let all = names.filter { $0.hasSuffix("_peer.py") }.flatMap { file -> [(script: String, peer: PeerScript)] in
      let script = file.dropLast("_peer.py".count).replacingOccurrences(of: "_", with: "-")
      let variants =
        onTorch.contains(script) ? [("\(script)-stock", [:]), ("\(script)-tuned", tuned)] : [(script, [:])]
      return variants.map { (script, PeerScript(name: $0, path: "\(folder)/\(file)", environment: $1)) }
    }
    guard !all.isEmpty else { throw BenchmarkError.noPeerScripts(folder: folder) }
    guard let wanted else { return all.map(\.peer) }
    for name in wanted where !all.contains(where: { $0.script == name || $0.peer.name == name }) {
      throw BenchmarkError.unknownPeer(name, known: all.map(\.peer.name))
    }
    return all.filter { wanted.contains($0.script) || wanted.contains($0.peer.name) }.map(\.peer)
  }
}
