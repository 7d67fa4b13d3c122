/// A continuous colour map through published control points, linear in sRGB between them.
///
/// viridis, magma: van der Walt and Smith, 2015; cividis: Nuñez, Anderton and Renslow, 2018 (evenly spaced ones of the 256
/// published colours, from which the map differs by less than 3 of 255 in between); coolwarm: Moreland, "Diverging Color
/// Maps for Scientific Visualization", 2009 (33 points); rdbu: Brewer's 11 colours from blue to red (Harrower and Brewer,
/// "ColorBrewer.org", 2003).
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

  /// The part of a map that is at least this light at its lower end, spread over the whole: for dark grounds.
  func beginning(atLightness lightness: Double) -> ColorMap {
    let steps = 64
    guard let start = (0..<steps).first(where: { color(at: Double($0) / Double(steps)).lightness >= lightness }),
      start > 0
    else { return self }
    let first = Double(start) / Double(steps)
    return ColorMap(name: name, points: (0...steps).map { color(at: first + (1 - first) * Double($0) / Double(steps)) })
  }

  /// The colour at `t`, clamped to 0…1.
  public func color(at t: Double) -> Color {
    let position = min(max(t.isNaN ? 0 : t, 0), 1) * Double(points.count - 1)
    let index = min(Int(position), points.count - 2)
    return points[index].mixed(with: points[index + 1], position - Double(index))
  }

  public static let all: [ColorMap] = [.viridis, .cividis, .magma, .coolwarm, .rdbu, .gray]

  /// Whether both ends stand out from a light middle.
  public var isDiverging: Bool { self == .coolwarm || self == .rdbu }

  /// From dark to nearly white in even steps of lightness.
  public static let gray = ColorMap(
    name: "gray", points: (0...32).map { .gray(ofLightness: 25 + 70 * Double($0) / 32) })

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
      00224e 002451 002656 002859 002a5f 002b62 002d68 002e6c 003070 003171 083370 0f3570 163770 1a386f 203a6f 233c6e
      273e6e 2a3f6d 2e416d 31436d 34456c 36466c 3a486c 3c4a6c 3f4c6c 414d6c 444f6c 46516c 49536c 4b546c 4e566c 50576c
      535a6d 555b6d 575d6d 595e6e 5c616e 5e626e 60646f 62656f 656870 666970 696b71 6b6d72 6d6f72 6f7073 727274 737475
      767676 777777 7a7a78 7d7c78 7e7d78 817f78 838179 868379 888578 8b8778 8d8878 908b78 928c78 948e77 969077 999277
      9b9476 9e9676 a09875 a39a74 a59c74 a89e73 aaa073 ada272 afa471 b3a670 b5a86f b8aa6e baac6d bdae6c bfb06b c2b369
      c4b468 c7b767 c9b965 cdbb63 cfbd62 d2c060 d4c15f d7c45c dac65b ddc858 dfca57 e2cd54 e5cf52 e8d24f ead34c eed649
      f0d846 f3db42 f6dd3f f9e03a fce236 fee535 fee838
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

  public static let rdbu = ColorMap(
    name: "rdbu", table: "053061 2166ac 4393c3 92c5de d1e5f0 f7f7f7 fddbc7 f4a582 d6604d b2182b 67001f")
}
