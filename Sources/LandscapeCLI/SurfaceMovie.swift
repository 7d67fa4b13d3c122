import Figures
import Foundation
import Landscape
import Storage

/// The landscape while a model trained, as a film: one frame for each recorded surface, on shared levels and axes.
struct SurfaceMovie {
  enum Style: String, CaseIterable {
    case contour, surface
  }

  enum Format: String, CaseIterable {
    case apng, gif, mp4

    /// The usual ending of such files; an animated PNG is a PNG to those who cannot play it.
    var ending: String { self == .apng ? "png" : rawValue }
  }

  struct Options {
    var style = Style.contour
    var format = Format.apng
    var timing = AnimatedPNG.Timing()
    var dpi = 200.0
    /// linear, log or auto.
    var scale = "auto"
    /// Draws ℒ − ℒ(θ_t): the shape of the landscape and not its depth.
    var rise = false
    var camera = Camera()
  }

  /// About how many bands the levels have: more than a single surface's, for all frames share them.
  private static let bands = 20

  let series: SurfaceSeries
  private let path: String

  /// - Parameter path: a run folder or its `surfaces.safetensors`.
  /// - Throws: ``MovieError`` or a file error.
  init(reading path: String) throws {
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let file = isFolder.boolValue ? path + "/surfaces.safetensors" : path
    if isThere, isFolder.boolValue, !FileManager.default.fileExists(atPath: file) {
      throw MovieError.notRecorded(run: path)
    }
    series = try SurfaceSeries.read(file)
    self.path = file
    guard !series.frames.isEmpty else { throw LandscapeError.notSurfaces(path: file, reason: "it holds no frame") }
    guard series.axes.values.allSatisfy({ $0.count > 1 }) else {
      throw LandscapeError.notSurfaces(path: file, reason: "its surfaces have fewer than 2 points on an axis")
    }
  }

  /// Writes the film. Same recording and options, same bytes for an animated PNG.
  ///
  /// - Throws: ``MovieError`` where ffmpeg is needed and missing or fails, ``FigureError`` or a file error.
  func write(to path: String, _ options: Options) throws {
    let ffmpeg = options.format == .apng ? nil : try FFmpeg(for: options.format)
    let figures = try figures(options)
    var timing = options.timing
    if ffmpeg != nil { timing.hold = timing.delay }  // ffmpeg holds the last frame itself
    let animation = try AnimatedPNG.render(
      count: figures.count, timing: timing, provenance: try provenance(), dpi: options.dpi
    ) { figures[$0] }
    try AtomicFile.write(try ffmpeg?.convert(animation, options.timing) ?? animation, to: path)
  }

  /// movie.png, .gif or .mp4 in the folder of the recording.
  func defaultPath(_ format: Format) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return "\(folder)movie.\(format.ending)"
  }

  // MARK: - Figures

  /// The frames, which differ in nothing but what was recorded.
  func figures(_ options: Options) throws -> [any Figure] {
    let drawn = series.frames.map { values($0, options) }
    let placement: ValueLevels.Placement =
      options.scale == "log" ? .log : options.scale == "linear" || options.rise ? .linear : .automatic
    let levels = ValueLevels(sharedBy: drawn, placement: placement, bands: Self.bands)
    let range = commonRange(drawn, levels.scale.kind)
    let symbol = options.rise ? "Δℒ" : "ℒ"
    return try series.frames.indices.map { index in
      let field = try Field(axis1: series.axes.values[0], axis2: series.axes.values[1], values: drawn[index])
      switch options.style {
      case .contour:
        let path = series.pathSeen(from: index)
        let panel = ContourFigure.Panel(
          title: title(index), field: field, trajectories: [try Trajectory(x: path.map(\.x), y: path.map(\.y))])
        return ContourFigure(panels: [panel], valueLabel: "$\(symbol)(α, β)$", levels: levels)
      case .surface:
        return SurfaceFigure(
          panels: [SurfaceFigure.Panel(title: title(index), field: field)], valueLabel: "$\(symbol)$",
          scale: levels.scale.kind, range: range, camera: options.camera)
      }
    }
  }

  private func values(_ frame: SurfaceSeries.Frame, _ options: Options) -> [Double] {
    options.rise ? frame.loss.map { $0 - frame.lossAtOrigin } : frame.loss
  }

  /// Epoch and loss, in figures of one width, so that the title stands still.
  private func title(_ index: Int) -> String {
    let frame = series.frames[index]
    let width = String(series.frames[series.frames.count - 1].epoch).count
    let epoch = String(frame.epoch)
    let padding = String(repeating: "\u{2007}", count: width - epoch.count)
    return "epoch \(padding)\(epoch),  $ℒ$ = \(String(format: "%.4f", frame.lossAtOrigin))"
  }

  private func provenance() throws -> Provenance {
    let name = series.metadata["landscape.objective"] ?? "a model"
    var provenance = Provenance(
      title: "Loss landscape of \(name) while it trains on \(series.metadata["landscape.dataset"] ?? "its data")")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Recording", series.metadata["landscape.recording"] ?? "")
    provenance.append("Surfaces", "sha256:\(try SHA256Hasher.hash(file: path))")
    provenance.append("Fingerprint", series.metadata["landscape.fingerprint"] ?? "")
    return provenance
  }
}
