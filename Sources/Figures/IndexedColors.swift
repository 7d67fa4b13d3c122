import CPNG

/// A picture in at most 256 colours: exact where it has no more, else the pixels are mapped to a median-cut palette.
///
/// The most frequent colours — flat areas, steps of the colour bar — keep an entry of their own, so only shaded facets and
/// blends along edges move, by a few levels of 255.
struct IndexedColors {
  let palette: [png_color]
  let indices: [UInt8]
  /// Root mean square difference to the picture, per component in levels of 255.
  let error: Double

  /// - Parameter colors: 0xRRGGBB of every pixel.
  init(_ colors: [UInt32]) {
    let counts = Self.histogram(colors)
    let boxes = Self.cut(counts)
    var indexOf = [UInt16](repeating: .max, count: 1 << 24)
    var squares = 0.0
    palette = boxes.enumerated().map { index, box in
      let mean = box.mean
      for entry in box.entries {
        indexOf[Int(entry.color)] = UInt16(index)
        squares += entry.squaredDistance(to: mean) * Double(entry.count)
      }
      return mean
    }
    error = (squares / Double(3 * max(colors.count, 1))).squareRoot()
    indices = colors.map { UInt8(truncatingIfNeeded: indexOf[Int($0)]) }
  }

  struct Entry {
    let color: UInt32
    let count: Int

    func component(_ shift: UInt32) -> Int { Int(color >> shift & 255) }

    var isGray: Bool {
      let components = [component(16), component(8), component(0)]
      return (components.max() ?? 0) - (components.min() ?? 0) < 6
    }

    func squaredDistance(to other: png_color) -> Double {
      let differences = [
        component(16) - Int(other.red), component(8) - Int(other.green), component(0) - Int(other.blue),
      ]
      return Double(differences.reduce(0) { $0 + $1 * $1 })
    }
  }

  private struct Box {
    var entries: ArraySlice<Entry>
    var shift: UInt32 = 0
    /// Squared error along the widest component, weighted by count^½: rare blends matter, but less than areas.
    var error = 0.0

    init(_ entries: ArraySlice<Entry>) {
      self.entries = entries
      for candidate: UInt32 in [16, 8, 0] {
        var weight = 0.0
        var sum = 0.0
        var squares = 0.0
        for entry in entries {
          let w = Double(entry.count).squareRoot()
          let value = Double(entry.component(candidate))
          weight += w
          sum += w * value
          squares += w * value * value
        }
        let spread = squares - sum * sum / weight
        if spread > error { (error, shift) = (spread, candidate) }
      }
    }

    var mean: png_color {
      let total = entries.reduce(0) { $0 + $1.count }
      func average(_ shift: UInt32) -> UInt8 {
        UInt8((entries.reduce(0) { $0 + $1.count * $1.component(shift) } + total / 2) / total)
      }
      return png_color(red: average(16), green: average(8), blue: average(0))
    }

    /// Two halves, cut at the weighted mean of the widest component.
    func split() -> (Box, Box) {
      let sorted = entries.sorted { ($0.component(shift), $0.color) < ($1.component(shift), $1.color) }
      var weight = 0.0
      var sum = 0.0
      for entry in sorted {
        let w = Double(entry.count).squareRoot()
        weight += w
        sum += w * Double(entry.component(shift))
      }
      let mean = sum / weight
      let cut = min(max(sorted.firstIndex { Double($0.component(shift)) > mean } ?? 1, 1), sorted.count - 1)
      return (Box(sorted[..<cut]), Box(ArraySlice(sorted[cut...])))
    }
  }

  private static func histogram(_ colors: [UInt32]) -> [Entry] {
    var counts = [UInt32](repeating: 0, count: 1 << 24)
    for color in colors { counts[Int(color)] += 1 }
    var entries: [Entry] = []
    for (color, count) in counts.enumerated() where count > 0 {
      entries.append(Entry(color: UInt32(color), count: Int(count)))
    }
    return entries
  }

  /// Colours of at least this many pixels are kept, the most frequent ones up to a limit; greys, of which text has many
  /// shades, must cover an area.
  private static let frequent = (pixels: 90, grayPixels: 2500, limit: 150)

  private static func cut(_ entries: [Entry]) -> [Box] {
    if entries.count <= 256 { return entries.indices.map { Box(entries[$0...$0]) } }
    let kept = Set(
      entries.filter { $0.count >= ($0.isGray ? frequent.grayPixels : frequent.pixels) }.sorted {
        ($1.count, $0.color) < ($0.count, $1.color)
      }
      .prefix(frequent.limit).map(\.color))
    var boxes = entries.filter { kept.contains($0.color) }.map { Box([$0]) }
    boxes.append(Box(ArraySlice(entries.filter { !kept.contains($0.color) })))
    while boxes.count < 256 {
      guard let worst = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }), boxes[worst].error > 0 else {
        break
      }
      let (first, second) = boxes[worst].split()
      boxes[worst] = first
      boxes.append(second)
    }
    return boxes
  }
}
