import Figures
import Foundation
import Landscape
import Storage

/// Surfaces with names, to be drawn on shared axes, levels and colours.
struct NamedSurface {
  let name: String
  let surface: Surface
}

/// Draws surfaces of the same axes and writes the files.
struct Pictures {
  var surfaces: [NamedSurface]
  let formats: [FigureFormat]
  let provenance: Provenance
  /// linear, log or auto.
  var scale = "auto"
  /// Draws ℒ − ℒ(θ*), so that minima of different depth can be compared in shape.
  var rise = false
  /// nil for what suits the number of directions.
  var styles: [PictureStyle]?
  var look = PictureLook()
  /// The direction that all surfaces hold, and where, if they are planes of volumes.
  var held: (axis: Int, value: Double)?

  private var dimensions: Int { surfaces.first?.surface.axes.dimensions ?? 0 }

  /// Writes PREFIX-1d.png, PREFIX-2d.png and PREFIX-2d-surface.png, PREFIX-3d.png, or those of the styles asked for;
  /// returns the paths.
  func write(prefix: String) throws -> [String] {
    guard !formats.isEmpty else { return [] }
    let styles = styles ?? PictureStyle.standard(dimensions)
    for style in styles { try style.check(dimensions) }
    return try styles.flatMap { style in
      dimensions == 3 && style != .volume
        ? try planes().flatMap { try $0.pictures.save(style, "\(prefix)-3d-\(style)-\($0.directions)") }
        : try save(style, "\(prefix)-\(dimensions)d\(style.suffix)")
    }
  }

  /// The planes of volumes through the checkpoint, called after their directions: 12, 13, 23.
  private func planes() -> [(directions: String, pictures: Pictures)] {
    [2, 1, 0].map { axis in
      var pictures = self
      pictures.surfaces = surfaces.map { NamedSurface(name: $0.name, surface: $0.surface.plane(across: axis).surface) }
      pictures.held = (axis, surfaces.first?.surface.plane(across: axis).coordinate ?? 0)
      return ([1, 2, 3].filter { $0 != axis + 1 }.map(String.init).joined(), pictures)
    }
  }

  private func save(_ style: PictureStyle, _ stem: String) throws -> [String] {
    switch style {
    case .line: try save(try line(), stem)
    case .contour: try save(try contour(), stem)
    case .surface: try save(try surface(), stem)
    case .heat: try save(try heat(), stem)
    case .volume: try save(try volume(), stem)
    }
  }

  private func save(_ figure: some Figure, _ stem: String) throws -> [String] {
    try formats.map { format in
      let path = "\(stem).\(format.rawValue)"
      try AtomicFile.write(look.render(figure, format: format, provenance: provenance), to: path)
      return path
    }
  }
}

extension FigureError: BadInput {}
