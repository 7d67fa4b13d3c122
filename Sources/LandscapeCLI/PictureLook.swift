import ArgumentParser
import Figures
import Foundation

/// How pictures look, whatever they show. Themes and sizes are applied here and nowhere else.
struct PictureLook: Equatable {
  /// Values at which bands or iso-surfaces lie.
  enum Levels: Equatable {
    /// About so many bands.
    case count(Int)
    /// Edges of bands, values of iso-surfaces, ends of a vertical axis.
    case values([Double])
  }

  var theme = Theme.light
  /// nil for the size that each figure chooses.
  var preset: FigurePreset?
  /// Goes into the figures where there is no preset.
  var size: FigureSize?
  /// Of pixels; nil for 300, or 200 in films.
  var dpi: Double?
  /// nil for the one that each figure chooses.
  var camera: Camera?
  /// nil for levels that suit the values.
  var levels: Levels?
  /// Lit surfaces in one scene.
  var isTogether = false
  /// Contours below lit surfaces.
  var hasFloor = false
  /// Lit surfaces end at the ends of the vertical axis.
  var isCut = false

  func render(_ figure: some Figure, format: FigureFormat, provenance: Provenance) throws -> Data {
    try Renderer.render(sized(figure), format: format, provenance: provenance, dpi: dpi ?? 300, theme: theme)
  }

  /// Figures of one size as an animated PNG.
  func film(_ figures: [any Figure], timing: AnimatedPNG.Timing, provenance: Provenance) throws -> Data {
    try AnimatedPNG.render(
      count: figures.count, timing: timing, provenance: provenance, dpi: dpi ?? 200, theme: theme
    ) { sized(figures[$0]) }
  }

  private func sized<F: Figure>(_ figure: F) -> F {
    var figure = figure
    if let preset { figure.preset = preset }
    return figure
  }

  // MARK: - Parsing

  /// "light", "dark" or "gray", which may be spelt "grey".
  static func theme(_ text: String) throws -> Theme {
    guard let theme = Theme(named: text == "grey" ? "gray" : text) else {
      throw ValidationError("--theme \(text) is not one of \(Theme.all.map(\.name).joined(separator: ", "))")
    }
    return theme
  }

  /// "120x80" in millimetres.
  static func size(_ text: String) throws -> FigureSize {
    let sides = numbers(text, separator: "x")
    guard let sides, sides.count == 2, sides.allSatisfy({ (20...2000).contains($0) }) else {
      throw ValidationError("--size \(text) is not column, page, slide or WxH in millimetres, such as 120x80")
    }
    return FigureSize(width: sides[0], height: sides[1])
  }

  /// "45,30": azimuth and elevation in degrees.
  static func camera(_ text: String) throws -> Camera {
    guard let angles = numbers(text, separator: ","), angles.count == 2, (-90...90).contains(angles[1]) else {
      throw ValidationError("--camera \(text) is not AZIMUTH,ELEVATION in degrees, such as 45,30")
    }
    return Camera(elevation: angles[1], azimuth: angles[0])
  }

  /// "12", or values such as "0.5,1,2"; a single value has a decimal point.
  static func levels(_ text: String) throws -> Levels {
    if let count = Int(text), (2...64).contains(count) { return .count(count) }
    guard let values = numbers(text, separator: ","), Int(text) == nil, isAscending(values) else {
      throw ValidationError("--levels \(text) is neither a number from 2 to 64 nor an ascending list such as 0.5,1,2")
    }
    return .values(values)
  }

  private static func isAscending(_ values: [Double]) -> Bool { zip(values, values.dropFirst()).allSatisfy { $0 < $1 } }

  /// All finite, or nil.
  private static func numbers(_ text: String, separator: Character) -> [Double]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { Double($0) }
    return parts.allSatisfy { $0?.isFinite == true } ? parts.compactMap { $0 } : nil
  }
}
