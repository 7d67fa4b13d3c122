import Foundation

/// A colour in sRGB, each component in 0…1.
public struct Color: Sendable, Hashable {
  public var red: Double
  public var green: Double
  public var blue: Double
  public var alpha: Double

  public init(_ red: Double, _ green: Double, _ blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// 0xRRGGBB.
  public init(hex: UInt32) {
    self.init(Double(hex >> 16 & 255) / 255, Double(hex >> 8 & 255) / 255, Double(hex & 255) / 255)
  }

  public static let black = Color(0, 0, 0)
  public static let white = Color(1, 1, 1)
  /// Not quite black.
  static let darkInk = Color(hex: 0x1a1a1a)

  public static func gray(_ level: Double) -> Color { Color(level, level, level) }

  /// The grey of this lightness L*.
  static func gray(ofLightness lightness: Double) -> Color {
    let luminance = lightness > 8 ? pow((lightness + 16) / 116, 3) : lightness / 903.3
    return .gray(luminance <= 0.0031308 ? 12.92 * luminance : 1.055 * pow(luminance, 1 / 2.4) - 0.055)
  }

  public func withAlpha(_ alpha: Double) -> Color { Color(red, green, blue, alpha: alpha) }

  /// (1 − t)·self + t·other.
  public func mixed(with other: Color, _ t: Double) -> Color {
    Color(
      red + t * (other.red - red), green + t * (other.green - green), blue + t * (other.blue - blue),
      alpha: alpha + t * (other.alpha - alpha))
  }

  func scaled(by light: Double) -> Color {
    Color(min(1, red * light), min(1, green * light), min(1, blue * light), alpha: alpha)
  }

  /// CIE lightness L* in 0…100.
  public var lightness: Double {
    func linear(_ c: Double) -> Double { c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4) }
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    return luminance > 0.008856 ? 116 * cbrt(luminance) - 16 : 903.3 * luminance
  }

  /// Black or white, whichever is easier to read on this colour.
  public var readableInk: Color { lightness > 55 ? .darkInk : .white }
}
