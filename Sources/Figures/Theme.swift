/// The colours of everything but the values: page, text, axes, walls, and the styles of categories.
///
/// Figures never name a colour of their own: they ask the theme of the canvas they are drawn on.
public struct Theme: Sendable, Hashable {
  public let name: String
  public let background: Color
  /// Axes and text.
  public let ink: Color
  /// Notes and marks that stand back.
  public let muted: Color
  public let grid: Color
  /// The walls of a 3D box behind the first, second and third axis, their edges and their grid lines.
  let walls: [Color]
  let wallEdge: Color
  let wallGrid: Color
  /// Where there is no value: the ground and the lines on it.
  let blank: Color
  let blankLine: Color
  /// Mesh lines on lit surfaces.
  let mesh: Color
  private let palette: [Color]
  private let isGray: Bool

  /// Black on white; the palette of Okabe and Ito (2008) without yellow, which is too light for lines.
  public static let light = Theme(
    name: "light", background: .white, ink: .darkInk, muted: Color(hex: 0x6b6b6b), grid: Color(hex: 0xdcdcdc),
    walls: [.gray(0.955), .gray(0.935), .gray(0.97)], wallEdge: .gray(0.72), wallGrid: .gray(0.82),
    blank: .gray(0.95), blankLine: .gray(0.7), mesh: Color(0.1, 0.1, 0.15, alpha: 0.45),
    palette: [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x000000, 0x56b4e9, 0xe69f00].map(Color.init(hex:)),
    isGray: false)

  /// Light on dark, for screens and slides: the same hues as in `light`, raised to a lightness that carries on the ground.
  public static let dark = Theme(
    name: "dark", background: Color(hex: 0x15181e), ink: Color(hex: 0xe8e8e8), muted: Color(hex: 0xa3a8b0),
    grid: Color(hex: 0x333841), walls: [Color(hex: 0x1f242c), Color(hex: 0x232932), Color(hex: 0x1b1f26)],
    wallEdge: Color(hex: 0x5a616c), wallGrid: Color(hex: 0x3c434e), blank: Color(hex: 0x22262d),
    blankLine: Color(hex: 0x5a616c), mesh: Color(0.02, 0.03, 0.05, alpha: 0.5),
    palette: [0x4ba3e3, 0xf2803a, 0x2cc295, 0xe08fbf, 0xf2f2f2, 0x9adcff, 0xf0c53c].map(Color.init(hex:)),
    isGray: false)

  /// Grey only, for print without colour: categories from dark to light, told apart by dashes, markers and hatches too,
  /// and every colour map a ramp of grey.
  public static let gray = Theme(
    name: "gray", background: .white, ink: .darkInk, muted: Color(hex: 0x5f5f5f), grid: Color(hex: 0xdedede),
    walls: [.gray(0.955), .gray(0.935), .gray(0.97)], wallEdge: .gray(0.6), wallGrid: .gray(0.8), blank: .gray(0.96),
    blankLine: .gray(0.6), mesh: Color(0, 0, 0, alpha: 0.5),
    palette: [0x000000, 0x2f2f2f, 0x4c4c4c, 0x666666, 0x7d7d7d, 0x929292, 0xa6a6a6].map(Color.init(hex:)),
    isGray: true)

  public static let all = [light, dark, gray]

  /// Nil where no theme has this name.
  public init?(named name: String) {
    guard let theme = Self.all.first(where: { $0.name == name }) else { return nil }
    self = theme
  }

  private init(
    name: String, background: Color, ink: Color, muted: Color, grid: Color, walls: [Color], wallEdge: Color,
    wallGrid: Color, blank: Color, blankLine: Color, mesh: Color, palette: [Color], isGray: Bool
  ) {
    self.name = name
    self.background = background
    self.ink = ink
    self.muted = muted
    self.grid = grid
    self.walls = walls
    self.wallEdge = wallEdge
    self.wallGrid = wallGrid
    self.blank = blank
    self.blankLine = blankLine
    self.mesh = mesh
    self.palette = palette
    self.isGray = isGray
  }
}

extension Theme {
  private var isDark: Bool { background.lightness < 50 }

  /// The colour of the `index`-th category.
  func category(_ index: Int) -> Color { palette[index % palette.count] }

  var categoryCount: Int { palette.count }

  /// The map in which a figure shows the values that it would show in `map`: on a dark ground without its darkest part.
  func map(_ map: ColorMap) -> ColorMap {
    isGray ? .gray : isDark ? map.beginning(atLightness: 32) : map
  }

  /// For marks that lie on colours of values instead of the ground: dark, with light rims.
  var onValues: Theme { isDark ? .light : self }

  /// A style that a figure asks for, in colours that the theme has and that stand out from its ground.
  func adapted(_ style: CurveStyle) -> CurveStyle {
    var result = style
    result.color = adapted(style.color)
    return result
  }

  private func adapted(_ color: Color) -> Color {
    if isGray { return .gray(ofLightness: min(color.lightness, 70)) }
    return isDark && color.lightness < 55 ? color.mixed(with: .white, (60 - color.lightness) / 75) : color
  }

  /// A coloured line's tint for words, and for the rims of areas: further from the ground.
  func strengthened(_ color: Color, by factor: Double = 0.8) -> Color {
    isDark ? color.mixed(with: .white, 1 - factor) : color.scaled(by: factor)
  }

  /// The colour of one of `count` large areas: `color`, or greys as far apart as they go.
  func area(_ index: Int, of count: Int, _ color: Color) -> Color {
    isGray ? .gray(ofLightness: 28 + 47 * Double(index) / Double(max(count - 1, 1))) : color
  }

  /// A tint of an area: nearer to the ground.
  func weakened(_ color: Color, by share: Double) -> Color { color.mixed(with: background, share) }

  /// A mesh line on a surface of some colour: darker and heavier the nearer it is, from 0 to 1.
  func meshLine(on color: Color, nearness: Double) -> Stroke {
    // Few widths, so that an SVG has few groups of lines.
    let step = (min(max(nearness, 0), 1) * 6).rounded() / 6
    let line = color.mixed(with: mesh.withAlpha(1), mesh.alpha * (0.4 + step))
    return Stroke(color: line, width: 0.16 + 0.2 * step, isRound: true)
  }

  func line(_ width: Double) -> Stroke { Stroke(color: ink, width: width) }

  /// Hatching where there is no value.
  var missing: Stroke { Stroke(color: blankLine, width: 0.4) }
}
