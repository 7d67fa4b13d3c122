import LinearAlgebra

/// How parameters are drawn at the start of training.
public enum Initialisation: Sendable, Equatable {
  /// N(0, deviation²). APR's code uses 0.01, LightGCN's 0.1.
  case normal(deviation: Double)
  /// Uniform in ±√(6/(rows + columns)) for each table (Glorot and Bengio 2010; NGCF's code).
  case xavier
}

extension ParameterVector {
  /// Draws every tensor from its own random stream; tensors that are one filter as a whole (biases) stay 0.
  public static func drawn(_ layout: ParameterLayout, _ initialisation: Initialisation, seed: UInt64)
    -> ParameterVector
  {
    let parameters = ParameterVector(layout: layout)
    for tensor in layout.tensors where tensor.filter != .whole {
      let stream = RandomStream(seed: seed, "initialisation", tensor.name)
      switch initialisation {
      case .normal(let deviation):
        parameters.storage.fillNormal(stream, in: tensor.range)
        for index in tensor.range { parameters.pointer[index] *= Float(deviation) }
      case .xavier:
        let bound = (6 / Double(tensor.rows + tensor.columns)).squareRoot()
        var generator = stream.generator()
        for index in tensor.range { parameters.pointer[index] = Float((2 * generator.unit() - 1) * bound) }
      }
    }
    return parameters
  }
}
