extension Field {
  /// The field on a grid refined by Catmull–Rom splines to at least `count` points along each axis, for smooth contours.
  ///
  /// Passes through the values. In between, values stay within those of the 4 × 4 points around; next to NaN the
  /// interpolation is bilinear, and a cell with a NaN corner stays NaN inside.
  func refined(toAtLeast count: Int) -> Field {
    let factor1 = max(1, (count - 1 + axis1.count - 2) / (axis1.count - 1))
    let factor2 = max(1, (count - 1 + axis2.count - 2) / (axis2.count - 1))
    guard factor1 > 1 || factor2 > 1 else { return self }
    return sampled(Self.places(axis1.count, factor1), Self.places(axis2.count, factor2))
  }

  /// The field at `count1` × `count2` places spread evenly over grid cells, the ends among them.
  func resampled(_ count1: Int, _ count2: Int) -> Field {
    func places(_ points: Int, _ count: Int) -> [(Int, Double)] {
      (0..<count).map { index in
        let place = Double(index * (points - 1)) / Double(count - 1)
        let cell = min(Int(place), points - 2)
        return (cell, place - Double(cell))
      }
    }
    return sampled(places(axis1.count, count1), places(axis2.count, count2))
  }

  /// The field at evenly spaced coordinates of two ranges; NaN outside its own.
  func resampled(_ range1: ClosedRange<Double>, _ range2: ClosedRange<Double>, _ count: Int) -> Field {
    func axis(_ range: ClosedRange<Double>) -> [Double] {
      (0..<count).map {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1)
      }
    }
    func place(_ value: Double, _ axis: [Double]) -> (Int, Double)? {
      guard value >= axis[0], value <= axis[axis.count - 1] else { return nil }
      let cell = min(max((axis.firstIndex { $0 > value } ?? axis.count) - 1, 0), axis.count - 2)
      return (cell, (value - axis[cell]) / (axis[cell + 1] - axis[cell]))
    }
    let (first, second) = (axis(range1), axis(range2))
    let values = first.flatMap { x in
      second.map { y -> Double in
        guard let (i, u) = place(x, axis1), let (j, v) = place(y, axis2) else { return .nan }
        return value(i, u, j, v)
      }
    }
    return Field(unchecked: first, second, values)
  }

  private func sampled(_ places1: [(Int, Double)], _ places2: [(Int, Double)]) -> Field {
    var result: [Double] = []
    result.reserveCapacity(places1.count * places2.count)
    for (i, u) in places1 {
      for (j, v) in places2 { result.append(value(i, u, j, v)) }
    }
    return Field(unchecked: places1.map { Self.at($0, axis1) }, places2.map { Self.at($0, axis2) }, result)
  }

  private static func places(_ count: Int, _ factor: Int) -> [(Int, Double)] {
    (0...((count - 1) * factor)).map { index in
      let cell = min(index / factor, count - 2)
      return (cell, Double(index - cell * factor) / Double(factor))
    }
  }

  private static func at(_ place: (Int, Double), _ axis: [Double]) -> Double {
    axis[place.0] + place.1 * (axis[place.0 + 1] - axis[place.0])
  }

  /// The value at fraction (u, v) of the cell whose lower corner is (i, j).
  private func value(_ i: Int, _ u: Double, _ j: Int, _ v: Double) -> Double {
    if u == 0 || u == 1, v == 0 || v == 1 { return self[u == 0 ? i : i + 1, v == 0 ? j : j + 1] }
    let a = self[i, j]
    let b = self[i + 1, j]
    let c = self[i, j + 1]
    let d = self[i + 1, j + 1]
    let bilinear = (a * (1 - u) + b * u) * (1 - v) + (c * (1 - u) + d * u) * v
    guard bilinear.isFinite else { return edgeValue(a, b, c, d, u, v) }
    return spline(i, u, j, v) ?? bilinear
  }

  /// On the rim of a cell with a NaN corner the two ends of that rim decide.
  private func edgeValue(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ u: Double, _ v: Double) -> Double {
    if u == 0 { return a * (1 - v) + c * v }
    if u == 1 { return b * (1 - v) + d * v }
    if v == 0 { return a * (1 - u) + b * u }
    if v == 1 { return c * (1 - u) + d * u }
    return .nan
  }

  private func spline(_ i: Int, _ u: Double, _ j: Int, _ v: Double) -> Double? {
    var low = Double.infinity
    var high = -Double.infinity
    func row(_ p: Int) -> Double? {
      let values = (extended(p, j - 1), extended(p, j), extended(p, j + 1), extended(p, j + 2))
      low = min(low, values.0, values.1, values.2, values.3)
      high = max(high, values.0, values.1, values.2, values.3)
      let sum = values.0 + values.1 + values.2 + values.3
      return sum.isFinite ? Spline.catmullRom(values.0, values.1, values.2, values.3, v) : nil
    }
    guard let a = row(i - 1), let b = row(i), let c = row(i + 1), let d = row(i + 2) else { return nil }
    return min(max(Spline.catmullRom(a, b, c, d, u), low), high)
  }

  /// Values beyond the border continue straight on.
  private func extended(_ i: Int, _ j: Int) -> Double {
    let (n1, n2) = (axis1.count, axis2.count)
    if i < 0 { return 2 * extended(0, j) - extended(1, j) }
    if i >= n1 { return 2 * extended(n1 - 1, j) - extended(n1 - 2, j) }
    if j < 0 { return 2 * self[i, 0] - self[i, 1] }
    if j >= n2 { return 2 * self[i, n2 - 1] - self[i, n2 - 2] }
    return self[i, j]
  }
}

enum Spline {
  /// The Catmull–Rom spline through b (t = 0) and c (t = 1).
  static func catmullRom(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ t: Double) -> Double {
    let cubic = -a + 3 * b - 3 * c + d
    let square = 2 * a - 5 * b + 4 * c - d
    return 0.5 * (((cubic * t + square) * t + (c - a)) * t + 2 * b)
  }
}
