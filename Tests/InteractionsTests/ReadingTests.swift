import Foundation
import Interactions
import LinearAlgebra
import Testing

@Suite struct ReadingTests {
  @Test func lightGCN() throws {
    let data = try load(fixture("lightgcn"))
    #expect(data.users == 5 && data.items == 5)
    #expect(data.ids == nil)
    #expect(data.train.rows == [[1, 3], [0], [2, 3], [], []])
    #expect(data.validation?.rows == [[], [], [0], [], []])
    // User 3 has no train interactions; item 4 is not in train and stays.
    #expect(data.test?.rows == [[2], [4], [], [], []])
    #expect(data.notes.duplicates == 1 && data.notes.testUsersWithoutTrain == 1)
    #expect(data.notes.testInteractionsDropped == 1)
    let statistics = DatasetStatistics(data)
    #expect(statistics.users == 3 && statistics.items == 5 && statistics.interactions == 8)
    #expect(statistics.emptyUserRows == 2)
    #expect(data.split["split"] == "given" && data.split.count == 1)
  }

  @Test func compactRenumbersInAscendingOrder() throws {
    let folder = TemporaryFolder()
    folder.write("train.txt", text: "4000000000 7 5000000000\n3 7\n")
    folder.write("test.txt", text: "3 9\n")
    let data = try load(folder.path) { $0.compact = true }
    #expect(data.ids == IdentifierMap(users: .integers([3, 4_000_000_000]), items: .integers([7, 9, 5_000_000_000])))
    #expect(data.train.rows == [[0], [0, 2]])
    #expect(data.test?.rows == [[1], []])
  }

  /// Ids below and above the limit of direct look-up, in any order, against a sorted set.
  @Test(arguments: 0..<4 as Range<UInt64>) func smallAndLargeNumbersAreOneOrder(seed: UInt64) throws {
    var random = RandomStream(seed: seed, "test").generator()
    let bounds = [50, 1 << 24, 1 << 25, 1 << 62]
    let pairs = (0..<500).map { _ in
      (user: random.below(bounds[random.below(4)]), item: (1 << 24) - 20 + random.below(40))
    }
    let folder = TemporaryFolder()
    let file = folder.write("interactions.tsv", text: pairs.map { "\($0.user)\t\($0.item)\n" }.joined())
    let data = try load(file) { $0.split = .shares(train: 1, validation: 0, test: 0) }
    let (users, items) = (Set(pairs.map(\.user)).sorted(), Set(pairs.map(\.item)).sorted())
    #expect(data.ids == IdentifierMap(users: .integers(users.map(Int64.init)), items: .integers(items.map(Int64.init))))
    let expected = InteractionMatrix(
      users: users.count, items: items.count,
      pairs: pairs.map { (users.firstIndex(of: $0.user)!, items.firstIndex(of: $0.item)!) })
    #expect(data.train == expected)
  }

  /// The same interactions in every format with external ids.
  @Test(arguments: ["ratings.dat", "u.data", "ratings.csv", "recbole", "recbole/small.inter", "sequences.txt"])
  func mappedFormats(name: String) throws {
    let data = try load(fixture(name))
    #expect(data.ids == IdentifierMap(users: .integers([7, 30, 100]), items: .integers([2, 10, 11, 40])))
    #expect(data.everything.rows == [[0, 1, 2], [0, 2, 3], [0, 3]])
  }

  /// By time; equal times by place in the file. User 7: 2, then 10 and 11 at the same time.
  @Test(arguments: ["ratings.dat", "u.data", "ratings.csv", "recbole", "sequences.txt"])
  func leaveOneOutFollowsTime(name: String) throws {
    let data = try load(fixture(name)) { $0.split = .leaveOneOut(validation: true) }
    #expect(data.test?.rows == [[2], [0], [0]])
    #expect(data.validation?.rows == [[1], [2], []])
    #expect(data.train.rows == [[0], [3], [3]])
  }

  @Test(arguments: ["ratings.dat", "u.data", "ratings.csv", "recbole"]) func minimumRating(name: String) throws {
    let data = try load(fixture(name)) { $0.minimumRating = 4 }
    #expect(data.notes.belowMinimumRating == 3 && data.notes.interactionsRead == 5)
    #expect(data.ids?.items == .integers([2, 11, 40]))
    #expect(data.everything.rows == [[0, 1], [1, 2], [0]])
  }

  @Test func textIdentifiersAreInByteOrder() throws {
    let folder = TemporaryFolder()
    let file = folder.write("x.csv", text: "user,item\n10,é\n9,z\n007,\"a, \"\"b\"\"\"\n9,-5\n")
    let ids = try #require(try load(file).ids)
    #expect(ids.users == .strings(["007", "10", "9"]))
    #expect(ids.items == .strings(["-5", "a, \"b\"", "z", "é"]))
    #expect(ids.items.row(of: "é") == 3 && ids.users.row(of: "9") == 2 && ids.users.row(of: "1") == nil)
  }

  @Test func namedColumnsAndDelimiters() throws {
    let folder = TemporaryFolder()
    let file = folder.write("x.tsv", text: "\u{FEFF}when\tbook\treader\n1\t5\t8\n2\t6\t8\n")
    let data = try load(file) {
      $0.format = .table
      $0.columns = ColumnNames(user: "reader", item: "book", time: "when")
      $0.split = .leaveOneOut(validation: false)
    }
    #expect(data.ids?.items == .integers([5, 6]) && data.test?.rows == [[1]])
    let semicolons = folder.write("y.csv", text: "userId;movieId\n1;2")
    #expect(try load(semicolons).train.rows == [[0]])
  }

  @Test func splitAtomicFilesShareTheirIds() throws {
    let folder = TemporaryFolder()
    let header = "user_id:token\titem_id:token\n"
    folder.write("d.train.inter", text: header + "b\t1\n")
    folder.write("d.valid.inter", text: header + "b\t3\n")
    folder.write("d.test.inter", text: header + "b\tx\na\t1\n")
    let data = try load(folder.path)
    #expect(data.ids == IdentifierMap(users: .strings(["a", "b"]), items: .strings(["1", "3", "x"])))
    #expect(data.train.rows == [[], [0]] && data.validation?.rows == [[], [1]] && data.test?.rows == [[], [2]])
  }

  @Test func splitsWinOverInteractionsAndTheseOverSequences() throws {
    let folder = TemporaryFolder()
    folder.write("sequences.txt", text: "1 2 3\n")
    #expect(try load(folder.path).notes.format == .sequences)
    folder.write("interactions.tsv", text: "1\t2\t3\t4\n")
    #expect(try load(folder.path).notes.format == .interactions)
    folder.write("train.txt", text: "1 2 3\n")
    folder.write("test.txt", text: "1 4\n")
    #expect(try load(folder.path).notes.format == .lightgcn)
    #expect(try load(folder.path) { $0.format = .sequences }.notes.format == .sequences)
  }

  @Test func gzipOfSeveralMembers() throws {
    let plain = try load(fixture("lightgcn/train.txt")) { $0.format = .lightgcn }
    let packed = try load(fixture("two-members.txt.gz")) { $0.format = .lightgcn }
    #expect(plain.train == packed.train && plain.test == packed.test)
    let folder = TemporaryFolder()
    let data = try Data(contentsOf: URL(fileURLWithPath: fixture("two-members.txt.gz")))
    let padded = folder.write("train.gz", data + Data(count: 512))
    #expect(try load(padded) { $0.format = .lightgcn }.train == plain.train)
  }

  @Test func lineEndsAndMissingLastNewline() throws {
    let folder = TemporaryFolder()
    let unix = folder.write("a.tsv", text: "1\t2\t3\n4\t5\t6\n")
    let windows = folder.write("b.tsv", text: "\r\n1\t2\t3\r\n\r\n4\t5\t6")
    #expect(try load(unix).train == load(windows).train)
    let lists = folder.write("train.txt", text: "0 1 2\r\n1\t0  2 \r\n")
    #expect(try load(lists).everything.rows == [[1, 2], [0, 2]])
  }
}
