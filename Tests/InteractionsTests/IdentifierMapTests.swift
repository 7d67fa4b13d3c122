import Interactions
import Testing

@Suite struct IdentifierMapTests {
  @Test func survivesTheFile() throws {
    let maps = [
      IdentifierMap(users: .integers([0, 7, Int64.max]), items: .strings(["a\tb", "c\nd\r", "e\\n", "é"])),
      IdentifierMap(users: .strings(["007", "7"]), items: .integers([5])),
    ]
    for map in maps { #expect(try IdentifierMap(tsv: map.tsv()) == map) }
    #expect(maps[1].tsv() == "landscape.ids\t1\nuser\t0\t007\nuser\t1\t7\nitem\t0\t5\n")
  }

  @Test(arguments: [
    ("", 1), ("landscape.ids\t2\n", 1), ("landscape.ids\t1\nuser\t1\ta\n", 2),
    ("landscape.ids\t1\nuser\t0\ta\nuser\t2\tb\n", 3), ("landscape.ids\t1\nuser\t0\n", 2),
    ("landscape.ids\t1\ncolour\t0\tred\n", 2),
  ]) func refusesOtherFiles(text: String, line: Int) {
    #expect {
      try IdentifierMap(tsv: text, path: "f")
    } throws: { error in
      guard case .invalidIdentifierFile(let place, _)? = error as? DatasetError else { return false }
      return place == .init(path: "f", line: line)
    }
  }

  @Test func findsRows() {
    let integers = IdentifierColumn.integers([-3, 0, 12])
    #expect(["-3", "0", "12", "1", "x"].map(integers.row) == [0, 1, 2, nil, nil])
    let strings = IdentifierColumn.strings(["A", "Z", "a", "é"])
    #expect(["A", "Z", "a", "é", "b"].map(strings.row) == [0, 1, 2, 3, nil])
    #expect(integers[2] == "12" && strings[3] == "é")
  }
}
