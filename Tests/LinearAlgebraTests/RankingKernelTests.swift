import CKernels
import TestSupport
import Testing

/// lk_rank against a scalar search in double precision.
@Suite struct RankingKernelTests {
  /// Lists of a few users, best first.
  struct Lists: Equatable {
    var scores: [[Double]] = []
    var items: [[UInt32]] = []
  }

  /// Tables, known items, and the users whose lists are wanted.
  struct Problem {
    var users: [Float]
    var items: [Float]
    let itemCount, dimension, k: Int
    var known: [[UInt32]]
    var wanted: [UInt32]

    init(users: Int, items: Int, dimension: Int, k: Int, whole: Bool = false) {
      let values = randomFloats((users + items) * dimension, scale: 1.5, "rank \(users) \(items) \(dimension)")
      let entries = whole ? values.map { $0.rounded() } : values
      self.users = Array(entries[..<(users * dimension)])
      self.items = Array(entries[(users * dimension)...])
      (itemCount, self.dimension, self.k) = (items, dimension, k)
      known = (0..<users).map { user in (0..<UInt32(items)).filter { (Int($0) * 7 + user) % (user + 2) == 1 } }
      wanted = (0..<users).map { UInt32(($0 * 5 + 2) % users) }  // in any order, some of them twice
    }

    /// Calls `body` with the problem in the form of the kernels.
    func withKernel<Result>(_ body: (UnsafePointer<lk_ranking>) -> Result) -> Result {
      let width = Int(LK_PANEL)
      let panelCount = (itemCount + width - 1) / width
      var panels = [Float](repeating: .nan, count: panelCount * width * dimension)
      lk_pack_items(items, itemCount, dimension, 0, panelCount, &panels)
      let offsets = known.reduce(into: [0 as UInt64]) { $0.append($0[$0.count - 1] + UInt64($1.count)) }
      let columns: [UInt32] = Array(known.joined()) + [0]
      return users.withUnsafeBufferPointer { users in
        panels.withUnsafeBufferPointer { panels in
          offsets.withUnsafeBufferPointer { offsets in
            columns.withUnsafeBufferPointer { columns in
              var ranking = lk_ranking(
                items: itemCount, d: dimension, k: k, user_table: users.baseAddress, panels: panels.baseAddress,
                known_offsets: offsets.baseAddress, known: columns.baseAddress)
              return body(&ranking)
            }
          }
        }
      }
    }

    func lists() -> Lists {
      let slots = lk_list_slots(k)
      var scores = [Float](repeating: .nan, count: wanted.count * slots)
      var best = [UInt32](repeating: 0, count: wanted.count * slots)
      var filled = [Int](repeating: -1, count: wanted.count)
      withKernel { lk_rank($0, wanted, wanted.count, &scores, &best, &filled) }
      return Lists(
        scores: filled.enumerated().map { row, n in (0..<n).map { Double(scores[row * slots + 1 + $0]) } },
        items: filled.enumerated().map { row, n in (0..<n).map { best[row * slots + 1 + $0] } })
    }

    func reference() -> Lists {
      var scores = [Double](repeating: .nan, count: wanted.count * k)
      var best = [UInt32](repeating: 0, count: wanted.count * k)
      var filled = [Int](repeating: -1, count: wanted.count)
      withKernel { lk_reference_rank($0, items, wanted, wanted.count, &scores, &best, &filled) }
      return Lists(
        scores: filled.enumerated().map { row, n in Array(scores[row * k..<row * k + n]) },
        items: filled.enumerated().map { row, n in Array(best[row * k..<row * k + n]) })
    }

    func score(_ user: UInt32, _ item: UInt32) -> Double {
      (0..<dimension).reduce(0.0) {
        $0 + Double(users[Int(user) * dimension + $1]) * Double(items[Int(item) * dimension + $1])
      }
    }
  }

  /// Whole numbers make every score exact and many of them ties: the lists must be the same, entry by entry.
  @Test(arguments: [1, 3, 16, 17, 128, 200], [1, 2, 15, 47, 48, 49, 96, 331]) func exact(_ width: Int, _ items: Int) {
    for (users, k) in [(1, 1), (5, 5), (6, 16), (7, 17), (8, 50), (9, 4), (17, 33), (25, items + 3)] {
      let problem = Problem(users: users, items: items, dimension: width, k: k, whole: true)
      let expected = problem.reference()
      #expect(expected.items.count == users)
      onEachInstructionSet { isa in #expect(problem.lists() == expected, "\(isa): \(users) users, K = \(k)") }
    }
  }

  /// Rounding may swap neighbours in a list; scores stay in place.
  @Test(arguments: [1, 3, 16, 17, 128, 200], [10, 70]) func rounded(_ width: Int, _ k: Int) {
    let problem = Problem(users: 19, items: 500, dimension: width, k: k)
    let expected = problem.reference()
    var all: [String: Lists] = [:]
    onEachInstructionSet { isa in
      let got = problem.lists()
      all[isa] = got
      for (row, user) in problem.wanted.enumerated() {
        #expect(Dense.relativeDistance(got.scores[row], expected.scores[row]) < 2e-6, "\(isa), row \(row)")
        #expect(Set(got.items[row]).isDisjoint(with: problem.known[Int(user)]), "\(isa), row \(row)")
        #expect(Set(got.items[row]).count == got.items[row].count, "\(isa), row \(row)")
        let own = got.items[row].map { problem.score(user, $0) }
        #expect(Dense.relativeDistance(own, expected.scores[row]) < 2e-6, "\(isa), row \(row)")
      }
    }
    if let avx2 = all["avx2"], let avx512 = all["avx512"] { #expect(avx2 == avx512) }
  }

  /// All scores are negative: neither the zeros behind the last item nor known items may come in.
  @Test func nothingButCandidates() {
    var problem = Problem(users: 9, items: 50, dimension: 2, k: 60)
    problem.users = problem.users.map { abs($0) + 0.1 }
    problem.items = problem.items.map { -abs($0) - 0.1 }
    problem.known[4] = Array(0..<50)
    problem.known[5] = Array(1..<50)
    problem.known[6] = []
    let expected = problem.reference()
    #expect(Set(expected.items.map(\.count)).isSuperset(of: [0, 1, 50]))
    onEachInstructionSet { isa in
      #expect(problem.lists().items.map { $0.sorted() } == expected.items.map { $0.sorted() }, "\(isa)")
    }
  }

  /// NaN and −∞ are never in a list, +∞ leads it.
  @Test func extremes() {
    var problem = Problem(users: 1, items: 130, dimension: 1, k: 200)
    problem.users = [1]
    problem.known = [[3, 129]]
    problem.wanted = [0]
    problem.items = (0..<130).map { Float(-$0) }
    for (item, value) in [(0, -Float.infinity), (70, -.infinity), (9, .nan), (90, .infinity), (128, .infinity)] {
      problem.items[item] = value
    }
    let rest = (0..<130 as Range<UInt32>).filter { ![0, 70, 9, 90, 128, 3, 129].contains($0) }
    onEachInstructionSet { isa in #expect(problem.lists().items == [[90, 128] + rest], "\(isa)") }
  }

  @Test func noUsersOrItems() {
    var problem = Problem(users: 3, items: 5, dimension: 4, k: 2)
    problem.wanted = []
    let empty = Problem(users: 3, items: 0, dimension: 4, k: 2)
    onEachInstructionSet { isa in
      #expect(problem.lists() == Lists(), "\(isa)")
      #expect(empty.lists().items == [[], [], []], "\(isa)")
    }
  }
}
