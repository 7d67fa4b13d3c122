import ArgumentParser
import Figures
import Foundation
import Landscape
import Storage

/// Draws surface files again, in any style, without computing them again.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw saved surfaces again, in other styles, scales and sizes, or write them for other tools.",
    discussion: """
      Takes the safetensors files that landscape, compare and study write; several are drawn side by side on shared
      scales. Without options the pictures are those that were drawn when the surfaces were computed:

        landscape render x-2d.safetensors --style heat --size column --format pdf
        landscape render "no L2=a-2d.safetensors" "L2=b-2d.safetensors" --rise --levels 0.1,0.2,0.5,1,2
        landscape render x-3d.safetensors --style contour    the three planes through the checkpoint
        landscape render x-2d.safetensors --format none --export npz,vtp
      """)

  @Argument(help: "One or more surface files, or NAME=file.")
  var files: [String]

  @OptionGroup(title: "Look") var arguments: RenderArguments
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Data") var exports: ExportOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Prefix of the files (default: the file's path without -2d.safetensors; of several, render).",
      valueName: "prefix"))
  var output: String?

  func validate() throws {
    try NamedFiles.validate(files, what: "surfaces")
    guard !arguments.log || pictures.scale != "linear" else {
      throw ValidationError("--log and --scale linear contradict each other")
    }
  }

  func run() throws {
    let terminal = common.start()
    let started = Date()
    let named = try NamedSurfaces(files)
    let dimensions = named.surfaces[0].surface.axes.dimensions
    for style in try arguments.styles() ?? [] { try style.check(dimensions) }
    try exports.check(dimensions: dimensions)
    for remark in named.remarks { terminal.note(remark) }
    let prefix = try OutputPrefix(output ?? defaultPrefix(dimensions)).prepared()
    let drawn = try drawing(named).write(prefix: prefix)
    let data = try named.surfaces.flatMap { each in
      let part = named.surfaces.count > 1 ? "-" + Comparison.Result.fileName(each.name) : ""
      return try exports.write(each.surface, stem: "\(prefix)\(part)-\(dimensions)d")
    }
    let seconds = Terminal.duration(Date().timeIntervalSince(started))
    terminal.note("wrote \((data + drawn).joined(separator: ", ")) in \(seconds)")
  }

  private func drawing(_ named: NamedSurfaces) throws -> Pictures {
    var pictures = pictures
    if arguments.log { pictures.scale = "log" }
    return Pictures(
      surfaces: named.surfaces, formats: try pictures.formats(), provenance: provenance(named, pictures),
      scale: pictures.scale, rise: pictures.rise, styles: try arguments.styles(), look: try arguments.look())
  }

  /// x-2d.safetensors gives x, so that the pictures stand beside it under the names they had.
  private func defaultPrefix(_ dimensions: Int) -> String {
    let paths = files.flatMap { NamedFiles($0).paths }
    guard paths.count == 1 else { return "render" }
    let stem = (paths[0] as NSString).deletingPathExtension
    let ending = "-\(dimensions)d"
    return stem.hasSuffix(ending) ? String(stem.dropLast(ending.count)) : stem
  }

  private func provenance(_ named: NamedSurfaces, _ pictures: PictureOptions) -> Provenance {
    let datasets = Set(named.surfaces.compactMap { $0.surface.metadata["landscape.dataset"] }).sorted()
    var provenance = Provenance(title: "Loss surfaces on \(datasets.joined(separator: ", "))")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", "landscape render\(arguments.canonical)\(pictures.canonical)")
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
