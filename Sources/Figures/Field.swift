import Foundation

/// Values on a rectangular grid.
public struct Field: Sendable, Equatable {
  /// Coordinates along the horizontal axis, ascending.
  public let axis1: [Double]
  /// Coordinates along the vertical axis, ascending.
  public let axis2: [Double]
  /// `values[i * axis2.count + j]` belongs to (`axis1[i]`, `axis2[j]`); NaN and infinities stay blank.
  public let values: [Double]

  /// - Throws: `FigureError.shape` or `.notAscending`.
  public init(axis1: [Double], axis2: [Double], values: [Double]) throws {
    for (index, axis) in [axis1, axis2].enumerated() where !isAscending(axis) {
      throw FigureError.notAscending(axis: index + 1)
    }
    guard values.count == axis1.count * axis2.count else {
      throw FigureError.shape(what: "grid", expected: [axis1.count, axis2.count], found: values.count)
    }
    self.init(unchecked: axis1, axis2, values)
  }

  init(unchecked axis1: [Double], _ axis2: [Double], _ values: [Double]) {
    self.axis1 = axis1
    self.axis2 = axis2
    self.values = values
  }

  public subscript(i: Int, j: Int) -> Double { values[i * axis2.count + j] }

  /// Whether all corners of the cell above and right of (i, j) are finite.
  func isWhole(_ i: Int, _ j: Int) -> Bool {
    self[i, j].isFinite && self[i + 1, j].isFinite && self[i, j + 1].isFinite && self[i + 1, j + 1].isFinite
  }

  var range1: ClosedRange<Double> { axis1[0]...axis1[axis1.count - 1] }
  var range2: ClosedRange<Double> { axis2[0]...axis2[axis2.count - 1] }

  /// The grid point with the lowest finite value, of equals the one nearest to the origin.
  public var lowestPoint: (x: Double, y: Double, value: Double)? {
    let finite = values.indices.filter { values[$0].isFinite }
    guard let lowest = finite.lazy.map({ values[$0] }).min() else { return nil }
    let places = finite.lazy.filter { values[$0] == lowest }.map { (axis1[$0 / axis2.count], axis2[$0 % axis2.count]) }
    guard let nearest = places.min(by: { hypot($0.0, $0.1) < hypot($1.0, $1.1) }) else { return nil }
    return (nearest.0, nearest.1, lowest)
  }

  /// Values in which `kind` is linear; what has no place becomes NaN.
  func transformed(_ kind: ScaleKind) -> Field {
    Field(unchecked: axis1, axis2, values.map { $0.isFinite ? kind.transform($0) : .nan })
  }
}

func isAscending(_ values: [Double]) -> Bool {
  values.count >= 2 && values.allSatisfy(\.isFinite) && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
}
