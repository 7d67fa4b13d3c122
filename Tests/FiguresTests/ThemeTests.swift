import Foundation
import Testing

@testable import Figures

/// Rules of layout and colour for every figure in every theme and size.
@Suite struct ThemeTests {
  static let presets: [FigurePreset?] = [nil] + FigurePreset.allCases

  /// A figure drawn in a theme and size.
  private struct Drawn {
    let name: String
    let figure: any Figure
    let canvas: RecordingCanvas

    init(_ index: Int, _ theme: Theme, _ preset: FigurePreset?) throws {
      var (name, figure) = try Sample.all()[index]
      figure.preset = preset
      self.name = "\(name), \(theme.name), \(preset?.rawValue ?? "own size")"
      self.figure = figure
      canvas = RecordingCanvas(theme: theme)
      figure.draw(on: canvas)
    }

    var texts: [RecordingCanvas.Text] { canvas.texts.filter { !$0.text.isEmpty } }
  }

  @Test(arguments: 0..<Sample.count, presets) func `texts stay on the page and apart, in every size`(
    index: Int, preset: FigurePreset?
  ) throws {
    let drawn = try Drawn(index, .light, preset)
    let page = drawn.figure.size.page.insetBy(0.5, 0.5)
    for text in drawn.texts { #expect(page.contains(text.box), "\(drawn.name): \(text.text) leaves the page") }
    for (i, a) in drawn.texts.enumerated() {
      for b in drawn.texts[(i + 1)...] where a.box.insetBy(0.1, 0.1).intersects(b.box.insetBy(0.1, 0.1)) {
        let isTurned = abs(a.angle) + abs(b.angle) > 0 && abs(a.angle) != .pi / 2 && abs(b.angle) != .pi / 2
        #expect(isTurned, "\(drawn.name): \(a.text) covers \(b.text)")
      }
    }
    for shape in drawn.canvas.shapes {
      let clip = shape.clip ?? shape.path.bounds
      #expect(drawn.figure.size.page.insetBy(-0.1, -0.1).contains(clip), "\(drawn.name): \(shape.path.bounds)")
    }
  }

  /// Themes change colours, never places.
  @Test(arguments: 0..<Sample.count) func `themes draw the same texts in the same places`(index: Int) throws {
    let light = try Drawn(index, .light, nil)
    for theme in [Theme.dark, .gray] {
      let other = try Drawn(index, theme, nil)
      #expect(other.texts.map(\.text) == light.texts.map(\.text) && other.texts.map(\.box) == light.texts.map(\.box))
    }
  }

  /// Text on the page stands out from it; that on cells and bands chooses its ink by what is below.
  @Test(arguments: 0..<Sample.count, Theme.all) func `text outside of data stands out from the page`(
    index: Int, theme: Theme
  ) throws {
    let drawn = try Drawn(index, theme, nil)
    let data = drawn.canvas.shapes.compactMap(\.clip)
    let ground = theme.background.lightness
    for text in drawn.texts where !data.contains(where: { $0.intersects(text.box) }) {
      #expect(abs(text.color.lightness - ground) > 30, "\(drawn.name): \(text.text)")
    }
  }

  @Test(arguments: 0..<Sample.count) func `grey is grey`(index: Int) throws {
    let drawn = try Drawn(index, .gray, nil)
    let colors = drawn.canvas.texts.map(\.color) + drawn.canvas.shapes.compactMap { $0.fill ?? $0.stroke?.color }
    for color in colors {
      #expect(max(color.red, color.green, color.blue) - min(color.red, color.green, color.blue) < 1e-9, "\(drawn.name)")
    }
    let pixels = try Renderer.pixels(drawn.figure, dpi: 40, theme: .gray).colors
    #expect(pixels.allSatisfy { abs(Int($0 >> 16 & 255) - Int($0 & 255)) <= 1 })
  }

  /// No pixel of a corner of the page is white on a dark ground.
  @Test(arguments: FigureFormat.allCases) func `the ground of a theme reaches every format`(format: FigureFormat) throws
  {
    let figure = try Sample.lines()
    let bytes = Theme.all.map { theme in
      Result { try Renderer.render(figure, format: format, provenance: Provenance(title: ""), dpi: 50, theme: theme) }
    }
    #expect(try Set(bytes.map { try $0.get() }).count == 3)
    #expect(try Renderer.pixels(figure, dpi: 50, theme: .dark).colors[0] == 0x15181e)
    if format == .svg { #expect(String(decoding: try bytes[1].get(), as: UTF8.self).contains("fill=\"#15181e\"/>")) }
  }

  @Test func `categories of every theme are told apart, grey ones by lightness in order`() {
    for theme in Theme.all {
      let styles = (0..<7).map { CurveStyle.categorical($0, theme) }
      #expect(Set(styles.map(\.color)).count == 7 && Set(styles.map(\.dash)).count == 7)
      for style in styles { #expect(abs(style.color.lightness - theme.background.lightness) > 25) }
    }
    let greys = (0..<7).map { CurveStyle.categorical($0, .gray).color.lightness }
    for (a, b) in zip(greys, greys.dropFirst()) { #expect(b - a > 6) }
    #expect(Theme(named: "dark") == .dark && Theme(named: "sepia") == nil)
  }

  @Test(arguments: 0..<100) func `a grey has the lightness asked for`(lightness: Int) {
    #expect(abs(Color.gray(ofLightness: Double(lightness)).lightness - Double(lightness)) < 0.1)
  }

  // MARK: Sizes

  @Test(arguments: 0..<Sample.count) func `presets have their widths, and type on a slide is larger`(index: Int) throws
  {
    var figure = try Sample.all()[index].figure
    for (preset, width) in [(FigurePreset.column, 84.0), (.page, 174), (.slide, 254)] {
      figure.preset = preset
      #expect(figure.size.width == width)
      #expect(preset == .slide ? figure.size.height == 143 : figure.size.magnification == 1)
      #expect(figure.size.height < 300)
    }
    #expect(figure.size.magnification >= 1)
  }

  @Test func `a slide is as large as it says in every format`() throws {
    var figure = try Sample.lines()
    figure.preset = .slide
    let pixels = try Renderer.pixels(figure, dpi: 100)
    #expect(pixels.width == 1000 && pixels.height == 563)
    let svg = try Renderer.render(figure, format: .svg, provenance: Provenance(title: ""))
    #expect(String(decoding: svg, as: UTF8.self).contains("width=\"254mm\" height=\"143mm\" viewBox=\"0 0 400 225.2\""))
  }

  // MARK: Legends

  /// Legends stand above the panels: they touch neither frames nor what is drawn inside.
  @Test(arguments: ["multiples", "spectra", "groups", "scatter", "violins", "trajectories"], presets)
  func `legends cover no data`(name: String, preset: FigurePreset?) throws {
    let index = try #require(try Sample.all().firstIndex { $0.name == name })
    let drawn = try Drawn(index, .light, preset)
    let boxes = drawn.canvas.shapes.filter { $0.stroke?.width == 0.6 && $0.fill == nil && $0.path.elements.count == 5 }
    let frames = boxes.map(\.path.bounds).filter { $0.height > 20 }
    let names = Set(Sample.methods)
    let legend = drawn.texts.filter { names.contains($0.text) && $0.angle == 0 }
    #expect(legend.count >= 3)
    let top = try #require(frames.map(\.minY).min())
    let above = legend.filter { $0.box.maxY < top }
    #expect(Set(above.map(\.text)).count == above.count && above.count >= 3)
  }
}
