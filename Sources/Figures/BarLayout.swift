/// Measured margins, scales and places of a bar figure.
struct BarLayout {
  let styles: NamedStyles
  let legend: Legend?
  let slots: [BarSlots]
  let labels: CategoryLabels
  private(set) var sheet: Sheet
  private(set) var note: [TextLayout] = []
  private let scales: [Scale]
  /// For each column of panels.
  private let tickRooms: [Double]

  init(_ figure: BarFigure, pageWidth: Double, theme: Theme = .light) {
    let bars = figure.panels.flatMap(\.groups).flatMap(\.bars)
    styles = NamedStyles(bars.map { ($0.name, $0.style) }, theme)
    scales = figure.panels.map(Self.scale)
    let sample: Legend.Sample = figure.panels.allSatisfy(\.style.hasMarkers) ? .marker : .bar
    legend = figure.naming == .legend ? Legend(entries: styles.entries, sample: sample) : nil
    sheet = Sheet(count: figure.panels.count, columns: figure.columns, preset: figure.preset)
    let (columns, scales) = (sheet.columns, scales)
    tickRooms = (0..<columns).map { column in
      let own = stride(from: column, to: scales.count, by: columns)
      return own.map { Self.tickRoom(scales[$0], panelWidth: pageWidth / Double(columns)) }.max() ?? 0
    }
    sheet.left = 6 + Typography.axis + tickRooms[0]
    sheet.gapX = 14 + Typography.axis + (tickRooms.dropFirst().max() ?? 0)
    sheet.right = 6
    let width = sheet.panelWidth(pageWidth: pageWidth)
    slots = figure.panels.map { BarSlots($0.groups.map(\.bars.count), width: width) }
    labels = CategoryLabels(
      zip(figure.panels, slots).map { Self.names($0, $1, figure.naming) }, width: width,
      room: (left: sheet.left - 2, right: min(sheet.right, sheet.gapX) - 1))
    reserveHeights(figure, pageWidth)
  }

  private mutating func reserveHeights(_ figure: BarFigure, _ pageWidth: Double) {
    let titleRoom = figure.panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 2
    let legendRoom = legend.map { $0.height(width: pageWidth - sheet.left - 4) + 3 } ?? 0
    sheet.top = 6 + titleRoom + legendRoom
    note = Typography.note(figure.note, width: pageWidth - sheet.left - 4)
    let xLabelRoom = figure.panels.allSatisfy(\.xLabel.isEmpty) ? 0 : Typography.axis + 6
    let noteRoom = figure.note.isEmpty ? 0 : Double(note.count) * Typography.lineHeight + 2
    sheet.bottom = labels.height + xLabelRoom + 4 + noteRoom
    sheet.gapY = labels.height + xLabelRoom + titleRoom + 8
  }

  /// What tick labels take left of the panels in the column of this one.
  func tickRoom(_ index: Int) -> Double { tickRooms[index % sheet.columns] }

  func frame(_ index: Int, _ rect: Rect) -> AxesFrame {
    var frame = AxesFrame(rect: rect, x: Scale(.linear, 0...1), y: scales[index])
    frame.xTicks = Ticks()
    return frame
  }

  private static func names(
    _ panel: BarFigure.Panel, _ slots: BarSlots, _ naming: BarFigure.Naming
  ) -> [CategoryLabels.Entry] {
    switch naming {
    case .legend, .groups:
      zip(panel.groups, slots.centers).compactMap { group, centers in
        guard let first = centers.first, let last = centers.last else { return nil }
        return CategoryLabels.Entry(name: group.name, center: (first + last) / 2)
      }
    case .beneath:
      zip(panel.groups, slots.centers).flatMap { group, centers in
        zip(group.bars, centers).map { CategoryLabels.Entry(name: $0.name, center: $1) }
      }
    }
  }

  /// For any number of ticks near that of a panel of usual height: the height itself depends on this room.
  private static func tickRoom(_ scale: Scale, panelWidth: Double) -> Double {
    let count = AxesFrame.yTickCount(panelWidth * 0.6)
    return (count - 1...count + 1).map { AxesFrame.yLabelWidth(scale.ticks(about: $0)) }.max() ?? 0
  }

  /// Holds values, error bars and runs; bars on a linear axis stand on zero.
  private static func scale(_ panel: BarFigure.Panel) -> Scale {
    let kind = panel.yScale
    let values = panel.groups.flatMap(\.bars).flatMap { [$0.value, $0.low, $0.high] + $0.runs }
    let stands = panel.style == .bars && kind != .log
    guard let range = commonRange([values + (stands ? [0] : [])], kind), range != 0...0 else {
      return Scale(kind, kind == .log ? 0.1...1 : 0...1)
    }
    if range.lowerBound == range.upperBound {
      let (value, part) = (range.lowerBound, abs(range.lowerBound) * 0.1)
      return Scale(kind, kind == .log ? value / 2...value * 2 : (value - part)...(value + part))
    }
    let below = stands && range.lowerBound == 0 ? 0 : panel.style == .bars && kind == .log ? 0.15 : 0.07
    return Scale(kind, range).padded(below, stands && range.upperBound == 0 ? 0 : 0.07)
  }
}

/// Where bars stand along a panel's width.
struct BarSlots: Equatable {
  /// For each group the middles of its bars, from the panel's left edge.
  let centers: [[Double]]
  /// Between the middles of neighbours.
  let pitch: Double

  private static let groupGap = 0.7
  private static let widest = 40.0

  init(_ counts: [Int], width: Double) {
    let gaps = Double(max(counts.count - 1, 0)) * Self.groupGap
    let units = Double(counts.reduce(0, +)) + gaps
    let pitch = min(width / (units + 0.4), Self.widest)
    var next = (width - units * pitch) / 2
    centers = counts.map { count in
      defer { next += (Double(count) + Self.groupGap) * pitch }
      return (0..<count).map { next + (Double($0) + 0.5) * pitch }
    }
    self.pitch = pitch
  }

  /// The width of a bar: neighbours of a group nearly touch, single ones stand apart.
  var barWidth: Double { pitch * (centers.count > 1 && centers.contains { $0.count > 1 } ? 0.86 : 0.68) }
}
