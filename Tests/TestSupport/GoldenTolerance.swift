/// How far a single-precision result may be from the reference, as the golden file itself advises.
///
/// |got − expected| ≤ relative·max|expected over the array|; elementwise files: ≤ relative·|expected| + absolute,
/// number by number. The relative part is that of the key where there is one, else the file's base.
public struct GoldenTolerance: Sendable {
  let base: Double
  let absolute: Double
  let elementwise: Bool
  let byKey: [String: Double]

  init(_ value: GoldenValue) throws {
    base = try value["base_relative"].double
    absolute = try value["absolute"].double
    elementwise = try value["elementwise"].bool
    byKey = try value["relative_by_key"].members.mapValues { try $0.double }
  }

  public func relative(_ key: String) -> Double { byKey[key] ?? base }

  /// The first value that is too far away; nil if there is none. A NaN is always too far.
  public func problem(_ got: [Double], _ expected: [Double], key: String) -> String? {
    let largest = expected.reduce(0) { max($0, abs($1)) }
    for (index, pair) in zip(got, expected).enumerated() {
      let allowed =
        elementwise
        ? relative(key) * abs(pair.1) + absolute : (largest == 0 ? absolute : relative(key) * largest)
      if !(abs(pair.0 - pair.1) <= allowed) && pair.0 != pair.1 {
        return "\(key)[\(index)]: \(pair.0), expected \(pair.1) ± \(allowed)"
      }
    }
    return nil
  }
}
