import Foundation

extension Surface {
  // MARK: - ImageData

  /// The grid as VTK XML ImageData, x along direction 1; a direction that is missing has one point at 0.
  ///
  /// - Throws: ``LandscapeError/exportNeedsEvenAxes(axis:)``.
  func imageData() throws -> String {
    let spacings = try axes.values.indices.map(spacing)
    func filled<T>(_ values: [T], _ rest: T) -> [T] { values + Array(repeating: rest, count: 3 - values.count) }
    func text<T>(_ values: [T]) -> String { values.map { "\($0)" }.joined(separator: " ") }
    let extent = text(filled(axes.shape.map { "0 \($0 - 1)" }, "0 0"))
    let origin = text(filled(axes.values.map { $0.first ?? 0 }, 0))
    var file = VTKFile(type: "ImageData")
    file.open("ImageData", ["WholeExtent": extent, "Origin": origin, "Spacing": text(filled(spacings, 1))])
    addFieldData(to: &file)
    file.open("Piece", ["Extent": extent])
    file.open("PointData", ["Scalars": "loss"])
    for (name, values) in pointValues { file.add(name, firstFastest(values)) }
    return file.finish()
  }

  /// The distance of neighbours on an axis; 1 for a single point.
  private func spacing(_ axis: Int) throws -> Double {
    let values = axes.values[axis]
    guard let first = values.first, let last = values.last, values.count > 1 else { return 1 }
    let step = (last - first) / Double(values.count - 1)
    let isEven = values.indices.allSatisfy { abs(values[$0] - (first + Double($0) * step)) <= 1e-6 * abs(step) }
    guard isEven, step > 0, step.isFinite else { throw LandscapeError.exportNeedsEvenAxes(axis: axis + 1) }
    return step
  }

  /// Values in VTK's order, in which the first direction is the fastest.
  private func firstFastest(_ values: [Double]) -> [Double] {
    let shape = axes.shape + Array(repeating: 1, count: 3 - axes.dimensions)
    var result: [Double] = []
    result.reserveCapacity(values.count)
    for k in 0..<shape[2] {
      for j in 0..<shape[1] {
        for i in 0..<shape[0] { result.append(values[(i * shape[1] + j) * shape[2] + k]) }
      }
    }
    return result
  }

  // MARK: - PolyData

  /// Two directions as a mesh of quadrilaterals: point i·n₂ + j lies at (`axis1`[i], `axis2`[j], `loss`[i, j]).
  ///
  /// A point whose loss is not finite lies at the lowest finite one, and no quadrilateral touches it.
  func polyData() -> String {
    let floor = loss.lazy.filter(\.isFinite).min() ?? 0
    let points = loss.indices.flatMap { coordinates($0) + [loss[$0].isFinite ? loss[$0] : floor] }
    let quads = wholeCells
    var file = VTKFile(type: "PolyData")
    file.open("PolyData")
    addFieldData(to: &file)
    file.open("Piece", ["NumberOfPoints": "\(loss.count)", "NumberOfPolys": "\(quads.count)"])
    file.open("PointData", ["Scalars": "loss"])
    for (name, values) in pointValues { file.add(name, values) }
    file.close()
    file.open("Points")
    file.add("Points", points, components: 3)
    file.close()
    file.open("Polys")
    file.add("connectivity", quads.flatMap { $0 })
    file.add("offsets", quads.indices.map { Int64(4 * ($0 + 1)) })
    return file.finish()
  }

  /// The corners of the cells that have finite values, counter-clockwise from above.
  private var wholeCells: [[Int64]] {
    let (rows, columns) = (axes.shape[0], axes.shape[1])
    return (0..<max(rows - 1, 0)).flatMap { i in
      (0..<max(columns - 1, 0)).compactMap { j -> [Int64]? in
        let corner = i * columns + j
        let corners = [corner, corner + columns, corner + columns + 1, corner + 1]
        return corners.allSatisfy { loss[$0].isFinite } ? corners.map(Int64.init) : nil
      }
    }
  }

  // MARK: - Both

  /// What belongs to the surface as a whole: its axes, the values at the checkpoint, and where it comes from.
  private func addFieldData(to file: inout VTKFile) {
    file.open("FieldData")
    for (name, values) in namedAxes { file.add(name, values, tuples: values.count) }
    for (name, value) in originValues { file.add(name, [value], tuples: 1) }
    file.add("metadata", text: metadataObject.text)
    file.close()
  }
}
