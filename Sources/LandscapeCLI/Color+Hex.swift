import Figures
import Foundation

extension Color {
  /// "rrggbb".
  var hex: String { [red, green, blue].map { String(format: "%02x", Int((255 * $0).rounded())) }.joined() }
}
