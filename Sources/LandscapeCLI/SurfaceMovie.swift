import Figures
import Foundation
import Landscape
import Storage

/// The landscape while a model trained, as a film: one frame for each recorded surface, on shared levels and axes.
struct SurfaceMovie {
  enum Format: String, CaseIterable {
    case apng, gif, mp4

    /// The usual ending of such files; an animated PNG is a PNG to those who cannot play it.
    var ending: String { self == .apng ? "png" : rawValue }
  }

  /// About how many bands the levels have: more than a single surface's, for all frames share them.
  private static let bands = 20

  let series: SurfaceSeries
  private let name: String?
  private let path: String

  /// - Parameter given: a run folder or its `surfaces.safetensors`, which may have a name.
  /// - Throws: ``MovieError`` or a file error.
  init(reading given: NamedFiles) throws {
    name = given.name
    let path = given.paths[0]
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

  /// movie.png, .gif or .mp4 in the folder of the recording.
  func defaultPath(_ format: Format) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return "\(folder)movie.\(format.ending)"
  }

  /// Writes the film. Same recording and options, same bytes for an animated PNG.
  ///
  /// - Parameters:
  ///   - style: contour or surface.
  ///   - command: for its provenance.
  /// - Throws: ``MovieError`` where ffmpeg is needed and missing or fails, ``FigureError`` or a file error.
  func write(
    to path: String, _ style: PictureStyle, _ options: PictureOptions, _ format: Format, _ timing: AnimatedPNG.Timing,
    command: String
  ) throws {
    let ffmpeg = format == .apng ? nil : try FFmpeg(for: format)
    var pictures = try options.pictures(
      of: series.frames.map(surface), formats: [], provenance: try provenance(command))
    pictures.look.levels = pictures.look.levels ?? .count(Self.bands)
    var steady = timing
    if ffmpeg != nil { steady.hold = timing.delay }  // ffmpeg holds the last frame itself
    let figures = try figures(pictures, style)
    let animation = try pictures.look.film(figures, timing: steady, provenance: pictures.provenance)
    let theme = pictures.look.theme
    try AtomicFile.write(try ffmpeg?.convert(animation, timing, background: theme.background) ?? animation, to: path)
  }

  // MARK: - Figures

  private func surface(_ frame: SurfaceSeries.Frame) -> NamedSurface {
    let surface = Surface(
      axes: series.axes, loss: frame.loss, l2: nil, standardError: nil, lossAtOrigin: frame.lossAtOrigin)
    return NamedSurface(name: "epoch \(frame.epoch)", surface: surface)
  }

  /// One for each panel of the picture of all frames, so that they differ in nothing but what was recorded.
  private func figures(_ pictures: Pictures, _ style: PictureStyle) throws -> [any Figure] {
    if style == .surface {
      let all = try pictures.surface()
      return try all.panels.indices.map { index in
        var frame = all
        frame.panels = [all.panels[index]]
        (frame.panels[0].title, frame.panels[0].trajectories) = (title(index), [try trajectory(index)])
        return frame
      }
    }
    let all = try pictures.contour()
    return try all.panels.indices.map { index in
      var frame = all
      frame.panels = [all.panels[index]]
      (frame.panels[0].title, frame.panels[0].trajectories) = (title(index), [try trajectory(index)])
      return frame
    }
  }

  private func trajectory(_ index: Int) throws -> Trajectory {
    let path = series.pathSeen(from: index)
    return try Trajectory(x: path.map(\.x), y: path.map(\.y))
  }

  /// Epoch and loss, in figures of one width, so that the title stands still.
  private func title(_ index: Int) -> String {
    let frame = series.frames[index]
    let width = String(series.frames[series.frames.count - 1].epoch).count
    let epoch = String(frame.epoch)
    let padding = String(repeating: "\u{2007}", count: width - epoch.count)
    let start = name.map { "\($0), " } ?? ""
    return "\(start)epoch \(padding)\(epoch),  $ℒ$ = \(String(format: "%.4f", frame.lossAtOrigin))"
  }

  private func provenance(_ command: String) throws -> Provenance {
    let name = series.metadata["landscape.objective"] ?? "a model"
    var provenance = Provenance(
      title: "Loss landscape of \(name) while it trains on \(series.metadata["landscape.dataset"] ?? "its data")")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", command)
    provenance.append("Recording", series.metadata["landscape.recording"] ?? "")
    provenance.append("Surfaces", "sha256:\(try SHA256Hasher.hash(file: path))")
    provenance.append("Fingerprint", series.metadata["landscape.fingerprint"] ?? "")
    return provenance
  }
}
