import Landscape
import Storage

/// What the directions of a surface are called in figures and summaries.
struct DirectionNames {
  private let metadata: [String: String]

  init(_ surface: Surface) { metadata = surface.metadata }

  private func list(_ key: String) -> [JSONValue] {
    metadata["landscape.\(key)"].flatMap { try? JSONValue(parsing: $0).array } ?? []
  }

  /// λ_k/Σλ of principal components.
  var variance: [Double] { list("variance").compactMap(\.double) }

  /// "PC 1 (63.2 %)"; nil where the directions are no principal components.
  func component(_ axis: Int) -> String? {
    let shares = variance
    guard shares.indices.contains(axis) else { return nil }
    return "PC \(axis + 1) (\(Self.percent(shares[axis])))"
  }

  /// The checkpoints at 0 and 1 of a line; nil where direction 1 is none.
  var ends: (String, String)? {
    let names = list("line").compactMap(\.string)
    return names.count == 2 ? (names[0], names[1]) : nil
  }

  /// 63.2 %, or less than 0.1 %.
  static func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return tenths < 0.1 && share > 0 ? "< 0.1 %" : "\(tenths) %"
  }
}
