import Interactions
import LinearAlgebra
import TestSupport
import Testing

@Suite struct InteractionMatrixTests {
  let small = InteractionMatrix(users: 3, items: 4, pairs: [(2, 0), (0, 3), (0, 1), (2, 0)])

  @Test func mergesAndSorts() {
    #expect(small.rowOffsets == [0, 2, 2, 3])
    #expect(small.columns == [1, 3, 0])
    #expect(small.isValid)
  }

  @Test func empty() {
    let empty = InteractionMatrix(users: 2, items: 0, pairs: [])
    #expect(empty.count == 0 && empty.rowOffsets == [0, 0, 0] && !empty.contains(user: 1, item: 0))
  }

  @Test func containsAgreesWithRows() {
    for user in 0..<3 {
      for item in 0..<4 { #expect(small.contains(user: user, item: item) == small.row(user).contains(UInt32(item))) }
    }
  }

  /// Computed with Python's hashlib and struct from the layout in the documentation.
  @Test func fingerprint() {
    #expect(small.fingerprint() == "d907a497bed07cbda429739d2017a893f302e1466aae97f38e0f656af5d44bd3")
    let wider = InteractionMatrix(users: 3, items: 5, pairs: [(0, 1), (0, 3), (2, 0)])
    #expect(wider.fingerprint() != small.fingerprint())
  }

  /// Random matrices against sets of pairs.
  @Test(arguments: 0..<20 as Range<UInt64>) func operations(seed: UInt64) {
    var random = RandomStream(seed: seed, "test").generator()
    let (users, items) = (1 + random.below(20), 1 + random.below(30))
    func draw() -> [[Int]] { (0..<random.below(200)).map { _ in [random.below(users), random.below(items)] } }
    func matrix(_ pairs: some Sequence<[Int]>) -> InteractionMatrix {
      InteractionMatrix(users: users, items: items, pairs: pairs.map { ($0[0], $0[1]) })
    }
    let (first, second) = (draw(), draw())
    let (left, right) = (matrix(first), matrix(second))
    #expect(left.isValid && left.count == Set(first).count)
    #expect(left == matrix(first.shuffled()))
    #expect(left.union(right) == matrix(first + second))
    #expect(left.overlap(right) == Set(first).intersection(second).count)
    #expect(left.transposed().transposed() == left)
    #expect(left.transposed().userDegrees == left.itemDegrees)
    #expect(left.transposed().isValid)
    #expect(left.filtered { ($0 + $1) % 2 == 0 } == matrix(first.filter { ($0[0] + $0[1]) % 2 == 0 }))
  }

  /// More rows than one piece of work holds, some of them long.
  @Test func manyRowsOnAnyThreads() {
    var random = RandomStream(seed: 1, "test").generator()
    let pairs = (0..<60_000).map { _ in (random.below(random.below(4) == 0 ? 4 : 5_000), random.below(9_000)) }
    var rows = [Set<UInt32>](repeating: [], count: 5_000)
    for (user, item) in pairs { rows[user].insert(UInt32(item)) }
    let matrices = onThreads { InteractionMatrix(users: 5_000, items: 9_000, pairs: pairs) }
    for matrix in matrices {
      #expect(matrix.rows == rows.map { $0.sorted() })
    }
  }
}
