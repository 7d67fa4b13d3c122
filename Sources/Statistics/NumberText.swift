import Foundation

/// Numbers as sentences show them: a true minus sign, a sign where a difference is meant, digits that the error supports.
public enum NumberText {
  /// "−12.3": two digits of the uncertainty, or three of the value where it is not known.
  static func signed(_ value: Double, uncertainty: Double = .nan) -> String {
    let (scale, digits) = uncertainty > 0 && uncertainty.isFinite ? (uncertainty, 1) : (abs(value), 2)
    let decimals = scale > 0 && scale.isFinite ? min(max(digits - Int(floor(log10(scale))), 0), 6) : 0
    return withMinus(String(format: "%+.\(decimals)f", value))
  }

  /// "+1.23e-07": three digits, whatever the size.
  static func short(_ value: Double, sign: Bool = true) -> String {
    withMinus(String(format: sign ? "%+.3g" : "%.3g", value))
  }

  /// "p = 0.012", "p < 0.001".
  public static func p(_ value: Double) -> String { value < 0.001 ? "p < 0.001" : "p = " + probability(value) }

  static func probability(_ value: Double) -> String {
    value < 0.001 ? "< 0.001" : String(format: value < 0.1 ? "%.2g" : "%.2f", value)
  }

  /// "d = −2.1".
  static func effect(_ d: Double) -> String { "d = " + withMinus(String(format: "%.\(abs(d) < 1 ? 2 : 1)f", d)) }

  /// "τ = −0.61 [−0.85, −0.15]".
  static func correlation(_ value: Double, _ interval: Interval? = nil) -> String {
    let ends = interval.map { " [\(fixed($0.low)), \(fixed($0.high))]" } ?? ""
    return "τ = \(fixed(value))\(ends)"
  }

  static func fixed(_ value: Double) -> String { withMinus(String(format: "%+.2f", value)) }

  /// "1 measure", "3 measures".
  public static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// "A", "A and B", "A, B and C".
  static func list(_ items: [String]) -> String {
    guard let last = items.last, items.count > 1 else { return items.first ?? "" }
    return items.dropLast().joined(separator: ", ") + " and " + last
  }

  /// No sign where all digits are zero.
  private static func withMinus(_ text: String) -> String {
    guard text.contains(where: { "123456789".contains($0) }) || text.contains("n") else {
      return text.filter { $0 != "-" && $0 != "+" }
    }
    return text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}
