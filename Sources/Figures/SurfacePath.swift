/// Trajectories on a height field in a 3D box: lifted onto it, and faint where a surface stands before them.
struct SurfacePath {
  private struct Sample {
    /// On the page.
    let point: Point
    let isHidden: Bool
    /// Whether it is a point of the trajectory and not one between two.
    let isMark: Bool
  }

  private let projection: Projection
  private let scales: [Scale]
  private let isCut: Bool
  /// Of the vertical axis, 0…1, on grids whose cells are all but flat.
  private let heights: [Field]

  private static let gridPoints = 101
  /// Samples for a way as long as an axis.
  private static let samplesPerAxis = 160.0
  /// Of a line of sight, in the box, whose sides are 2 long.
  private static let sightStep = 0.02
  /// What a line of sight must be above or below a surface to count, in the box.
  private static let tolerance = 0.008

  /// - Parameters:
  ///   - fields: those that hide what is behind them; paths lie on the first one.
  ///   - isCut: whether fields end at the ends of `scales[2]`, instead of being held there.
  init(on fields: [Field], scales: [Scale], projection: Projection, isCut: Bool) {
    (self.scales, self.projection, self.isCut) = (scales, projection, isCut)
    heights = fields.map { field in
      let smooth = field.transformed(scales[2].kind).refined(toAtLeast: Self.gridPoints)
      let positions = smooth.values.map { $0.isFinite ? scales[2].position(scales[2].kind.inverse($0)) : .nan }
      return Field(unchecked: smooth.axis1, smooth.axis2, positions)
    }
  }

  func draw(_ trajectories: [Trajectory], on canvas: Canvas) {
    for trajectory in trajectories {
      let style = trajectory.style ?? CurveStyle(color: .darkInk)
      let marks = zip(trajectory.x, trajectory.y).filter { $0.isFinite && $1.isFinite }.map { Point($0, $1) }
      drawLine(through: marks, style, on: canvas)
      let ends = [marks.first, marks.count > 1 ? marks.last : nil]
      for (index, mark) in ends.enumerated() {
        guard let mark, let place = place(mark, heights[0]) else { continue }
        drawEnd(projection.project(place), isStart: index == 0, isHidden: isHidden(place), style.color, on: canvas)
      }
    }
  }

  private func drawEnd(_ at: Point, isStart: Bool, isHidden: Bool, _ color: Color, on canvas: Canvas) {
    switch (isHidden, isStart) {
    case (false, true): TrajectoryPlot.drawStart(on: canvas, at: at, color: color)
    case (false, false): TrajectoryPlot.drawEnd(on: canvas, at: at, color: color)
    case (true, true): canvas.stroke(TrajectoryPlot.square(at, 2.3), Self.faint(color))
    case (true, false): canvas.fill(TrajectoryPlot.square(at, 2.6), Self.faint(color).color)
    }
  }

  private static func faint(_ color: Color, dash: [Double] = []) -> Stroke {
    Stroke(color: color.withAlpha(0.5), width: 0.8, dash: dash)
  }

  private func drawLine(through marks: [Point], _ style: CurveStyle, on canvas: Canvas) {
    let runs = samples(through: marks).flatMap(Self.runs)
    for run in runs where run[run.count - 1].isHidden {
      canvas.stroke(Path(polyline: run.map(\.point)), Self.faint(style.color, dash: [1.6, 1.6]))
    }
    for run in runs where !run[run.count - 1].isHidden {
      TrajectoryPlot.drawLine(run.map(\.point), marks: run.indices.filter { run[$0].isMark }, style, on: canvas)
    }
  }

  // MARK: - Parts of a path

  /// The parts of a path that lie on the surface, closely sampled.
  private func samples(through marks: [Point]) -> [[Sample]] {
    guard let first = marks.first else { return [] }
    var parts: [[Sample]] = [[]]
    func add(_ at: Point, isMark: Bool) {
      guard let place = place(at, heights[0]) else {
        if parts[parts.count - 1].isEmpty == false { parts.append([]) }
        return
      }
      let sample = Sample(point: projection.project(place), isHidden: isHidden(place), isMark: isMark)
      parts[parts.count - 1].append(sample)
    }
    add(first, isMark: true)
    for (a, b) in zip(marks, marks.dropFirst()) {
      let way = unit(b) - unit(a)
      let steps = min(max(Int(Point(way.x, way.y).length * Self.samplesPerAxis), 1), 10_000)
      for step in 1...steps { add(a + (b - a) * (Double(step) / Double(steps)), isMark: step == steps) }
    }
    return parts.filter { !$0.isEmpty }
  }

  /// Divides a part where it goes out of sight or comes into it; each run begins where the one before ends.
  private static func runs(_ part: [Sample]) -> [[Sample]] {
    var runs: [[Sample]] = [[part[0]]]
    for (last, sample) in zip(part, part.dropFirst()) {
      let isFirst = runs[runs.count - 1].count == 1
      if sample.isHidden == last.isHidden || isFirst && runs.count == 1 {
        runs[runs.count - 1].append(sample)
      } else {
        runs.append([last, sample])
      }
    }
    return runs.filter { $0.count > 1 }
  }

  // MARK: - Sight

  /// In the box; nil where there is no surface.
  private func place(_ at: Point, _ heights: Field) -> Vector? {
    guard let height = heights.bilinear(at), !isCut || (0...1).contains(height) else { return nil }
    let unit = Vector(unit(at).x, unit(at).y, min(max(height, 0), 1))
    return (unit * 2 - 1) * projection.half
  }

  private func unit(_ at: Point) -> Point { Point(scales[0].position(at.x), scales[1].position(at.y)) }

  /// Whether the line from a place to the eye goes through a surface.
  private func isHidden(_ place: Vector) -> Bool {
    let camera = projection.camera
    let step = (camera.toEye - place * camera.perspective).normalized * Self.sightStep
    return heights.contains { field in
      var (at, side) = (place + step, 0.0)
      while abs(at.x) <= projection.half.x, abs(at.y) <= projection.half.y, abs(at.z) <= projection.half.z {
        defer { at += step }
        let unit = (at / projection.half + 1) / 2
        guard let surface = self.place(Point(scales[0].value(at: unit.x), scales[1].value(at: unit.y)), field) else {
          side = 0  // a hole lets the line through
          continue
        }
        let above = at.z - surface.z
        guard abs(above) > Self.tolerance else { continue }
        if side * above < 0 { return true }
        side = above
      }
      return false
    }
  }
}

extension Field {
  /// Between the four points around; nil outside the grid and in cells that are not whole.
  func bilinear(_ at: Point) -> Double? {
    func cell(_ value: Double, _ axis: [Double]) -> (Int, Double)? {
      guard value >= axis[0], value <= axis[axis.count - 1] else { return nil }
      var (low, high) = (0, axis.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if axis[middle] <= value { low = middle } else { high = middle }
      }
      return (low, (value - axis[low]) / (axis[high] - axis[low]))
    }
    guard let (i, u) = cell(at.x, axis1), let (j, v) = cell(at.y, axis2), isWhole(i, j) else { return nil }
    return (self[i, j] * (1 - u) + self[i + 1, j] * u) * (1 - v) + (self[i, j + 1] * (1 - u) + self[i + 1, j + 1] * u)
      * v
  }
}
