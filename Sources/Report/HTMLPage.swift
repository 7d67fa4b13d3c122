import Foundation

/// A report as one page that needs no other file and no network.
public struct HTMLPage: Sendable {
  public var contents: ReportContents
  /// Draws the 3D pictures; nil for plain WebGL.
  public var library: ThreeLibrary?

  public init(_ contents: ReportContents, library: ThreeLibrary?) {
    self.contents = contents
    self.library = library
  }

  /// Same contents and library, same text.
  public var text: String {
    // "<" in a string of JSON would end the element where "/script" follows.
    let data = contents.json(licences: library.map { [$0.licence] } ?? []).text
      .replacingOccurrences(of: "<", with: "\\u003c")
    let parts = [
      "title": Self.escaped(contents.title), "style": Self.asset(PackageResources.page_css), "data": data,
      "library": library?.element ?? "", "scripts": Self.scripts,
    ]
    return Self.filled(Self.asset(PackageResources.page_html), with: parts)
  }

  /// Replaces {{name}} in one pass, so that what is put in is not searched again.
  private static func filled(_ template: String, with parts: [String: String]) -> String {
    var result = ""
    for (index, piece) in template.components(separatedBy: "{{").enumerated() {
      guard index > 0 else {
        result += piece
        continue
      }
      let halves = piece.components(separatedBy: "}}")
      result += (parts[halves[0]] ?? "") + halves.dropFirst().joined(separator: "}}")
    }
    return result
  }

  private static func asset(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  /// In order of use: a script's top level may use what stands above it.
  private static var scripts: String {
    [
      PackageResources.numbers_js, PackageResources.colors_js, PackageResources.canvas_js, PackageResources.svgpen_js,
      PackageResources.lines_js, PackageResources.levels_js, PackageResources.contour_js, PackageResources.camera_js,
      PackageResources.meshes_js, PackageResources.isosurface_js, PackageResources.shaders_js,
      PackageResources.webgl_js, PackageResources.threepainter_js, PackageResources.scene_js,
      PackageResources.page_js, PackageResources.downloads_js, PackageResources.surfaces_js, PackageResources.planes_js,
      PackageResources.volumes_js,
      PackageResources.charts_js, PackageResources.tables_js, PackageResources.main_js,
    ].map(asset).joined(separator: "\n")
  }

  static func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: ">", with: "&gt;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}

/// three.js as installed on this machine (Debian: libjs-three), to be put into a page with its licence.
public struct ThreeLibrary: Sendable {
  private let source: String

  public static let places = [
    "/usr/share/javascript/three/three.min.js", "/usr/share/javascript/three/build/three.min.js",
    "/usr/share/nodejs/three/build/three.min.js",
  ]

  /// nil where it is not installed.
  public init?() {
    guard let found = Self.places.lazy.compactMap({ FileManager.default.contents(atPath: $0) }).first else {
      return nil
    }
    source = String(decoding: found, as: UTF8.self)
  }

  var licence: ReportContents.Source {
    let text = String(decoding: PackageResources.three_licence_txt, as: UTF8.self)
    return ReportContents.Source(title: "Licence of three.js, which draws the 3D pictures", facts: [.init("", text)])
  }

  /// A script element; what would end it early is written differently, with the same meaning.
  var element: String {
    let text = source.replacingOccurrences(of: "</script", with: "<\\/script")
      .replacingOccurrences(of: "<!--", with: "<\\!--")
    let licence = String(decoding: PackageResources.three_licence_txt, as: UTF8.self)
    return "<script>\n/* three.js\n\n\(licence)*/\n\(text)\n</script>"
  }
}
