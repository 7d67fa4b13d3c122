import ArgumentParser
import Figures
import Foundation
import Landscape
import Storage

/// Draws surface files again, in any style, without computing them again, and films of training runs.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw saved surfaces again, in other styles, scales and sizes, as a film, or write them for other tools.",
    discussion: """
      Takes the safetensors files that landscape, compare and study write; several are drawn side by side on shared \
      scales. Without options the pictures are those that were drawn when the surfaces were computed:

        landscape render x-2d.safetensors --style heat --size column --format pdf
        landscape render "no L2=a-2d.safetensors" "L2=b-2d.safetensors" --rise --levels 0.1,0.2,0.5,1,2
        landscape render x-3d.safetensors --style contour    the three planes through the checkpoint
        landscape render x-2d.safetensors --format none --export npz,vtp

      With --movie it draws what landscape train --record-surface has stored, frame by frame. Every frame is centred on \
      the parameters of its epoch and drawn in the same two directions, on the same levels; a step of 1 is as long as \
      the parameters are by then. The line is the way of the parameters within the plane; most of it leads out of the \
      plane, unless the directions were chosen along it (--record-directions gradient or file:).

        landscape render --movie runs/bpr
        landscape render --movie runs/bpr --style surface --theme dark --output film.mp4
      """)

  @Argument(help: "One or more surface files, or NAME=file; with --movie a run folder or its surfaces.safetensors.")
  var files: [String]

  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Film") var film: MovieArguments
  @OptionGroup(title: "Data") var exports: ExportOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Prefix of the files (default: the file's path without -2d.safetensors; of several, render); of a film the file "
        + "(default: movie.png, .gif or .mp4 in the run folder).",
      valueName: "prefix"))
  var output: String?

  func validate() throws {
    if film.movie { return try film.check(files, pictures, exports, output: output) }
    try NamedFiles.validate(files, what: "surfaces")
    if let format = pictures.format, SurfaceMovie.Format(rawValue: format) != nil {
      throw ValidationError("--format \(format) belongs to --movie")
    }
    _ = try pictures.formats()
  }

  func run() throws {
    let terminal = common.start()
    let started = Date()
    let written = film.movie ? try writeFilm(terminal) : try writePictures(terminal)
    let seconds = Terminal.duration(Date().timeIntervalSince(started))
    terminal.note("wrote \(written.joined(separator: ", ")) in \(seconds)")
  }

  private func writeFilm(_ terminal: Terminal) throws -> [String] {
    let recording = try SurfaceMovie(reading: NamedFiles(files[0]))
    let format = try film.format(pictures, output: output)
    let path = try OutputPrefix(output ?? recording.defaultPath(format)).prepared()
    try recording.write(
      to: path, film.style(pictures), pictures, format, film.timing, command: "landscape render" + film.canonical)
    let frames = recording.series.frames
    if let last = frames.last, frames.count > 1 {
      terminal.note(
        "\(frames.count) frames; the parameters end \(number(last.outOfPlane)) times their first length out of the plane"
      )
    }
    return [path]
  }

  private func writePictures(_ terminal: Terminal) throws -> [String] {
    let named = try NamedSurfaces(files)
    let dimensions = named.surfaces[0].surface.axes.dimensions
    try pictures.check(dimensions: dimensions)
    try exports.check(dimensions: dimensions)
    for remark in named.remarks { terminal.note(remark) }
    let prefix = try OutputPrefix(output ?? defaultPrefix(dimensions)).prepared()
    let drawn = try pictures.pictures(of: named.surfaces, formats: pictures.formats(), provenance: provenance(named))
      .write(prefix: prefix)
    let data = try named.surfaces.flatMap { each in
      let part = named.surfaces.count > 1 ? "-" + Comparison.Result.fileName(each.name) : ""
      return try exports.write(each.surface, stem: "\(prefix)\(part)-\(dimensions)d")
    }
    return data + drawn
  }

  /// x-2d.safetensors gives x, so that the pictures stand beside it under the names they had.
  private func defaultPrefix(_ dimensions: Int) -> String {
    let paths = files.flatMap { NamedFiles($0).paths }
    guard paths.count == 1 else { return "render" }
    let stem = (paths[0] as NSString).deletingPathExtension
    let ending = "-\(dimensions)d"
    return stem.hasSuffix(ending) ? String(stem.dropLast(ending.count)) : stem
  }

  private func provenance(_ named: NamedSurfaces) -> Provenance {
    let datasets = Set(named.surfaces.compactMap { $0.surface.metadata["landscape.dataset"] }).sorted()
    var provenance = Provenance(title: "Loss surfaces on \(datasets.joined(separator: ", "))")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", "landscape render")
    for (surface, hash) in zip(named.surfaces, named.hashes) {
      provenance.append("Surface \(surface.name)", "sha256:\(hash)")
      let metadata = surface.surface.metadata
      for (name, key) in [("Computed", "command"), ("Checkpoint", "checkpoint"), ("Fingerprint", "fingerprint")] {
        guard let value = metadata["landscape.\(key)"] else { continue }
        provenance.append("\(name) \(surface.name)", key == "checkpoint" ? "sha256:\(value)" : value)
      }
    }
    return provenance
  }
}
