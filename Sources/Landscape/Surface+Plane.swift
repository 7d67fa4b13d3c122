extension Surface {
  /// The part of the surface at one grid point of an axis, over the other axes in order: a plane of a volume.
  ///
  /// - Parameters:
  ///   - axis: the axis that is held, counted from 0; the surface needs at least two.
  ///   - value: the grid point nearest to it is taken, of equals the first.
  /// - Returns: the values there, with the metadata of the whole and its path seen along the axis, and the coordinate at which the axis is held.
  public func plane(across axis: Int, nearest value: Double = 0) -> (surface: Surface, coordinate: Double) {
    precondition(axes.dimensions > 1 && axes.values.indices.contains(axis))
    let held = axes.values[axis]
    let index = held.indices.min { abs(held[$0] - value) < abs(held[$1] - value) } ?? 0
    let inner = axes.shape[(axis + 1)...].reduce(1, *)
    func part(_ values: [Double]) -> [Double] {
      stride(from: index * inner, to: values.count, by: held.count * inner).flatMap { values[$0..<$0 + inner] }
    }
    var rest = axes.values
    rest.remove(at: axis)
    let surface = Surface(
      axes: GridAxes(rest), loss: part(loss), l2: l2.map(part), standardError: standardError.map(part),
      lossAtOrigin: lossAtOrigin, l2AtOrigin: l2AtOrigin,
      path: path?.map { point in point.indices.filter { $0 != axis }.map { point[$0] } }, metadata: metadata)
    return (surface, held[index])
  }
}
