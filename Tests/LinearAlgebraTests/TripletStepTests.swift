import CKernels
import Foundation
import TestSupport
import Testing

/// Steps on single triplets against explicit gradients and perturbations in double precision, and the order in which
/// they may run in parallel.
@Suite struct TripletStepTests {
  static let (users, items) = (40, 60)

  struct Rule: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var clean: Float = 1
    var adversarial: Float = 0
    var perRow = true
    var trajectory: Float = 0
    var scale = 1.0
  }

  static let rules = [
    Rule(testDescription: "bpr"), Rule(testDescription: "apr, row", adversarial: 0.7),
    Rule(testDescription: "apr, global", adversarial: 0.7, perRow: false),
    Rule(testDescription: "sam", clean: 0, adversarial: 1, perRow: false),
    Rule(testDescription: "sharpcf", trajectory: 0.3), Rule(testDescription: "large margins", scale: 30),
    Rule(testDescription: "small rows", adversarial: 1, scale: 1e-4),
  ]

  /// A run of triplets without a common row among 16 neighbours: users, positives and negatives go round.
  static let count = 53
  static let user = (0..<count).map { UInt32($0 % users) }
  static let positive = (0..<count).map { UInt32($0 % 30) }
  static let negative = (0..<count).map { UInt32(30 + ($0 * 7) % 30) }

  @Test(arguments: rules, [1, 3, 16, 17, 64, 100, 128]) func agreesWithTheReference(_ rule: Rule, width: Int) {
    let start = (
      users: randomFloats(Self.users * width, scale: rule.scale, "users"),
      items: randomFloats(Self.items * width, scale: rule.scale, "items")
    )
    var then = randomFloats(Self.count, "then")
    then[5] = .nan
    let pair = (0..<UInt32(Self.count)).map { $0 }
    var kernel = lk_triplet_rule(
      rate: 0.05, l2: 0.01, clean: rule.clean, adversarial: rule.adversarial, rho: 0.4, per_row: rule.perRow ? 1 : 0,
      trajectory: rule.trajectory, then: nil, now: nil)
    let expected = Self.reference(kernel, rule, start.users, start.items, width, then)
    var bits: [String: [UInt32]] = [:]
    onEachInstructionSet { isa in
      var (users, items) = start
      var now = [Float](repeating: .nan, count: Self.count)
      var (value, squares) = (0.0, 0.0)
      then.withUnsafeBufferPointer { then in
        now.withUnsafeMutableBufferPointer { now in
          if rule.trajectory != 0 { (kernel.then, kernel.now) = (then.baseAddress, now.baseAddress) }
          value = lk_sgd_triplets(
            &kernel, &users, &items, width, Self.user, Self.positive, Self.negative, pair, Self.count, &squares)
        }
      }
      #expect(Dense.relativeDistance(users.map(Double.init), expected.users) < 1e-6, "\(isa)")
      #expect(Dense.relativeDistance(items.map(Double.init), expected.items) < 1e-6, "\(isa)")
      #expect(abs(value - expected.value) < 1e-5 * abs(expected.value), "\(isa)")
      #expect(abs(squares - expected.squares) < 1e-5 * expected.squares, "\(isa)")
      if rule.trajectory != 0 {
        #expect(Dense.distance(now.map(Double.init), expected.scores) < 1e-5, "\(isa)")
      }
      bits[isa] = (users + items).map(\.bitPattern)
    }
    if let avx2 = bits["avx2"], let avx512 = bits["avx512"] { #expect((avx2 == avx512) == true) }
  }

  static func reference(
    _ rule: lk_triplet_rule, _ kind: Rule, _ startUsers: [Float], _ startItems: [Float], _ d: Int, _ then: [Float]
  ) -> (users: [Double], items: [Double], value: Double, squares: Double, scores: [Double]) {
    var rule = rule
    var (users, items) = (startUsers.map(Double.init), startItems.map(Double.init))
    var (value, squares) = (0.0, 0.0)
    var scores: [Double] = []
    var work = [Double](repeating: 0, count: 9 * d)
    for t in 0..<count {
      let (u, i, j) = (Int(user[t]) * d, Int(positive[t]) * d, Int(negative[t]) * d)
      var row = Array(users[u..<u + d] + items[i..<i + d] + items[j..<j + d])
      squares += row.reduce(0) { $0 + $1 * $1 }
      scores.append((0..<d).reduce(0) { $0 + row[$1] * row[d + $1] })
      then.withUnsafeBufferPointer {
        rule.then = kind.trajectory != 0 ? $0.baseAddress : nil
        value += lk_reference_sgd_triplet(&rule, &row, d, Double(then[t]), &work)
      }
      users.replaceSubrange(u..<u + d, with: row[0..<d])
      items.replaceSubrange(i..<i + d, with: row[d..<2 * d])
      items.replaceSubrange(j..<j + d, with: row[2 * d..<3 * d])
    }
    return (users, items, value, squares, scores)
  }

  /// A zero gradient has no direction: nothing is perturbed, nothing is NaN.
  @Test func zeroRows() {
    onEachInstructionSet { isa in
      for perRow: Int32 in [0, 1] {
        var rule = lk_triplet_rule(
          rate: 0.1, l2: 0.1, clean: 1, adversarial: 1, rho: 0.5, per_row: perRow, trajectory: 0, then: nil, now: nil)
        var (users, items, squares) = ([Float](repeating: 0, count: 20), [Float](repeating: 0, count: 40), 0.0)
        let value = lk_sgd_triplets(&rule, &users, &items, 20, [0], [0], [1], [0], 1, &squares)
        #expect(abs(value - 2 * log(2.0)) < 1e-6 && squares == 0, "\(isa)")
        #expect((users + items).allSatisfy { $0 == 0 }, "\(isa)")
      }
    }
  }

  @Test func levels() {
    let n = 5000
    var generator = SystemRandomNumberGenerator()
    let u = (0..<n).map { _ in UInt32.random(in: 0..<300, using: &generator) }
    let i = (0..<n).map { _ in UInt32.random(in: 0..<200, using: &generator) }
    let j = (0..<n).map { UInt32((Int(i[$0]) + 1 + Int.random(in: 0..<100, using: &generator)) % 200) }
    var (userLevels, itemLevels) = ([UInt32](repeating: 0, count: 300), [UInt32](repeating: 0, count: 200))
    var level = [UInt32](repeating: 9, count: n)
    var (places, offsets) = (level, [UInt32](repeating: 9, count: n + 1))
    let levels = lk_level_triplets(u, i, j, n, &userLevels, &itemLevels, &level, &places, &offsets)
    #expect((userLevels + itemLevels).allSatisfy { $0 == 0 })
    #expect(places.sorted() == (0..<UInt32(n)).map { $0 } && offsets[0] == 0 && offsets[levels] == n)
    var last: [String: (level: Int, place: UInt32)] = [:]  // of each row, in the order of the levels
    for l in 0..<levels {
      #expect(offsets[l] < offsets[l + 1], "no level is empty")
      var rows: Set<String> = []
      for place in places[Int(offsets[l])..<Int(offsets[l + 1])] {
        let t = Int(place)
        for row in ["u\(u[t])", "i\(i[t])", "i\(j[t])"] {
          #expect(rows.insert(row).inserted, "a level holds row \(row) twice")
          if let before = last[row] { #expect(before.place < place && before.level < l) }
          last[row] = (l, place)
        }
      }
    }
    #expect(lk_level_triplets(u, i, j, 0, &userLevels, &itemLevels, &level, &places, &offsets) == 0)
  }
}
