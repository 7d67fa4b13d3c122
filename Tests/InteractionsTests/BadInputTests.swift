import Foundation
import Interactions
import LinearAlgebra
import Storage
import Testing

/// One wrong file, and what must be said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  /// Parts of the message besides the file's name.
  var says: [String]

  var testDescription: String { "\(name): \(says.joined(separator: ", "))" }

  static let all = [
    BadFile(name: "train.txt", text: "0 1\n1 -4\n", says: ["line 2", "negative id -4"]),
    BadFile(name: "train.txt", text: "0 1\n\n1 99999999999999999999999\n", says: ["line 3", "too large"]),
    BadFile(name: "train.txt", text: "0 1\n4000000000 1\n", says: ["line 2", "4000000001 rows", "--compact"]),
    BadFile(name: "train.txt", text: "0 4294967295\n", says: ["line 1", "too large"]),
    BadFile(name: "train.txt", text: "0 1\n1 x\n", says: ["line 2", "'x' is not an id"]),
    BadFile(name: "train.txt", text: "0 1.5\n", says: ["line 1", "'1.5' is not an id"]),
    BadFile(name: "train.txt", text: "", says: ["holds no interactions"]),
    BadFile(name: "train.txt", text: " \n\n", says: ["holds no interactions"]),
    BadFile(name: "train.txt", text: "3\n4\n", says: ["no"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t2\t3\n", says: ["line 2", "4 columns expected, 3 found"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t2\t3\t4\t5\n", says: ["line 2", "4 columns expected, 5 found"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t-2\t3\t5\n", says: ["line 2", "negative id -2"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n9223372036854775808\t2\t3\t5\n", says: ["line 2", "too large"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t3\tNaN\t4\n", says: ["line 2", "rating is NaN"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t3\t2\t-inf\n", says: ["line 2", "time is -inf"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t3\tgood\t4\n", says: ["line 2", "rating 'good' is not a number"]),
    BadFile(name: "u.data", text: "1\t2\t3\t4\n1\t\t2\t4\n", says: ["line 2", "id is empty"]),
    BadFile(name: "ratings.dat", text: "1::2::3::4\n1::2::3:4\n", says: ["line 2", "4 columns expected, 3 found"]),
    BadFile(name: "x.csv", text: "user,item\n1,2\n\"1,2\n3,4\n", says: ["line 3", "no closing quote"]),
    BadFile(name: "x.csv", text: "reader,item\n1,2\n", says: ["line 1", "no user column among reader, item"]),
    BadFile(name: "x.csv", text: "user,item\n", says: ["holds no interactions"]),
    BadFile(name: "x.inter", text: "user_id:token\trating:float\n1\t2\n", says: ["line 1", "no item column"]),
    BadFile(name: "x.inter", text: "user_id:token\titem_id:token\n1\t2\t3\n", says: ["line 2", "2 columns expected"]),
    BadFile(name: "x.tsv", text: "uid2\tbook\na\tb\n", says: ["format not recognised", "--dataset-format lightgcn|"]),
    BadFile(name: "x.txt", text: "1,2,3\n", says: ["format not recognised"]),
  ]
}

@Suite struct BadInputTests {
  @Test(arguments: BadFile.all) func oneClearError(file: BadFile) throws {
    let folder = TemporaryFolder()
    let error = try #require(errorOfLoading(folder.write(file.name, text: file.text)))
    #expect(error.message.contains(file.name))
    #expect(!error.message.contains("\n"))
    for part in file.says { #expect(error.message.contains(part), "\(error.message)") }
  }

  @Test func textThatIsNotUTF8() {
    let folder = TemporaryFolder()
    let latin = folder.write("x.csv", Data("user,item\na,b\nc,caf".utf8) + [0xE9, 10])
    #expect(errorOfLoading(latin) == .notUTF8(.init(path: latin, line: 3)))
    let wide = folder.write("y.csv", [0xFF, 0xFE, 0x75, 0x00] as [UInt8])
    #expect(errorOfLoading(wide) == .notUTF8(.init(path: wide, line: 1)))
    let unmarked = folder.write("train.txt", Data("0 1\n1 2".utf8) + [0, 10])
    #expect(errorOfLoading(unmarked) == .notUTF8(.init(path: unmarked, line: 2)))
  }

  @Test func damagedGzip() throws {
    let folder = TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture("two-members.txt.gz")))
    for length in stride(from: 3, to: whole.count, by: 1) {
      let file = folder.write("train.txt.gz", whole.prefix(length))
      let error = errorOfLoading(file)
      // A cut exactly between the members leaves a complete file.
      let boundary = whole.dropFirst(4).range(of: Data([0x1F, 0x8B, 0x08]))!.lowerBound
      if length == boundary {
        #expect(error == nil)
      } else if length == boundary + 1 {
        #expect(error == .damagedGzip(file, reason: "foreign bytes after the data"))
      } else {
        #expect(error == .truncatedGzip(file), "cut at \(length)")
      }
    }
    var flipped = whole
    flipped[whole.count - 6] ^= 1  // the stored checksum
    let broken = folder.write("broken.gz", flipped)
    guard case .damagedGzip? = errorOfLoading(broken) else {
      Issue.record("a wrong checksum was accepted")
      return
    }
  }

  /// Files damaged at random either load as valid matrices or give an error of ours; nothing crashes.
  @Test(arguments: [
    "lightgcn/train.txt", "two-members.txt.gz", "ratings.dat", "u.data", "ratings.csv", "recbole/small.inter",
    "sequences.txt",
  ]) func damageNeverCrashes(name: String) throws {
    let folder = TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixture(name)))
    var random = RandomStream(seed: 1, "damage", name).generator()
    let usual = Array("0123456789\t\n\r :,\"-.eN\0".utf8)
    var loaded = 0
    for round in 0..<400 {
      var damaged = Array(whole)
      for _ in 0...random.below(4) {
        let place = random.below(damaged.count)
        switch random.below(3) {
        case 0: damaged[place] = usual[random.below(usual.count)]
        case 1: damaged.insert(usual[random.below(usual.count)], at: place)
        default: damaged.remove(at: place)
        }
      }
      let file = folder.write("\(round)-" + (name as NSString).lastPathComponent, damaged)
      do {
        let data = try load(file) { $0.split = round % 2 == 0 ? .automatic : .leaveOneOut(validation: true) }
        #expect(data.everything.isValid && data.train.isValid && data.train.overlap(data.test!) == 0)
        loaded += 1
      } catch { #expect(error is DatasetError) }
    }
    #expect(loaded < 400)
  }

  @Test func missingAndForeignFiles() {
    let folder = TemporaryFolder()
    let error = errorOfLoading(folder.path + "/none.txt")
    #expect(error?.message.contains("none.txt") == true)
    #expect(errorOfLoading(folder.path) == .unrecognisedFolder(folder.path, files: []))
    folder.write("a.inter", text: "x")
    folder.write("b.inter", text: "x")
    #expect(errorOfLoading(folder.path) == .severalCandidates(folder: folder.path, files: ["a.inter", "b.inter"]))
  }

  @Test func strictRefusesTestUsersWithoutTrain() {
    let folder = TemporaryFolder()
    folder.write("train.txt", text: "0 1\n2 1\n")
    let test = folder.write("test.txt", text: "2 0\n\n1 0\n")
    #expect(errorOfLoading(folder.path) == nil)
    #expect(
      errorOfLoading(folder.path) { $0.strict = true }
        == .heldOutUserWithoutTrain(.init(path: test, line: 3), user: "1"))
    let mapped = TemporaryFolder()
    mapped.write("x.train.inter", text: "user_id:token\titem_id:token\na\tb\n")
    let held = mapped.write("x.test.inter", text: "user_id:token\titem_id:token\na\tc\nx\tb\n")
    #expect(
      errorOfLoading(mapped.path) { $0.strict = true }
        == .heldOutUserWithoutTrain(.init(path: held, line: 3), user: "x"))
  }

  @Test func nothingLeft() {
    let folder = TemporaryFolder()
    let file = folder.write("u.data", text: "1\t2\t3\t4\n")
    #expect(errorOfLoading(file) { $0.minimumRating = 4 }?.message.contains("minimum") == true)
    #expect(errorOfLoading(file) { $0.minimumUserDegree = 5 }?.message.contains("k-core") == true)
    #expect(errorOfLoading(file) { $0.split = .given } == .noGivenSplit(name: "u.data"))
    #expect(errorOfLoading(file) { $0.validationShare = 1 } == .invalidValidationShare("1.0"))
    let unrated = folder.write("x.csv", text: "user,item\n1,2\n")
    #expect(errorOfLoading(unrated) { $0.minimumRating = 4 }?.message.contains("no rating column") == true)
  }

  @Test func optionsThatCannotBeUnderstood() {
    for text in ["", "8", "8:0", "8:-1", "1:2:3:4", "random", "8:1:x"] {
      #expect(throws: DatasetError.invalidSplit(text)) { try SplitRule(parsing: text) }
    }
    #expect(throws: DatasetError.invalidColumns("user")) { try ColumnNames(parsing: "user") }
    for name in ["users=0", "items=1", "rank=1", "noise=1", "noise=nan", "interactions=9", "colour=red", "users"] {
      #expect(throws: DatasetError.self, "\(name)") { try SyntheticConfiguration(name: "synthetic:\(name)") }
    }
  }
}
