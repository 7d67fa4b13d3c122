/// Numbers 0, 1, 2, … given to ids in the order of their first appearance, begun anew for each batch in no time.
struct LocalNumbers {
  private var stamps: [UInt32]
  private var numbers: [UInt32]
  private var stamp: UInt32 = 0
  private(set) var count = 0

  /// - Parameter count: ids are below it.
  init(count: Int) {
    stamps = Array(repeating: 0, count: count)
    numbers = Array(repeating: 0, count: count)
  }

  mutating func begin() {
    count = 0
    stamp &+= 1
    if stamp == 0 {  // wrapped: old stamps could be taken for new ones
      for index in stamps.indices { stamps[index] = 0 }
      stamp = 1
    }
  }

  /// The number of an id; a new id is appended to `list`.
  mutating func number(_ id: UInt32, list: UnsafeMutablePointer<UInt32>) -> UInt32 {
    let index = Int(id)
    if stamps[index] != stamp {
      stamps[index] = stamp
      numbers[index] = UInt32(count)
      list[count] = id
      count += 1
    }
    return numbers[index]
  }
}

/// A value that several threads use on disjoint parts.
struct Unchecked<Value>: @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
