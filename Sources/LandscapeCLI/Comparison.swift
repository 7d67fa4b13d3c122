import Figures
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Storage

/// Surfaces of several models on one data set: computed one after the other, drawn together.
struct Comparison {
  let models: [(name: String, model: LoadedModel)]
  let dataset: Dataset
  let arguments: SurfaceArguments
  let sharpness: Bool
  /// Before the names of files.
  let prefix: String

  struct Result {
    let surfaces: [NamedSurface]
    let provenance: Provenance
    /// Name and text of each model's summary.
    let summaries: [(name: String, text: String)]
  }

  func run(terminal: Terminal, interrupts: Interrupts) throws -> Result {
    var surfaces: [NamedSurface] = []
    var summaries: [(name: String, text: String)] = []
    for (name, model) in models {
      let run = try SurfaceRun(model, dataset: dataset, arguments: arguments)
      let partial = "\(Self.stem(prefix, name, arguments.dims)).partial"
      let surface = try run.surface(partial: partial, terminal: terminal, interrupts: interrupts)
      surfaces.append(NamedSurface(name: name, surface: surface))
      let summary = SurfaceSummary(surface: surface, sharpness: sharpness ? try run.sharpness(interrupts) : nil)
      summaries.append((name, summary.text))
    }
    return Result(surfaces: surfaces, provenance: try provenance(), summaries: summaries)
  }

  /// PREFIX-NAME-2d.
  static func stem(_ prefix: String, _ name: String, _ dims: Int) -> String {
    "\(prefix)-\(Result.fileName(name))-\(dims)d"
  }

  /// Whatever computed the surfaces: the canonical command, the checkpoints and the data.
  func provenance() throws -> Provenance {
    var provenance = Provenance(title: "Loss surfaces on \(dataset.name)")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append(
      "Command", "landscape compare --dataset \(dataset.name) \(arguments.canonical(try arguments.axes()))")
    for (name, model) in models { provenance.append("Checkpoint \(name)", "sha256:\(model.hash)") }
    provenance.append("Fingerprint", dataset.train.fingerprint())
    return provenance
  }
}

extension Comparison.Result {
  /// Writes PREFIX-NAME-2d.safetensors for each model and the figures of all; returns the paths.
  func write(prefix: String, pictures: PictureOptions, exports: ExportOptions) throws -> [String] {
    let dims = surfaces.first?.surface.axes.dimensions ?? 0
    let data = try surfaces.flatMap { named in
      let stem = Comparison.stem(prefix, named.name, dims)
      try named.surface.write(to: "\(stem).safetensors")
      return ["\(stem).safetensors"] + (try exports.write(named.surface, stem: stem))
    }
    let drawn = try pictures.pictures(of: surfaces, formats: pictures.formats(), provenance: provenance)
    return try data + drawn.write(prefix: prefix)
  }

  /// A name as part of a file name: lower case, other signs than letters and digits become dashes.
  static func fileName(_ name: String) -> String {
    String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }
}
