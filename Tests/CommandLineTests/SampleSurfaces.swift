import Foundation
import Storage

extension Workplace {
  /// A surface file whose values no two indices share, with L2 and standard error.
  ///
  /// - Parameters:
  ///   - axes: −1 to 1 unless given.
  ///   - loss: of the coordinates; a bowl that is steeper along later directions.
  @discardableResult
  func writeSurface(
    _ name: String, shape: [Int], axes: [[Double]]? = nil, objective: String? = nil,
    metadata: [String: String] = [:], loss: (([Double]) -> Double)? = nil
  ) throws -> String {
    func even(_ count: Int) -> [Double] { (0..<count).map { Double(2 * $0) / Double(count - 1) - 1 } }
    let axes = axes ?? shape.map(even)
    let bowl = { (point: [Double]) -> Double in
      var value = 0.5 + point[0] / 7
      for (number, x) in zip(1..., point) { value += Double(number) * (x - 0.1) * (x - 0.1) / 3 }
      return value
    }
    var points: [[Double]] = [[]]
    for axis in axes { points = points.flatMap { point in axis.map { point + [$0] } } }
    let values = points.map(loss ?? bowl)
    var all = ["landscape.kind": "surface", "landscape.format": "1", "landscape.dataset": "some"]
    all["landscape.objective"] = objective
    var writer = SafetensorsWriter(metadata: all.merging(metadata) { $1 })
    writer.add(name: "loss", shape: shape, values)
    for (number, axis) in zip(1..., axes) { writer.add(name: "axis\(number)", axis) }
    writer.add(name: "loss_at_origin", shape: [], [1.0 / 3])
    writer.add(name: "l2", shape: shape, values.map { $0 / 7 })
    writer.add(name: "l2_at_origin", shape: [], [1.0 / 21])
    writer.add(name: "standard_error", shape: shape, values.map { $0 / 1e5 })
    try writer.write(to: folder.path(name))
    return name
  }
}

/// A picture file without what it says of its making.
func withoutProvenance(_ file: Data, _ format: String) -> Data {
  switch format {
  case "svg":
    let text = String(decoding: file, as: UTF8.self)
    return Data(
      text.replacing(/<title>.*?<\/title>/.dotMatchesNewlines(), with: "")
        .replacing(/<metadata>.*?<\/metadata>/.dotMatchesNewlines(), with: "").utf8)
  case "png":
    var (rest, kept) = (file.dropFirst(8), Data())
    while rest.count >= 12 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      let chunk = rest.prefix(12 + length)
      if !["tEXt", "zTXt", "iTXt"].contains(String(decoding: chunk.dropFirst(4).prefix(4), as: UTF8.self)) {
        kept.append(chunk)
      }
      rest = rest.dropFirst(12 + length)
    }
    return kept
  default: return file
  }
}
