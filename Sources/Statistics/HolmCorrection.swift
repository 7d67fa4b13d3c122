/// Holm's correction for asking several questions at once: it bounds the chance of any false answer.
public enum HolmCorrection {
  /// p̃₍ᵢ₎ = max_{j ≤ i} min(1, (m − j + 1)·p₍ⱼ₎), in the order given.
  ///
  /// NaN marks a question that was not tested: it stays NaN and does not count.
  /// Source: Holm, "A simple sequentially rejective multiple test procedure", Scand. J. Statistics 6 (1979).
  public static func adjusted(_ p: [Double]) -> [Double] {
    let tested = p.indices.filter { !p[$0].isNaN }.sorted { (p[$0], $0) < (p[$1], $1) }
    var adjusted = p
    var largest = 0.0
    for (rank, index) in tested.enumerated() {
      largest = max(largest, min(1, Double(tested.count - rank) * p[index]))
      adjusted[index] = largest
    }
    return adjusted
  }
}
