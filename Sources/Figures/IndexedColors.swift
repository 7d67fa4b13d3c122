import CPNG

/// A picture in at most 256 colours: exact where it has no more, else the pixels are mapped to a median-cut palette.
///
/// Figures have flat areas, ramps and antialiased edges; after the cut an area keeps its very colour (frequent colours
/// get boxes of their own), and only blends along edges move, by a few levels of 255.
struct IndexedColors {
  let palette: [png_color]
  let indices: [UInt8]

  /// - Parameter colors: 0xRRGGBB of every pixel.
  init(_ colors: [UInt32]) {
    let counts = Self.histogram(colors)
    let boxes = Self.cut(counts)
    var indexOf = [UInt16](repeating: .max, count: 1 << 24)
    palette = boxes.enumerated().map { index, box in
      for entry in box.entries { indexOf[Int(entry.color)] = UInt16(index) }
      return box.mean
    }
    indices = colors.map { UInt8(truncatingIfNeeded: indexOf[Int($0)]) }
  }

  struct Entry {
    let color: UInt32
    let count: Int

    func component(_ shift: UInt32) -> Int { Int(color >> shift & 255) }
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

  private static func cut(_ entries: [Entry]) -> [Box] {
    if entries.count <= 256 { return entries.indices.map { Box(entries[$0...$0]) } }
    var boxes = [Box(entries[...])]
    while boxes.count < 256 {
      guard let worst = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }), boxes[worst].error > 0 else { break }
      let (first, second) = boxes[worst].split()
      boxes[worst] = first
      boxes.append(second)
    }
    return boxes
  }
}
