import Interactions
import LinearAlgebra
import Testing

@Suite struct SplittingTests {
  /// 60 users with 1 to 40 of 50 items, as headerless TSV without times.
  static func text(users: Range<Int> = 0..<60) -> String {
    users.map { user in
      var random = RandomStream(seed: 3, "user \(user)").generator()
      var items = Array(0..<50)
      random.shuffle(&items)
      return items.prefix(1 + random.below(40)).map { "\(user)\t\($0)\t1\n" }.joined()
    }.joined()
  }

  @Test(arguments: ["8:2", "8:1:1", "3:1:1"]) func shares(rule: String) throws {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: Self.text())
    let parsed = try SplitRule(parsing: rule)
    let data = try load(file) { $0.split = parsed }
    let total = rule.split(separator: ":").map { Double($0)! }.reduce(0, +)
    let whole = data.everything
    let test = try #require(data.test)
    #expect((data.validation == nil) == (rule == "8:2"))
    // Disjoint, complete, and the right number for every user.
    #expect(data.train.count + (data.validation?.count ?? 0) + test.count == whole.count)
    for user in 0..<whole.users {
      let count = Double(whole.degree(user))
      #expect(data.train.degree(user) >= 1)
      if count > 4 {
        let share = Double(rule.split(separator: ":").last!)! / total
        #expect(abs(Double(test.degree(user)) - count * share) <= 0.5)
      }
    }
  }

  @Test func sameSeedSameSplit() throws {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: Self.text())
    let first = try load(file) { $0.seed = 5 }
    #expect(try load(file) { $0.seed = 5 }.train == first.train)
    #expect(try load(file) { $0.seed = 6 }.train != first.train)
  }

  /// A user's split does not change when other users are there or not.
  @Test func usersAreSplitIndependently() throws {
    let folder = TemporaryFolder()
    let all = try load(folder.write("a.tsv", text: Self.text()))
    let some = try load(folder.write("b.tsv", text: Self.text(users: 30..<60)))
    #expect(all.ids?.items == some.ids?.items)
    #expect(Array(all.train.rows[30...]) == some.train.rows)
  }

  /// Which items are held out is uniform: over many seeds each of 10 items is test about equally often.
  @Test func choiceIsUniform() throws {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: (0..<10).map { "1\t\($0)\n" }.joined())
    var counts = [Int](repeating: 0, count: 10)
    for seed in 0..<2_000 {
      for item in try load(file, { $0.seed = UInt64(seed) }).test!.columns { counts[Int(item)] += 1 }
    }
    // Expected 400, standard deviation 18.
    #expect(counts.reduce(0, +) == 4_000 && counts.allSatisfy { abs($0 - 400) < 90 })
  }

  @Test func validationIsCarvedFromTrain() throws {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: Self.text())
    let full = try load(file)
    let carved = try load(file) { $0.validationShare = 0.1 }
    let validation = try #require(carved.validation)
    #expect(carved.test == full.test && carved.train.union(validation) == full.train)
    #expect(carved.train.overlap(validation) == 0)
    #expect(abs(Double(validation.count) / Double(full.train.count) - 0.1) < 0.02)
    #expect(carved.split == ["split": "8:2", "validation": "0.1", "seed": "1"])
    // A split that has validation of its own keeps it.
    let given = try load(fixture("lightgcn")) { $0.validationShare = 0.5 }
    #expect(given.validation?.rows == [[], [], [0], [], []] && given.split == ["split": "given"])
  }

  @Test func leaveOneOutKeepsTrain() throws {
    let folder = TemporaryFolder()
    // The repeated pair counts once, at its earliest time; equal times stay in the order of the file.
    let file = folder.write("u.data", text: "1\t5\t1\t9\n1\t6\t1\t3\n1\t7\t1\t3\n1\t6\t1\t10\n2\t5\t1\t0\n")
    let data = try load(file) { $0.split = .leaveOneOut(validation: true) }
    #expect(data.test?.rows == [[0], []] && data.validation?.rows == [[2], []] && data.train.rows == [[1], [0]])
    #expect(data.notes.duplicates == 1)
    let last = try load(file) { $0.split = .leaveOneOut(validation: false) }
    #expect(last.validation == nil && last.train.rows == [[1, 2], [0]])
  }

  /// The core against its definition: repeated removal of whatever is too small.
  @Test(arguments: [(2, 2), (5, 5), (3, 12), (10, 0), (0, 15)]) func core(users: Int, items: Int) throws {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: Self.text())
    var pairs = Set(Self.text().split(separator: "\n").map { $0.split(separator: "\t").prefix(2).map(String.init) })
    let before = pairs.count
    while true {
      let byUser = Dictionary(grouping: pairs) { $0[0] }.mapValues(\.count)
      let byItem = Dictionary(grouping: pairs) { $0[1] }.mapValues(\.count)
      let kept = pairs.filter { byUser[$0[0]]! >= users && byItem[$0[1]]! >= items }
      if kept.count == pairs.count { break }
      pairs = kept
    }
    let data = try load(file) {
      $0.minimumUserDegree = users
      $0.minimumItemDegree = items
    }
    let (all, ids) = (data.everything, try #require(data.ids))
    let found = (0..<all.users).flatMap { user in all.row(user).map { [ids.users[user], ids.items[Int($0)]] } }
    #expect(Set(found) == pairs && !pairs.isEmpty)
    #expect(data.notes.removedByCore == before - pairs.count)
    #expect(all.userDegrees.allSatisfy { $0 > 0 } && all.itemDegrees.allSatisfy { $0 > 0 })
  }

  @Test func coreKeepsRowsOfRowNumbers() throws {
    let data = try load(fixture("lightgcn")) { $0.minimumItemDegree = 2 }
    #expect(data.users == 5 && data.items == 5)
    // Over all parts only item 4 has a single user. User 3 is left out of test as before.
    #expect(data.everything.rows == [[1, 2, 3], [0], [0, 2, 3], [], []])
    #expect(data.notes.removedByCore == 1 && data.notes.testUsersWithoutTrain == 1)
  }

  @Test func optionsSurviveTheRecord() throws {
    var options = DatasetOptions()
    options.format = .table
    options.columns = ColumnNames(user: "u", time: "t")
    options.minimumRating = 3.5
    (options.minimumUserDegree, options.minimumItemDegree) = (5, 10)
    options.split = .shares(train: 8, validation: 1, test: 1)
    options.validationShare = 0.125
    options.seed = 99
    options.compact = true
    #expect(try DatasetOptions(record: options.record) == options)
    for rule in ["automatic", "given", "8:2", "leave-one-out", "leave-last-out"] {
      #expect(try SplitRule(parsing: rule).text == rule)
    }
  }

  /// What a data set records is enough to get the same data again.
  @Test(arguments: ["8:1:1", "leave-one-out"]) func recordReproduces(rule: String) throws {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: Self.text())
    let parsed = try SplitRule(parsing: rule)
    let first = try load(file) {
      $0.split = parsed
      $0.seed = 12
      $0.minimumUserDegree = 4
    }
    let again = try Dataset.load(file, options: DatasetOptions(record: first.split))
    #expect(again.train == first.train && again.validation == first.validation && again.test == first.test)
  }
}
