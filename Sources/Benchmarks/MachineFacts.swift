import CKernels
import Foundation
import LinearAlgebra
import Storage

/// On what and with what the benchmark ran.
struct MachineFacts {
  let model: String
  let cores: Int
  /// Bytes of main memory.
  let memory: Int
  /// Bytes of the last cache; nil where the system does not tell.
  let lastCache: Int?
  let system: String
  let kernel: String
  let architecture: String
  /// Runnable processes averaged over the last minute, when the benchmark began: near 0 on a quiet machine.
  let load: Double
  let compiler: String
  /// With "+" where files differ from it.
  let commit: String
  let date: String
  let threads: Int
  let instructionSet: String
  /// Variables of the environment that change what runs.
  let environment: [String: String]

  init() {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    model = Self.field("model name", text) ?? Self.field("CPU part", text) ?? "unknown"
    cores = ProcessInfo.processInfo.activeProcessorCount
    memory = Int(ProcessInfo.processInfo.physicalMemory)
    lastCache = Self.lastCacheSize()
    var name = utsname()
    uname(&name)
    (system, kernel, architecture) = (Self.text(name.sysname), Self.text(name.release), Self.text(name.machine))
    var loads = [0.0]
    load = getloadavg(&loads, 1) == 1 ? loads[0] : .nan
    compiler = ChildProgram.firstLine(of: ["swift", "--version"]) ?? "unknown"
    commit = Self.currentCommit()
    date = ISO8601DateFormatter().string(from: Date())
    threads = Parallel.threads
    instructionSet = String(cString: lk_isa_name())
    let all = ProcessInfo.processInfo.environment
    environment = all.filter { ["LANDSCAPE_ISA", "OPENBLAS_CORETYPE"].contains($0.key) }
  }

  /// Value of the first line `name : value`.
  private static func field(_ name: String, _ text: String) -> String? {
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func text<Field>(_ field: Field) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// The largest cache that the first core sees.
  private static func lastCacheSize() -> Int? {
    let folder = "/sys/devices/system/cpu/cpu0/cache"
    let sizes = (0..<5).compactMap { index -> Int? in
      guard let text = try? String(contentsOfFile: "\(folder)/index\(index)/size", encoding: .utf8) else { return nil }
      let digits = Int(text.prefix { $0.isNumber }) ?? 0
      return text.contains("M") ? digits << 20 : digits << 10
    }
    return sizes.max()
  }

  private static func currentCommit() -> String {
    guard let commit = ChildProgram.firstLine(of: ["git", "rev-parse", "--short=12", "HEAD"]) else { return "unknown" }
    let changes = ChildProgram.output(of: ["git", "status", "--porcelain", "--untracked-files=no"]) ?? ""
    return changes.isEmpty ? commit : commit + "+"
  }

  var json: JSONValue {
    [
      "model": .string(model), "cores": .integer(cores), "memory": .integer(memory),
      "last_cache": lastCache.map { .integer($0) } ?? .null, "system": .string(system), "kernel": .string(kernel),
      "architecture": .string(architecture), "load": JSONValue(load),
    ]
  }
}
