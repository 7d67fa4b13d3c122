/// The order of some values, equal values sharing a rank; what Kendall's S and its distribution are made from.
struct Ranking {
  /// The rank of each value, from 0, without gaps.
  let ranks: [Int]
  /// How many values have each rank.
  let sizes: [Int]

  init(_ values: [Double]) {
    let levels = values.sorted().reduce(into: [Double]()) { if $0.last != $1 { $0.append($1) } }
    let rank = Dictionary(uniqueKeysWithValues: levels.enumerated().map { ($1, $0) })
    ranks = values.map { rank[$0] ?? 0 }
    sizes = ranks.reduce(into: Array(repeating: 0, count: levels.count)) { $0[$1] += 1 }
  }

  var hasTies: Bool { sizes.count < ranks.count }

  /// N − T, the pairs that are not tied.
  var orderedPairs: Int { ranks.count * (ranks.count - 1) / 2 - sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }

  /// S, the concordant pairs less the discordant.
  static func score(_ x: [Int], _ y: [Int]) -> Int {
    var score = 0
    for i in x.indices {
      for j in 0..<i { score += (x[i] - x[j]).signum() * (y[i] - y[j]).signum() }
    }
    return score
  }

  /// P(|S| ≥ |s|) over all orders of y, each distinct arrangement once: equal values make all equally frequent.
  static func tail(of score: Int, _ x: Ranking, _ y: Ranking) -> Double {
    var arrangement = y.ranks.sorted()
    var (all, asLarge) = (0, 0)
    repeat {
      all += 1
      if abs(Self.score(x.ranks, arrangement)) >= abs(score) { asLarge += 1 }
    } while advance(&arrangement)
    return Double(asLarge) / Double(all)
  }

  /// The next arrangement in lexicographic order; false after the last.
  private static func advance(_ values: inout [Int]) -> Bool {
    guard let pivot = values.indices.dropLast().last(where: { values[$0] < values[$0 + 1] }),
      let successor = values.indices.last(where: { values[$0] > values[pivot] })
    else { return false }
    values.swapAt(pivot, successor)
    values[(pivot + 1)...].reverse()
    return true
  }

  /// The same without ties: S = N − 2·inversions, and inserting the m-th value adds 0 … m − 1 inversions, all equally
  /// often.
  static func tail(of score: Int, count: Int) -> Double {
    let pairs = count * (count - 1) / 2
    var probability = [1.0]
    for m in 1...count {
      var next = Array(repeating: 0.0, count: probability.count + m - 1)
      for (inversions, p) in probability.enumerated() {
        for added in 0..<m { next[inversions + added] += p / Double(m) }
      }
      probability = next
    }
    let tail = probability.indices.filter { abs(pairs - 2 * $0) >= abs(score) }.reduce(0) { $0 + probability[$1] }
    return min(1, tail)
  }

  /// The variance of S over all orders, with ties; Kendall, "Rank Correlation Methods" (1970), chapter 4.
  static func variance(_ x: Ranking, _ y: Ranking) -> Double {
    let n = Double(x.ranks.count)
    func sum(_ ranking: Ranking, _ term: (Double) -> Double) -> Double {
      ranking.sizes.reduce(0) { $0 + term(Double($1)) }
    }
    func third(_ t: Double) -> Double { t * (t - 1) * (2 * t + 5) }
    func pairs(_ t: Double) -> Double { t * (t - 1) }
    func triples(_ t: Double) -> Double { t * (t - 1) * (t - 2) }
    let plain = (third(n) - sum(x, third) - sum(y, third)) / 18
    let tiedPairs = sum(x, pairs) * sum(y, pairs) / (2 * pairs(n))
    return plain + tiedPairs + sum(x, triples) * sum(y, triples) / (9 * triples(n))
  }
}
