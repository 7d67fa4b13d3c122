/// A counter-based stream of random 64-bit words: word `n` is a pure function of the key and `n`.
///
/// Word n = mix(key + (n + 1)·0x9E3779B97F4A7C15), with SplitMix64's finaliser as `mix`. Any word can be had without
/// the ones before it, so that chunks of a stream can be filled on any number of threads with the same result.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014 (the mixing function).
public struct RandomStream: Sendable, Equatable {
  /// The stream's identity: seed and labels, mixed.
  public let key: UInt64

  /// The stream named by a seed and labels. Streams with different labels are independent.
  ///
  /// `RandomStream(seed: 7, "direction", "1", "user_embedding.weight")` is the same on every machine, for ever.
  public init(seed: UInt64, _ labels: String...) {
    self.init(seed: seed, labels: labels)
  }

  public init(seed: UInt64, labels: [String]) {
    var key = Self.mix(seed)
    for label in labels {
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a over the label's UTF-8 bytes
      for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      key = Self.mix(key ^ hash)
    }
    self.key = key
  }

  /// SplitMix64's finaliser, a bijection of 64-bit words.
  @inlinable public static func mix(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Word `index` of the stream.
  @inlinable public func word(at index: UInt64) -> UInt64 {
    Self.mix(key &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15)
  }

  /// The stream read in order, as a generator.
  public func generator() -> SequentialGenerator { SequentialGenerator(stream: self) }
}

/// A ``RandomStream`` read from its start, one word after the other.
public struct SequentialGenerator: RandomNumberGenerator, Sendable {
  public let stream: RandomStream
  /// How many words have been drawn.
  public var position: UInt64

  @inlinable public init(stream: RandomStream, position: UInt64 = 0) {
    self.stream = stream
    self.position = position
  }

  @inlinable public mutating func next() -> UInt64 {
    defer { position &+= 1 }
    return stream.word(at: position)
  }

  /// A uniform integer in 0..<bound, by the high half of a 128-bit product.
  ///
  /// The bias is below bound/2⁶⁴. Unlike the standard library's `random(in:)`, the result is fixed by this source.
  @inlinable public mutating func below(_ bound: Int) -> Int {
    precondition(bound > 0)
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A uniform number in [0, 1), a multiple of 2⁻⁵³.
  @inlinable public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Fisher–Yates, from the last place down.
  @inlinable public mutating func shuffle<T>(_ values: inout [T]) {
    var last = values.count - 1
    while last > 0 {
      values.swapAt(last, below(last + 1))
      last -= 1
    }
  }
}
