import Foundation

/// Quartiles and whiskers of single runs, in the values in which an axis is linear.
///
/// Quantiles interpolate linearly between order statistics (type 7 of Hyndman and Fan, 1996); whiskers end at the furthest
/// runs within 1.5 interquartile ranges of the box (Tukey, "Exploratory Data Analysis", 1977).
struct RunSummary {
  let sorted: [Double]
  let quartiles: (low: Double, middle: Double, high: Double)
  let whiskers: (low: Double, high: Double)

  /// With fewer runs, quartiles say more than is known.
  static let fewest = 5

  /// Nil for fewer than `fewest` finite values.
  init?(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    guard sorted.count >= Self.fewest else { return nil }
    let (low, high) = (Self.quantile(sorted, 0.25), Self.quantile(sorted, 0.75))
    let reach = 1.5 * (high - low)
    self.sorted = sorted
    quartiles = (low, Self.quantile(sorted, 0.5), high)
    whiskers = (sorted.first { $0 >= low - reach } ?? low, sorted.last { $0 <= high + reach } ?? high)
  }

  static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let index = min(Int(place), sorted.count - 2)
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }

  /// Silverman's rule, 0.9 min(s, IQR / 1.34) n^(−1/5) ("Density Estimation", 1986, eq. 3.31); s alone where the
  /// quartiles coincide.
  var bandwidth: Double {
    let count = Double(sorted.count)
    let mean = sorted.reduce(0, +) / count
    let deviation = (sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
    let range = (quartiles.high - quartiles.low) / 1.34
    return 0.9 * (range > 0 ? min(deviation, range) : deviation) * pow(count, -0.2)
  }

  /// The Gaussian kernel density at `value`; 0 where all runs are equal.
  func density(_ value: Double) -> Double {
    let width = bandwidth
    guard width > 0 else { return 0 }
    let sum = sorted.reduce(0) { $0 + exp(-(value - $1) * (value - $1) / (2 * width * width)) }
    return sum / (Double(sorted.count) * width * (2 * .pi).squareRoot())
  }
}
