import CKernels
import LinearAlgebra
import TestSupport

/// Widths around the sixteen lanes of a vector.
let widths = [1, 3, 15, 16, 17, 31, 33, 64, 127, 130]

/// `count` floats that are the same on every machine, with standard deviation `scale`.
func randomFloats(_ count: Int, scale: Double = 1, _ label: String) -> [Float] {
  var generator = RandomStream(seed: 11, label).generator()
  return (0..<count).map { _ in
    let sum = (0..<12).reduce(0.0) { total, _ in total + generator.unit() }
    return Float((sum - 6) * scale)
  }
}

/// Random triplets over two tables, in the form the kernels take.
final class KernelTriplets {
  let users: Int
  let items: Int
  let user, positive, negative: [UInt32]
  private var userOffsets: [UInt32]
  private var itemOffsets: [UInt32]
  private var itemEntries: [UInt32]

  /// - Parameter count: triplets; some users have none when it is small, and user 0 has far more than the others.
  init(users: Int, items: Int, count: Int) {
    var generator = RandomStream(seed: 12, "triplets", String(count)).generator()
    user = (0..<count).map { UInt32($0 % 3 == 0 ? 0 : generator.below(users)) }.sorted()
    positive = (0..<count).map { _ in UInt32(generator.below(items)) }
    negative = (0..<count).map { _ in UInt32(generator.below(items)) }
    self.users = users
    self.items = items
    userOffsets = [UInt32](repeating: 0, count: users + 1)
    for row in user { userOffsets[Int(row) + 1] += 1 }
    for row in 0..<users { userOffsets[row + 1] += userOffsets[row] }
    itemOffsets = [UInt32](repeating: 0, count: items + 1)
    itemEntries = [UInt32](repeating: 0, count: 2 * count)
    lk_index_items(positive, negative, count, items, &itemOffsets, &itemEntries)
  }

  var count: Int { user.count }

  func withKernel<Result>(_ body: (UnsafePointer<lk_triplets>) throws -> Result) rethrows -> Result {
    try user.withUnsafeBufferPointer { user in
      try positive.withUnsafeBufferPointer { positive in
        try negative.withUnsafeBufferPointer { negative in
          try userOffsets.withUnsafeBufferPointer { userOffsets in
            try itemOffsets.withUnsafeBufferPointer { itemOffsets in
              try itemEntries.withUnsafeBufferPointer { itemEntries in
                var kernel = lk_triplets(
                  users: users, items: items, count: count, user: user.baseAddress, positive: positive.baseAddress,
                  negative: negative.baseAddress, user_offsets: userOffsets.baseAddress,
                  item_offsets: itemOffsets.baseAddress, item_entries: itemEntries.baseAddress)
                return try body(&kernel)
              }
            }
          }
        }
      }
    }
  }
}
