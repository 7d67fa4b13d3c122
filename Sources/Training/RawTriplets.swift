import LinearAlgebra

/// Triplets as they were drawn, in the order of the epoch.
struct RawTriplets {
  let count: Int
  let user: UnsafePointer<UInt32>
  let positive: UnsafePointer<UInt32>
  let negative: UnsafePointer<UInt32>
  /// The place of (user, positive) in the train split.
  let pair: UnsafePointer<UInt32>
}

/// Room for triplets that are drawn again and again.
final class TripletRoom: @unchecked Sendable {
  let capacity: Int
  private let memory: IndexBuffer

  init(capacity: Int) {
    self.capacity = capacity
    memory = IndexBuffer(count: 4 * capacity)
  }

  var user: UnsafeMutablePointer<UInt32> { memory.pointer }
  var positive: UnsafeMutablePointer<UInt32> { memory.pointer + capacity }
  var negative: UnsafeMutablePointer<UInt32> { memory.pointer + 2 * capacity }
  var pair: UnsafeMutablePointer<UInt32> { memory.pointer + 3 * capacity }

  /// The first `count` triplets; valid while this object lives.
  func triplets(_ count: Int) -> RawTriplets {
    RawTriplets(count: count, user: user, positive: positive, negative: negative, pair: pair)
  }
}
