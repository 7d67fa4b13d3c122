/// A continuous colour map through published control points, linear in sRGB between them.
///
/// viridis, magma: van der Walt and Smith, 2015; cividis: Nuñez, Anderton and Renslow, 2018 (each every eighth of
/// the 256 published colours); coolwarm: Moreland, "Diverging Color Maps for Scientific Visualization", 2009 (33 points).
public struct ColorMap: Sendable, Hashable {
  public let name: String
  let points: [Color]

  init(name: String, table: String) {
    self.name = name
    points = table.split(whereSeparator: \.isWhitespace).map { Color(hex: UInt32($0, radix: 16) ?? 0) }
  }

  private init(name: String, points: [Color]) {
    self.name = name
    self.points = points
  }

  /// The colour at `t`, clamped to 0…1.
  public func color(at t: Double) -> Color {
    let position = min(max(t.isNaN ? 0 : t, 0), 1) * Double(points.count - 1)
    let index = min(Int(position), points.count - 2)
    return points[index].mixed(with: points[index + 1], position - Double(index))
  }

  public static let all: [ColorMap] = [.viridis, .cividis, .magma, .coolwarm, .gray]

  /// From nearly black to nearly white in even steps of lightness.
  public static let gray = ColorMap(
    name: "gray", points: (0...32).map { .gray(ofLightness: 12 + 82 * Double($0) / 32) })

  public static let viridis = ColorMap(
    name: "viridis",
    table: """
      440154 470d60 48186a 482374 472d7b 453681 424086 3f4989 3b528b 375a8d 33638d 2f6a8e 2c728e 297a8e 26818e 23898e
      21908c 1f988b 1f9f88 21a685 28ae80 31b57b 3ebc74 4cc26c 5dc963 6ece58 82d34c 96d83f abdc32 c0df24 d5e21a eae51a
      fde725
      """)

  public static let cividis = ColorMap(
    name: "cividis",
    table: """
      00224e 00285b 002e6a 043371 1a386f 273e6e 32436d 3b496c 434e6c 4b546c 52596d 5a5f6e 61656f 686a71 6f7073 757676
      7c7b78 848179 8b8778 938d78 9b9376 a39a75 aba072 b3a670 bbad6c c3b469 ccba64 d4c15f ddc958 e6d051 efd748 f8df3c
      fee838
      """)

  public static let magma = ColorMap(
    name: "magma",
    table: """
      000004 030311 0a0822 130d33 1d1146 28115a 36106a 430f76 50127c 5d177f 691c81 762181 822681 8f2a81 9c2e7f a9327d
      b63779 c33b75 cf4170 db486a e65163 ee5c5e f5695c f9785d fb8761 fd9668 fea571 feb47b fec387 fed194 fde0a2 fceeb0
      fcfdbf
      """)

  public static let coolwarm = ColorMap(
    name: "coolwarm",
    table: """
      3b4cc0 445acc 4d68d7 5775e1 6282ea 6c8ef1 779af7 82a5fb 8db0fe 98b9ff a3c2ff aec9fd b8d0f9 c2d5f4 ccd9ee d5dbe6
      dddddd e5d8d1 ecd3c5 f1ccb9 f5c4ad f7bba0 f7b194 f7a687 f49a7b f18d6f ec7f63 e57058 de604d d55042 cb3e38 c0282f
      b40426
      """)
}
