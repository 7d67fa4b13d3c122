/// Values on a grid of three axes.
public struct Volume: Sendable, Equatable {
  /// Ascending coordinates of the three axes.
  public let axes: [[Double]]
  /// `values[(i * n2 + j) * n3 + k]` belongs to (`axes[0][i]`, `axes[1][j]`, `axes[2][k]`).
  public let values: [Double]

  /// - Throws: `FigureError.shape` or `.notAscending`.
  public init(axis1: [Double], axis2: [Double], axis3: [Double], values: [Double]) throws {
    axes = [axis1, axis2, axis3]
    for (index, axis) in axes.enumerated() where !isAscending(axis) { throw FigureError.notAscending(axis: index + 1) }
    guard values.count == axis1.count * axis2.count * axis3.count else {
      throw FigureError.shape(what: "volume", expected: axes.map(\.count), found: values.count)
    }
    self.values = values
  }

  init(unchecked axes: [[Double]], _ values: [Double]) {
    self.axes = axes
    self.values = values
  }

  var counts: (Int, Int, Int) { (axes[0].count, axes[1].count, axes[2].count) }

  public subscript(i: Int, j: Int, k: Int) -> Double { values[(i * axes[1].count + j) * axes[2].count + k] }

  func range(_ axis: Int) -> ClosedRange<Double> { axes[axis][0]...axes[axis][axes[axis].count - 1] }

  /// Values in which `kind` is linear; what has no place becomes NaN.
  func transformed(_ kind: ScaleKind) -> Volume {
    Volume(unchecked: axes, values.map { $0.isFinite ? kind.transform($0) : .nan })
  }

  /// The slice at `value` of `axis` (the nearest grid plane), over the other two axes in order.
  func slice(_ axis: Int, at value: Double) -> (field: Field, value: Double) {
    let index = axes[axis].indices.min { abs(axes[axis][$0] - value) < abs(axes[axis][$1] - value) } ?? 0
    let others = [0, 1, 2].filter { $0 != axis }
    var result: [Double] = []
    for a in axes[others[0]].indices {
      for b in axes[others[1]].indices {
        var place = [0, 0, 0]
        place[axis] = index
        place[others[0]] = a
        place[others[1]] = b
        result.append(self[place[0], place[1], place[2]])
      }
    }
    return (Field(unchecked: axes[others[0]], axes[others[1]], result), axes[axis][index])
  }

  /// The volume at `count` places spread evenly over the grid cells of each axis, by Catmull–Rom splines along one axis
  /// after the other; linear beside NaN, and never beyond the four values around.
  func resampled(to count: Int) -> Volume {
    [2, 1, 0].reduce(self) { $0.resampled(along: $1, to: count) }
  }

  private func resampled(along axis: Int, to count: Int) -> Volume {
    let old = axes[axis]
    guard old.count != count else { return self }
    let places = (0..<count).map { index -> (cell: Int, t: Double) in
      let place = Double(index * (old.count - 1)) / Double(count - 1)
      let cell = min(Int(place), old.count - 2)
      return (cell, place - Double(cell))
    }
    let inner = axes[(axis + 1)...].reduce(1) { $0 * $1.count }
    let outer = axes[..<axis].reduce(1) { $0 * $1.count }
    var result: [Double] = []
    result.reserveCapacity(outer * count * inner)
    for block in 0..<outer {
      for place in places {
        for offset in 0..<inner {
          let start = block * old.count * inner + offset
          result.append(Self.interpolate(place.cell, place.t, old.count) { values[start + $0 * inner] })
        }
      }
    }
    var newAxes = axes
    newAxes[axis] = places.map { old[$0.cell] + $0.t * (old[$0.cell + 1] - old[$0.cell]) }
    return Volume(unchecked: newAxes, result)
  }

  private static func interpolate(_ cell: Int, _ t: Double, _ count: Int, _ value: (Int) -> Double) -> Double {
    let (b, c) = (value(cell), value(cell + 1))
    if t == 0 { return b }
    if t == 1 { return c }
    let a = cell > 0 ? value(cell - 1) : 2 * b - c
    let d = cell + 2 < count ? value(cell + 2) : 2 * c - b
    guard a.isFinite, d.isFinite else { return b + t * (c - b) }
    return min(max(Spline.catmullRom(a, b, c, d, t), min(a, b, c, d)), max(a, b, c, d))
  }
}
