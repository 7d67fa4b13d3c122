import LinearAlgebra

/// Gives every distinct external id of a column a provisional number.
///
/// Small whole numbers, the usual case, stand for themselves; all other ids are numbered as they appear. A column is read as whole numbers first. If a token is something else, ``needsText`` is set, and the reader starts
/// again with a text column. Negative and too large numbers are errors unless the column turns out to be text.
struct IdentifierInterner {
  let isText: Bool
  /// Set when a column of whole numbers has met another kind of token.
  private(set) var needsText = false
  private var firstFault: DatasetError?
  private var table = HashIndex()
  /// Whether each number below ``directLimit`` has been seen; as long as needed.
  private var seen: [Bool] = []
  /// The other numbers: the one at place k has the provisional number ``directLimit`` + k.
  private var numbers: [Int64] = []
  /// The one at place k has the provisional number k.
  private var texts: [Text] = []

  init(isText: Bool) { self.isText = isText }

  private static let directLimit = 1 << 24

  /// The provisional number of a token.
  ///
  /// - Parameters:
  ///   - token: bytes that outlive the interner.
  ///   - file: the token's file and where it stands there, for errors.
  @inline(__always)
  mutating func index(of token: UnsafeBufferPointer<UInt8>, in file: TextFile, at offset: Int) -> UInt32 {
    if isText { return textIndex(token, file, offset) }
    let parsed = NumberParsing.identifier(token)
    guard case .integer(let value) = parsed else {
      note(parsed, token, file, offset)
      return 0
    }
    guard value < Int64(Self.directLimit) else { return UInt32(Self.directLimit) + numberIndex(value) }
    if value >= seen.count || !seen[Int(value)] { see(Int(value)) }
    return UInt32(value)
  }

  private mutating func see(_ value: Int) {
    if value >= seen.count {
      let size = min(max(2 * seen.count, 2 * value, 1 << 10), Self.directLimit)
      seen.append(contentsOf: repeatElement(false, count: size - seen.count))
    }
    seen[value] = true
  }

  private mutating func numberIndex(_ value: Int64) -> UInt32 {
    let hash = RandomStream.mix(UInt64(bitPattern: value))
    if let known = table.find(hash, where: { numbers[$0] == value }) { return known }
    table.insert(hash, number: numbers.count)
    numbers.append(value)
    return UInt32(numbers.count - 1)
  }

  private mutating func textIndex(_ token: UnsafeBufferPointer<UInt8>, _ file: TextFile, _ offset: Int) -> UInt32 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a
    for byte in token { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = RandomStream.mix(hash)
    if let known = table.find(hash, where: { texts[$0].bytes.elementsEqual(token) }) { return known }
    table.insert(hash, number: texts.count)
    texts.append(Text(bytes: token, file: file, offset: offset))
    return UInt32(texts.count - 1)
  }

  private mutating func note(
    _ kind: NumberParsing.Identifier, _ token: UnsafeBufferPointer<UInt8>, _ file: TextFile, _ offset: Int
  ) {
    switch kind {
    case .negative where firstFault == nil:
      firstFault = .negativeIdentifier(file.place(at: offset), token: file.excerpt(token))
    case .tooLarge where firstFault == nil:
      firstFault = .identifierTooLarge(file.place(at: offset), token: file.excerpt(token))
    case .text: needsText = true
    default: break
    }
  }

  /// The ids in ascending order, and for each provisional number its row in that order.
  ///
  /// - Throws: the first negative or too large number, or `notUTF8`.
  func finish() throws -> (column: IdentifierColumn, rows: [UInt32]) {
    if let firstFault { throw firstFault }
    return isText ? try finishTexts() : finishNumbers()
  }

  private func finishTexts() throws -> (column: IdentifierColumn, rows: [UInt32]) {
    let order = texts.indices.sorted { texts[$0].bytes.lexicographicallyPrecedes(texts[$1].bytes) }
    return (.strings(try order.map { try texts[$0].string() }), Self.rows(order, count: texts.count))
  }

  private func finishNumbers() -> (column: IdentifierColumn, rows: [UInt32]) {
    let small = seen.indices.filter { seen[$0] }
    let large = numbers.indices.sorted { numbers[$0] < numbers[$1] }  // all above the small ones
    let count = numbers.isEmpty ? seen.count : Self.directLimit + numbers.count
    return (
      .integers(small.map(Int64.init) + large.map { numbers[$0] }),
      Self.rows(small + large.map { Self.directLimit + $0 }, count: count)
    )
  }

  /// The inverse of an order; 0 where no id is.
  private static func rows(_ order: [Int], count: Int) -> [UInt32] {
    var rows = [UInt32](repeating: 0, count: count)
    for (row, number) in order.enumerated() { rows[number] = UInt32(row) }
    return rows
  }
}

/// A distinct id that is not a whole number.
private struct Text {
  let bytes: UnsafeBufferPointer<UInt8>
  let file: TextFile
  let offset: Int

  func string() throws -> String {
    guard let valid = String(validating: bytes, as: UTF8.self) else {
      throw DatasetError.notUTF8(file.place(at: offset))
    }
    return valid
  }
}

/// An open-addressing table from hashes to numbers; the keys are kept by the caller.
private struct HashIndex {
  /// A number and the rest of its hash; number .max: empty.
  private struct Slot {
    var number = UInt32.max
    var tag: UInt32 = 0
  }

  private var slots = [Slot](repeating: Slot(), count: 1 << 10)
  private var hashes: [(hash: UInt64, number: UInt32)] = []

  /// The number of the key with this hash for which `matches` holds.
  @inline(__always) func find(_ hash: UInt64, where matches: (Int) -> Bool) -> UInt32? {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place].number != .max {
      let slot = slots[place]
      if slot.tag == UInt32(hash >> 32) && matches(Int(slot.number)) { return slot.number }
      place = (place + 1) & mask
    }
    return nil
  }

  /// Takes in a key that ``find(_:where:)`` did not find.
  mutating func insert(_ hash: UInt64, number: Int) {
    hashes.append((hash, UInt32(number)))
    if hashes.count * 2 > slots.count {
      slots = [Slot](repeating: Slot(), count: slots.count * 4)
      for (hash, number) in hashes { put(hash, number) }
    } else {
      put(hash, UInt32(number))
    }
  }

  private mutating func put(_ hash: UInt64, _ number: UInt32) {
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while slots[place].number != .max { place = (place + 1) & mask }
    slots[place] = Slot(number: number, tag: UInt32(hash >> 32))
  }
}
