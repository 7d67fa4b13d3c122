import LinearAlgebra

/// Train, validation and test of the same shape.
struct SplitMatrices {
  var train: InteractionMatrix
  var validation: InteractionMatrix?
  var test: InteractionMatrix?
}

extension InteractionMatrix {
  /// Divides every user's items by shares, at random.
  ///
  /// A user with n items gives round(n·share) of them to test, then to validation; train keeps at least one. The choice
  /// depends on the seed, the user's name and the number of its items alone, not on other users.
  ///
  /// - Parameters:
  ///   - test: in 0 ..< 1, as is `validation`; together below 1.
  ///   - purpose: names the random stream.
  ///   - name: a user's external id.
  func split(
    test: Double, validation: Double, seed: UInt64, purpose: String, name: (Int) -> String
  ) -> SplitMatrices {
    var assembly = SplitAssembly(self, hasValidation: validation > 0, hasTest: test > 0)
    var places: [Int] = []
    for user in 0..<users {
      let count = degree(user)
      let testCount = min(rounded(count, test), max(count - 1, 0))
      let validationCount = min(rounded(count, validation), max(count - 1 - testCount, 0))
      places.removeAll(keepingCapacity: true)
      places.append(contentsOf: 0..<count)
      var generator = RandomStream(seed: seed, "split", purpose, name(user)).generator()
      generator.choose(testCount + validationCount, of: &places)
      assembly.append(user, test: places[..<testCount], validation: places[testCount..<testCount + validationCount])
    }
    return assembly.finish()
  }

  /// Gives every user's latest item to test and, if asked, the one before it to validation.
  ///
  /// Test needs two items, validation three: train keeps at least one.
  static func leavingOneOut(_ histories: InteractionHistories, validation: Bool) -> SplitMatrices {
    let all = InteractionMatrix(
      users: histories.users, items: histories.items, offsets: histories.offsets, unsorted: histories.ordered)
    var assembly = SplitAssembly(all, hasValidation: validation, hasTest: true)
    for user in 0..<all.users {
      let latest = histories.history(user).suffix(2).compactMap { all.row(user).firstIndex(of: $0) }
      let places = latest.map { $0 - all.range(of: user).lowerBound }
      let count = all.degree(user)
      assembly.append(
        user, test: count > 1 ? places.suffix(1) : [], validation: validation && count > 2 ? places.prefix(1) : [])
    }
    return assembly.finish()
  }
}

extension SequentialGenerator {
  /// Moves a random choice of `count` values to the front, by the first steps of a shuffle.
  fileprivate mutating func choose(_ count: Int, of values: inout [Int]) {
    for place in 0..<count { values.swapAt(place, place + below(values.count - place)) }
  }
}

/// n·share to the nearest whole number, halves up.
private func rounded(_ count: Int, _ share: Double) -> Int {
  Int((Double(count) * share).rounded(.toNearestOrAwayFromZero))
}

/// Builds the parts row by row.
private struct SplitAssembly {
  private let source: InteractionMatrix
  private let hasValidation: Bool
  private let hasTest: Bool
  private var train, validation, test: Rows
  /// For each place of the current row: 0 train, 1 validation, 2 test.
  private var roles: [UInt8] = []

  init(_ source: InteractionMatrix, hasValidation: Bool, hasTest: Bool) {
    self.source = source
    self.hasValidation = hasValidation
    self.hasTest = hasTest
    train = Rows(room: source.count)
    validation = Rows(room: hasValidation ? source.count : 0)
    test = Rows(room: hasTest ? source.count : 0)
  }

  /// Divides the next user's row by places in it.
  mutating func append(_ user: Int, test testPlaces: ArraySlice<Int>, validation validationPlaces: ArraySlice<Int>) {
    let row = source.row(user)
    roles.removeAll(keepingCapacity: true)
    roles.append(contentsOf: repeatElement(0, count: row.count))
    for place in validationPlaces { roles[place] = 1 }
    for place in testPlaces { roles[place] = 2 }
    for (item, role) in zip(row, roles) {
      switch role {
      case 0: train.columns.append(item)
      case 1: validation.columns.append(item)
      default: test.columns.append(item)
      }
    }
    train.endRow()
    validation.endRow()
    test.endRow()
  }

  func finish() -> SplitMatrices {
    SplitMatrices(
      train: matrix(train), validation: hasValidation ? matrix(validation) : nil, test: hasTest ? matrix(test) : nil)
  }

  private func matrix(_ rows: Rows) -> InteractionMatrix {
    InteractionMatrix(users: source.users, items: source.items, rowOffsets: rows.offsets, columns: rows.columns)
  }

  private struct Rows {
    var offsets: [UInt64] = [0]
    var columns: [UInt32]

    init(room: Int) { columns = Array(roomInHugeMemory: room) }

    mutating func endRow() { offsets.append(UInt64(columns.count)) }
  }
}
