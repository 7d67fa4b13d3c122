import Foundation

/// The cells of one matrix.
struct HeatMapPlot {
  let rect: Rect
  let panel: HeatMapFigure.Panel
  let levels: ValueLevels
  let map: ColorMap
  let digits: Int

  private static let largestNumber = 6.5
  private static let smallestNumber = 4.2

  private var cell: Double { rect.width / Double(max(panel.columns.count, 1)) }

  func draw(on canvas: Canvas) {
    canvas.clipped(to: rect) { fillCells(on: canvas) }
    drawNumbers(on: canvas)
    drawBreaks(on: canvas)
    canvas.stroke(Path(rect), canvas.theme.line(0.6))
  }

  private func box(_ index: Int) -> Rect {
    let (row, column) = (index / panel.columns.count, index % panel.columns.count)
    return Rect(
      x: rect.minX + Double(column) * cell, y: rect.minY + Double(row) * cell, width: cell, height: cell)
  }

  /// One of the shades of the colour bar; nil for no value.
  private func color(_ value: Double, _ theme: Theme) -> Color? {
    guard levels.scale.kind.holds(value) else { return nil }
    let steps = Double(ColorBar.steps)
    let shade = (levels.position(value) * steps).rounded(.down)
    return theme.map(map).color(at: (min(max(shade, 0), steps - 1) + 0.5) / steps)
  }

  /// Each cell reaches a little below the next ones, so that no seams show.
  private func fillCells(on canvas: Canvas) {
    for (index, value) in panel.values.enumerated() {
      var area = box(index)
      area.width += 0.4
      area.height += 0.4
      canvas.fill(Path(area), color(value, canvas.theme) ?? canvas.theme.blank)
    }
    for (index, value) in panel.values.enumerated() where color(value, canvas.theme) == nil {
      Hatch.rising.draw(on: canvas, in: Path(box(index)), spacing: min(cell / 2, 4), canvas.theme.missing)
    }
  }

  /// Numbers of one size, in ink that can be read on the cell; none where that size would be too small.
  private func drawNumbers(on canvas: Canvas) {
    guard digits > 0 else { return }
    let texts = numbers
    let widest = texts.map { TextLayout($0, size: Self.largestNumber).width }.max() ?? 0
    let size = min(Self.largestNumber, Self.largestNumber * (cell - 2.5) / max(widest, 1e-9))
    guard size >= Self.smallestNumber else { return }
    for (index, text) in texts.enumerated() where !text.isEmpty {
      let ink = (color(panel.values[index], canvas.theme) ?? canvas.theme.blank).readableInk
      canvas.label(TextLayout(text, size: size), at: box(index).center, color: ink)
    }
  }

  /// With the same decimals on a linear scale, so that they compare at a glance; empty for no value.
  private var numbers: [String] {
    let finite = panel.values.filter(\.isFinite)
    let largest = finite.map(abs).max() ?? 0
    let decimals = largest > 0 ? digits - 1 - Int(floor(log10(largest) + 1e-9)) : 0
    let isEven = levels.scale.kind == .linear && TickLabels.commonExponent(finite) == 0
    return panel.values.map { value in
      guard value.isFinite else { return "" }
      return isEven
        ? TickLabels.fixed(value, decimals: max(decimals, 0)) : TickLabels.short(value, digits: digits)
    }
  }

  /// Lines between groups: white with a dark core, visible on all colours.
  private func drawBreaks(on canvas: Canvas) {
    var lines = Path()
    for range in panel.rows.ranges.dropFirst() {
      let y = rect.minY + Double(range.lowerBound) * cell
      lines.append(Path(from: Point(rect.minX, y), to: Point(rect.maxX, y)))
    }
    for range in panel.columns.ranges.dropFirst() {
      let x = rect.minX + Double(range.lowerBound) * cell
      lines.append(Path(from: Point(x, rect.minY), to: Point(x, rect.maxY)))
    }
    guard !lines.elements.isEmpty else { return }
    canvas.stroke(lines, Stroke(color: .white, width: 1.8))
    canvas.stroke(lines, Stroke(color: .darkInk, width: 0.7))
  }
}
