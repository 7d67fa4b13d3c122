import Foundation

/// Ticks of an axis that is linear within ±`threshold`: zero and powers of ten of both signs.
struct SymlogTicks {
  let scale: Scale
  let threshold: Double

  /// Powers of ten outside the linear stretch, as exponents.
  private var exponents: [Int]? {
    let largest = max(abs(scale.range.lowerBound), abs(scale.range.upperBound))
    let first = Int(ceil(log10(threshold) - 1e-9))
    let last = Int(floor(log10(largest) + 1e-9))
    return first <= last ? Array(first...last) : nil
  }

  /// About `count` ticks; nil where even spacing shows more.
  func ticks(about count: Int) -> Ticks? {
    guard let exponents else { return nil }
    let choices = (1...exponents.count).flatMap { stride in
      [0, 1].map { values(exponents.dropFirst($0), every: stride, factors: [1]) }
    }
    var labelled = choices.filter { $0.count <= count + 1 }.max { $0.count < $1.count } ?? [0]
    if choices[0].count < 3 { labelled = values(exponents[...], every: 1, factors: [1, 2, 5]) }
    guard labelled.count >= min(3, choices[0].count) else { return nil }
    let isDense = choices[0].count <= count + 2
    let between = isDense ? Array(1...9).map(Double.init) : [1]
    let all = isDense ? [exponents[0] - 1] + exponents : exponents
    let minor = inside(signed(all, between)).filter { !labelled.contains($0) }
    return Ticks(major: zip(labelled, TickLabels.log(labelled)).map { Ticks.Tick(value: $0, label: $1) }, minor: minor)
  }

  /// Zero and every `stride`-th power of ten down from the largest, without those too near to zero for two labels.
  private func values(_ exponents: ArraySlice<Int>, every stride: Int, factors: [Double]) -> [Double] {
    let kept = exponents.filter { exponent in
      let length = scale.kind.transform(pow(10, Double(exponent)))
      return (exponents[exponents.endIndex - 1] - exponent) % stride == 0 && length >= 0.4 * Double(stride)
    }
    return inside(signed(kept, factors) + [0]).sorted()
  }

  private func signed(_ exponents: [Int], _ factors: [Double]) -> [Double] {
    let sizes = exponents.flatMap { exponent in factors.map { $0 * pow(10, Double(exponent)) } }
    return sizes.reversed().map { -$0 } + sizes
  }

  private func inside(_ values: [Double]) -> [Double] {
    values.filter { (-1e-9...(1 + 1e-9)).contains(scale.position($0)) }
  }
}
