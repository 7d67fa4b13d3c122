import Foundation

/// Names beneath places on a horizontal axis, the same way in all panels: level where they fit, else turned, shortened
/// where they are too long, and left out only where even upright ones would overlap.
struct CategoryLabels {
  struct Entry: Equatable {
    var name: String
    /// From the panel's left edge.
    var center: Double
  }

  let panels: [[(text: TextLayout, center: Double)]]
  /// Against the clock, in radians.
  let slope: Double

  private static let gap = 4.0
  private static let longest = 50.0
  /// From the top of ascenders to the foot of descenders.
  private static let line = Typography.tick * 0.98

  /// - Parameter room: how far labels may reach beyond the panel's sides.
  init(_ entries: [[Entry]], width: Double, room: (left: Double, right: Double)) {
    let measured = entries.map { panel in panel.map { (text: Typography.tickLabel($0.name), center: $0.center) } }
    if measured.allSatisfy({ Self.fitLevel($0, width, room) }) {
      (panels, slope) = (measured, 0)
      return
    }
    let spacing = entries.map(Self.spacing).min() ?? .infinity
    slope = spacing * sin(.pi / 4) >= Self.line ? .pi / 4 : .pi / 2
    let (cosine, isUpright) = (cos(slope), slope == .pi / 2)
    panels = entries.map { panel in
      var last = -Double.infinity
      return panel.compactMap { entry in
        guard !isUpright || entry.center - last >= Self.line else { return nil }
        last = entry.center
        let limit = isUpright ? Self.longest : min(Self.longest, (entry.center + room.left) / cosine - Self.line)
        return (Self.shortened(entry.name, to: limit), entry.center)
      }
    }
  }

  /// Below the panels, the gap included.
  var height: Double {
    let widest = panels.joined().map(\.text.width).max() ?? 0
    return slope == 0 ? Self.gap + Self.line : Self.gap + widest * sin(slope) + Self.line * cos(slope)
  }

  func draw(_ index: Int, on canvas: Canvas, below rect: Rect) {
    for label in panels[index] {
      let at = Point(rect.minX + label.center, rect.maxY + Self.gap)
      if slope == 0 {
        canvas.label(label.text, at: at, .center, .top)
      } else {
        // The upper right corner of a capital letter comes to stand below the middle of the bar.
        let lift = TextLayout.turn(Point(0, label.text.capHeight / 2), -slope)
        canvas.label(label.text, at: at + Point(slope < .pi / 2 ? lift.x : 0, lift.y), .right, angle: -slope)
      }
    }
  }

  private static func spacing(_ panel: [Entry]) -> Double {
    zip(panel, panel.dropFirst()).map { $1.center - $0.center }.min() ?? .infinity
  }

  private static func fitLevel(
    _ labels: [(text: TextLayout, center: Double)], _ width: Double, _ room: (left: Double, right: Double)
  ) -> Bool {
    let keepApart = zip(labels, labels.dropFirst()).allSatisfy { a, b in
      b.center - a.center >= (a.text.width + b.text.width) / 2 + 4
    }
    return keepApart
      && labels.allSatisfy {
        $0.center - $0.text.width / 2 >= -room.left && $0.center + $0.text.width / 2 <= width + room.right
      }
  }

  /// As much of the beginning and the end as fits around an ellipsis, without markup; the whole where it fits.
  private static func shortened(_ name: String, to limit: Double) -> TextLayout {
    let whole = Typography.tickLabel(name)
    guard whole.width > limit else { return whole }
    let choices = (2..<max(whole.plain.count, 2)).reversed().lazy.map { kept in
      let (head, tail) = (whole.plain.prefix((kept + 1) / 2), whole.plain.suffix(kept / 2))
      return Typography.tickLabel("\(head)…\(tail)".replacingOccurrences(of: "$", with: "\\$"))
    }
    return choices.first { $0.width <= limit } ?? Typography.tickLabel("…")
  }
}
