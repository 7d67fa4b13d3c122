import Foundation

/// One reference case: values that another program computed in double precision from the definitions.
///
/// Committed sets are in Fixtures. LANDSCAPE_GOLDEN in the environment names a folder of case files that is used
/// instead of them for every case it holds: any other seed and any other sizes.
public struct GoldenCase: Sendable, CustomStringConvertible {
  public let name: String
  public let folder: String

  public var description: String { "\(name) of \((folder as NSString).lastPathComponent)" }

  /// The case in every set that has it.
  public static func all(_ name: String) -> [GoldenCase] {
    let environment = ProcessInfo.processInfo.environment["LANDSCAPE_GOLDEN"]
    if let environment {
      let given = GoldenCase(name: name, folder: environment)
      if given.exists { return [given] }
    }
    let committed = ["small", "medium"].map { GoldenCase(name: name, folder: "\(Self.fixtures)/\($0)") }
    let found = committed.filter(\.exists)
    precondition(!found.isEmpty, "there is no golden case called \(name)")
    return found
  }

  static var fixtures: String { "\(Bundle.module.bundlePath)/Fixtures" }

  private var path: String { "\(folder)/\(name).json" }
  private var exists: Bool { FileManager.default.fileExists(atPath: path) }

  public func load() throws -> Golden {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let root = GoldenValue(key: "", json: try JSONSerialization.jsonObject(with: data))
    return Golden(
      inputs: try root["inputs"].asRoot, expected: try root["expected"].asRoot,
      tolerance: try GoldenTolerance(root["tolerance"].asRoot))
  }
}

/// A case that has been read.
public struct Golden {
  public let inputs: GoldenValue
  public let expected: GoldenValue
  public let tolerance: GoldenTolerance

  /// What is wrong with `got`, in one line; nil if it is within the tolerance of the case.
  ///
  /// - Parameter expected: a number, array, matrix, or a pair of tables (users first, then items, in `got`).
  public func problem(_ got: [Double], _ expected: GoldenValue) throws -> String? {
    var place = 0
    for part in try expected.parts {
      let values = try part.doubles
      guard place + values.count <= got.count else { return "\(part.key): \(got.count) values are too few" }
      if let problem = tolerance.problem(Array(got[place..<place + values.count]), values, key: part.key) {
        return problem
      }
      place += values.count
    }
    return place == got.count ? nil : "\(expected.key): \(got.count) values, expected \(place)"
  }

  public func problem(_ got: Double, _ expected: GoldenValue) throws -> String? { try problem([got], expected) }

  public func problem(_ got: some Sequence<Float>, _ expected: GoldenValue) throws -> String? {
    try problem(got.map(Double.init), expected)
  }
}
