import COpenBLAS

/// Principal components of points x_t seen from a centre c: D = [x_1 − c; …; x_T − c], DDᵀv_k = λ_k v_k.
///
/// Found from the (T, T) Gram matrix of the differences, in float64: T points of any length n cost T²n. The centre is
/// given and not the mean, so that planes of components pass through it (Li et al. 2018, §7).
public struct PrincipalComponents: Sendable {
  /// λ_k = Σ_t (component k of x_t − c)², descending; of as many as there are points.
  public let eigenvalues: [Double]
  /// ‖x_t − c‖² of each point.
  public let squaredDistances: [Double]
  /// v_k of each eigenvalue, one weight for each point: of length 1, the largest weight negative: points that go towards the centre
  /// come from below.
  private let weights: [[Double]]
  private let points: [FloatBuffer]
  private let center: FloatBuffer

  /// Eigenvalues below this share of the largest are rounding.
  private static let smallest = 1e-12
  /// Parameters of all points that are taken at once.
  private static let chunk = 4096

  /// - Parameters:
  ///   - points: of the length of the centre; kept, not copied.
  /// - Returns: nil where a value is not finite.
  public init?(of points: [FloatBuffer], about center: FloatBuffer) {
    precondition(points.allSatisfy { $0.count == center.count })
    let gram = Self.gram(points, center)
    guard gram.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    let eigen = SymmetricEigen(gram)
    (self.points, self.center) = (points, center)
    squaredDistances = gram.indices.map { gram[$0][$0] }
    eigenvalues = eigen.values.reversed().map { max($0, 0) }
    weights = eigen.vectors.reversed().map { vector in
      let largest = vector.max { abs($0) < abs($1) } ?? 0
      return largest > 0 ? vector.map { -$0 } : vector
    }
  }

  /// How many directions the differences span.
  public var rank: Int { eigenvalues.count { $0 > Self.smallest * eigenvalues[0] } }

  /// λ_k/Σλ: the share of Σ‖x_t − c‖² that lies along component k.
  public func share(_ k: Int) -> Double {
    let total = squaredDistances.reduce(0, +)
    return total > 0 ? eigenvalues[k] / total : 0
  }

  /// Along component k, the coordinates of x_t − c in its length: √λ_k v_k.
  public func coordinates(_ k: Int) -> [Double] { weights[k].map { $0 * eigenvalues[k].squareRoot() } }

  /// Component k as a vector of a given length: ‖d‖ Σ_t v_kt (x_t − c)/√λ_k, summed in float64.
  public func component(_ k: Int, length: Double) -> FloatBuffer {
    precondition(k < rank)
    let factors = weights[k].map { $0 * length / eigenvalues[k].squareRoot() }
    let result = FloatBuffer(count: center.count)
    Parallel.chunks(of: Self.chunk, in: center.count) { _, range in
      for index in range {
        let origin = Double(center[index])
        var sum = 0.0
        for t in factors.indices { sum += factors[t] * (Double(points[t][index]) - origin) }
        result[index] = Float(sum)
      }
    }
    return result
  }

  // MARK: - Gram matrix

  /// G = DDᵀ, by chunks of columns of D in order.
  private static func gram(_ points: [FloatBuffer], _ center: FloatBuffer) -> [[Double]] {
    openblas_set_num_threads(1)  // the same bytes on any machine setting
    let count = points.count
    var gram = [Double](repeating: 0, count: count * count)
    var differences = [Double](repeating: 0, count: count * chunk)
    for first in stride(from: 0, to: center.count, by: chunk) {
      let width = min(chunk, center.count - first)
      for t in 0..<count {
        let (from, source, origin) = (t * width, points[t].pointer + first, center.pointer + first)
        for i in 0..<width { differences[from + i] = Double(source[i]) - Double(origin[i]) }
      }
      cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasNoTrans, blasint(count), blasint(width), 1, differences, blasint(width), 1,
        &gram, blasint(count))
    }
    return (0..<count).map { a in (0..<count).map { b in gram[max(a, b) * count + min(a, b)] } }
  }
}
