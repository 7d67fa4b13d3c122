import CKernels

/// Element-wise work and inner products on long float vectors, in fixed chunks: the same bytes on any thread count.
extension FloatBuffer {
  /// Elements per chunk: 64 KiB, so that a chunk stays in the cache while several vectors pass by.
  static let chunk = 1 << 14

  /// Σ aᵢbᵢ, floats within 1,024 products and doubles across.
  public func dot(_ other: FloatBuffer) -> Double {
    precondition(other.count == count)
    nonisolated(unsafe) let a = pointer
    nonisolated(unsafe) let b = other.pointer
    return Parallel.sum(of: Self.chunk, in: count) { lk_dot(a + $0.lowerBound, b + $0.lowerBound, $0.count) }
  }

  /// ‖a‖₂.
  public var norm: Double { dot(self).squareRoot() }

  /// a ← a + α·x.
  public func add(_ alpha: Double, _ x: FloatBuffer) {
    precondition(x.count == count)
    nonisolated(unsafe) let y = pointer
    nonisolated(unsafe) let x = x.pointer
    Parallel.chunks(of: Self.chunk, in: count) { _, range in
      lk_axpy(Float(alpha), x + range.lowerBound, y + range.lowerBound, range.count)
    }
  }

  /// bₖ·a for every vector of a list, in one pass over a.
  public func overlaps(with vectors: [FloatBuffer]) -> [Double] {
    precondition(vectors.allSatisfy { $0.count == count })
    let parts = (count + Self.chunk - 1) / Self.chunk
    let width = vectors.count
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(parts * width, 1)) { buffer in
      nonisolated(unsafe) let slots = buffer
      nonisolated(unsafe) let a = pointer
      Parallel.chunks(of: Self.chunk, in: count) { part, range in
        for (k, vector) in vectors.enumerated() {
          slots[part * width + k] = lk_dot(vector.pointer + range.lowerBound, a + range.lowerBound, range.count)
        }
      }
      return vectors.indices.map { k in (0..<parts).reduce(0) { $0 + slots[$1 * width + k] } }
    }
  }

  /// a ← a + Σ αₖxₖ, in one pass over a.
  public func add(_ alphas: [Double], _ vectors: [FloatBuffer]) {
    precondition(alphas.count == vectors.count && vectors.allSatisfy { $0.count == count })
    nonisolated(unsafe) let y = pointer
    Parallel.chunks(of: Self.chunk, in: count) { _, range in
      for (alpha, x) in zip(alphas, vectors) {
        lk_axpy(Float(alpha), x.pointer + range.lowerBound, y + range.lowerBound, range.count)
      }
    }
  }

  /// Takes away what lies along orthonormal vectors: a ← (I − QQᵀ)a. Returns Qᵀa.
  ///
  /// Classical Gram–Schmidt, a second time where the first has cancelled more than 1/√2 of the vector: Kahan's "twice is
  /// enough" (Parlett, "The Symmetric Eigenvalue Problem", §6.9). With 0.1 Lanczos found clusters wrong.
  @discardableResult
  func orthogonalise(against basis: [FloatBuffer]) -> [Double] {
    guard !basis.isEmpty else { return [] }
    var total = [Double](repeating: 0, count: basis.count)
    var before = norm
    for _ in 0..<2 {
      let overlaps = overlaps(with: basis)
      add(overlaps.map { -$0 }, basis)
      for (index, overlap) in overlaps.enumerated() { total[index] += overlap }
      let after = norm
      if after > 0.7071 * before { break }
      before = after
    }
    return total
  }

  /// Divides by max|aᵢ|, so that squares neither vanish nor overflow. Zero stays zero.
  func scaleToUnitMaximum() {
    let largest = withExtendedLifetime(self) { values.reduce(0) { max($0, abs($1)) } }
    if largest > 0 { scale(by: 1 / Double(max(largest, .leastNormalMagnitude))) }
  }

  /// a ← x + α·d.
  public func set(_ x: FloatBuffer, plus alpha: Double, times d: FloatBuffer) {
    precondition(x.count == count && d.count == count)
    nonisolated(unsafe) let y = pointer
    nonisolated(unsafe) let x = x.pointer
    nonisolated(unsafe) let d = d.pointer
    Parallel.chunks(of: Self.chunk, in: count) { _, range in
      let at = range.lowerBound
      lk_scale_add(x + at, Float(alpha), d + at, y + at, range.count)
    }
  }

  /// a ← α·a.
  public func scale(by alpha: Double) {
    nonisolated(unsafe) let x = pointer
    Parallel.chunks(of: Self.chunk, in: count) { _, range in
      lk_scale(Float(alpha), x + range.lowerBound, range.count)
    }
  }

  /// Fills with independent standard normal deviates of a stream, numbers `offset`, `offset` + 1, ….
  public func fillNormal(_ stream: RandomStream, from offset: Int = 0) {
    fillNormal(stream, in: 0..<count, from: offset)
  }

  /// Fills a range with deviates `offset`, `offset` + 1, … of a stream.
  public func fillNormal(_ stream: RandomStream, in target: Range<Int>, from offset: Int = 0) {
    precondition(target.lowerBound >= 0 && target.upperBound <= count)
    nonisolated(unsafe) let x = pointer + target.lowerBound
    Parallel.chunks(of: Self.chunk, in: target.count) { _, range in
      lk_fill_normal(stream.key, UInt64(offset + range.lowerBound), range.count, x + range.lowerBound)
    }
  }

  /// Fills with independent random signs ±1: element i is bit i mod 64 of word ⌊i/64⌋ of the probe.
  ///
  /// - Parameter probe: which of the stream's sign vectors of this length; each takes ⌈count/64⌉ words.
  public func fillSigns(_ stream: RandomStream, probe: Int = 0) {
    nonisolated(unsafe) let x = pointer
    let first = UInt64(probe * ((count + 63) / 64))
    Parallel.chunks(of: Self.chunk, in: count) { _, range in
      for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
        let word = stream.word(at: first + UInt64(start / 64))
        for bit in 0..<min(64, range.upperBound - start) {
          x[start + bit] = Float(bitPattern: 0x3F80_0000 | UInt32(truncatingIfNeeded: word >> UInt64(bit)) << 31)
        }
      }
    }
  }
}
