/// A way of drawing a surface.
enum PictureStyle: String, CaseIterable {
  case contour, surface, heat, volume, line

  /// Whether surfaces of so many directions can be drawn so: of a volume, the planes through the checkpoint.
  func fits(_ dimensions: Int) -> Bool {
    switch self {
    case .line: dimensions == 1
    case .contour, .surface, .heat: dimensions == 2 || dimensions == 3
    case .volume: dimensions == 3
    }
  }

  /// What is drawn where nothing else is asked for.
  static func standard(_ dimensions: Int) -> [PictureStyle] {
    switch dimensions {
    case 1: [.line]
    case 2: [.contour, .surface]
    case 3: [.volume]
    default: []
    }
  }

  /// - Throws: ``CommandError/styleDoesNotFit(_:dimensions:fitting:)``.
  func check(_ dimensions: Int) throws {
    guard !fits(dimensions) else { return }
    let fitting = Self.allCases.filter { $0.fits(dimensions) }.map(\.rawValue)
    throw CommandError.styleDoesNotFit(rawValue, dimensions: dimensions, fitting: fitting)
  }

  /// Tells the files of one surface apart.
  var suffix: String {
    switch self {
    case .surface: "-surface"
    case .heat: "-heat"
    case .contour, .volume, .line: ""
    }
  }

  var hasCamera: Bool { self == .surface || self == .volume }
  /// Edges of bands, values of iso-surfaces or ends of an axis.
  var hasLevels: Bool { self != .line }
  var hasBands: Bool { self != .line && self != .surface }
}
