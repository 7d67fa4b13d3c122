import Foundation

/// Draws iso-lines with a gap where the label stands, on a straight stretch clear of other labels.
struct ContourLabelPlacer {
  let frame: Rect
  /// Boxes that labels must not touch; placed labels join them.
  var obstacles: [Rect]

  private struct Place {
    var center: Point
    var angle: Double
    var at: Double
    var score: Double
    var box: Rect
  }

  mutating func draw(_ line: [Point], _ label: TextLayout?, _ stroke: Stroke, on canvas: Canvas) {
    guard line.count > 1 else { return }
    let lengths = Polyline.lengths(line)
    guard let label, let place = best(line, lengths, label) else {
      canvas.stroke(Path(polyline: line), stroke)
      return
    }
    let half = label.width / 2 + 1.2
    let isClosed = line.first == line.last
    var parts = [
      Polyline.part(line, lengths, from: 0, to: place.at - half),
      Polyline.part(line, lengths, from: place.at + half, to: lengths[lengths.count - 1]),
    ]
    if isClosed { parts = [parts[1] + parts[0].dropFirst()] }
    for part in parts where part.count > 1 { canvas.stroke(Path(polyline: part), stroke) }
    canvas.label(label, at: place.center, angle: place.angle, color: stroke.color.withAlpha(1))
    obstacles.append(place.box)
  }

  private func best(_ line: [Point], _ lengths: [Double], _ label: TextLayout) -> Place? {
    let total = lengths[lengths.count - 1]
    let needed = label.width + 2.4
    guard total > needed * 2.2 else { return nil }
    let step = max(1.5, total / 160)
    var best: Place?
    var at = needed / 2 + 1
    while at < total - needed / 2 - 1 {
      if let place = place(line, lengths, label, at), place.score > best?.score ?? -.infinity { best = place }
      at += step
    }
    return best
  }

  /// A label centred `at` along the line; nil where it would leave the frame, touch something or bend too much.
  private func place(_ line: [Point], _ lengths: [Double], _ label: TextLayout, _ at: Double) -> Place? {
    let half = label.width / 2 + 1.2
    let start = Polyline.point(line, lengths, at: at - half)
    let end = Polyline.point(line, lengths, at: at + half)
    let chord = end - start
    guard chord.length > half * 1.7 else { return nil }
    let middle = Polyline.point(line, lengths, at: at)
    let bend = Polyline.distance(middle, start, end)
    guard bend < label.size * 0.3 else { return nil }
    var angle = atan2(chord.y, chord.x)
    if angle > .pi / 2 { angle -= .pi }
    if angle < -.pi / 2 { angle += .pi }
    let center = (start + end) * 0.5 + (middle - (start + end) * 0.5) * 0.5
    let origin = label.origin(at: center, .center, .middle, angle: angle)
    let box = label.inkBox(at: origin, angle: angle).insetBy(-1.5, -1.5)
    guard frame.insetBy(1, 1).contains(box), !obstacles.contains(where: box.intersects) else { return nil }
    let offset = center - frame.center
    let spread = obstacles.map { ($0.center - center).length }.min() ?? 40
    let score = -4 * bend - 3 * abs(angle) - 0.02 * offset.length + 0.03 * min(spread, 40)
    return Place(center: center, angle: angle, at: at, score: score, box: box)
  }
}
