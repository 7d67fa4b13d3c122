import CKernels
import LinearAlgebra

/// Scaling a direction to the lengths of the parameters it is added to.
public enum FilterNormalisation {
  /// d_f ← d_f·‖θ_f‖/‖d_f‖ for every filter f; 0 where θ_f or d_f is 0.
  ///
  /// A filter is a row of an embedding table, the weights into one output unit of a dense layer, or a whole bias.
  ///
  /// - Parameters:
  ///   - direction: overwritten.
  ///   - parameters: θ, of the same layout.
  ///   - ignoreBias: sets biases and normalisation parameters of the direction to 0, as in Li et al. (2018).
  /// - Source: Li et al., "Visualizing the loss landscape of neural nets", NeurIPS 2018, §4.
  public static func filter(_ direction: ParameterVector, like parameters: ParameterVector, ignoreBias: Bool = false) {
    precondition(direction.layout == parameters.layout)
    for tensor in direction.layout.tensors {
      let d = direction.pointer(to: tensor)
      let theta = parameters.pointer(to: tensor)
      switch tensor.filter {
      case .rows: rows(d, theta, count: tensor.rows, width: tensor.columns)
      case .columns: columns(d, theta, count: tensor.rows, width: tensor.columns)
      case .whole where ignoreBias: d.update(repeating: 0, count: tensor.count)
      case .whole: rows(d, theta, count: 1, width: tensor.count)
      }
    }
  }

  /// Every tensor of the direction scaled to the norm of the same tensor of θ.
  public static func layer(_ direction: ParameterVector, like parameters: ParameterVector, ignoreBias: Bool = false) {
    precondition(direction.layout == parameters.layout)
    for tensor in direction.layout.tensors {
      let d = direction.pointer(to: tensor)
      if tensor.filter == .whole && ignoreBias {
        d.update(repeating: 0, count: tensor.count)
      } else {
        let own = FloatBuffer(sharing: direction.storage, in: tensor.range)
        let norm = own.norm
        let wanted = FloatBuffer(sharing: parameters.storage, in: tensor.range).norm
        own.scale(by: norm > 0 ? wanted / norm : 0)
      }
    }
  }

  private static func rows(
    _ direction: UnsafeMutablePointer<Float>, _ parameters: UnsafeMutablePointer<Float>, count: Int, width: Int
  ) {
    nonisolated(unsafe) let (d, theta) = (direction, parameters)
    Parallel.chunks(of: 512, in: count) { _, range in
      let at = range.lowerBound * width
      lk_match_row_norms(d + at, theta + at, range.count, width)
    }
  }

  private static func columns(
    _ direction: UnsafeMutablePointer<Float>, _ parameters: UnsafeMutablePointer<Float>, count: Int, width: Int
  ) {
    for column in 0..<width {
      var own = 0.0
      var wanted = 0.0
      for row in 0..<count {
        own += Double(direction[row * width + column]) * Double(direction[row * width + column])
        wanted += Double(parameters[row * width + column]) * Double(parameters[row * width + column])
      }
      let factor = own > 0 ? Float((wanted / own).squareRoot()) : 0
      for row in 0..<count { direction[row * width + column] *= factor }
    }
  }
}
