import ArgumentParser
import Figures
import Foundation

/// What `render` is told of films and of nothing else.
struct MovieArguments: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "The film of a recorded training run. --style is contour (default) or surface, --format apng (animated PNG), gif "
        + "or mp4 (these by ffmpeg; default: as --output ends), --output the file."))
  var movie = false

  @Option(help: ArgumentHelp("Milliseconds for each frame (default: 200).", valueName: "ms"))
  var delay: Int?

  @Option(help: ArgumentHelp("Milliseconds for the last frame (default: 2000).", valueName: "ms"))
  var hold: Int?

  @Option(help: ArgumentHelp("How often it plays; 0: for ever (default).", valueName: "n"))
  var loops: Int?

  func validate() throws {
    for (name, value) in given {
      guard movie else { throw ValidationError("\(name) belongs to --movie") }
      let range = name == "--loops" ? 0...1_000_000 : 1...AnimatedPNG.Timing.longest
      guard range.contains(value) else {
        throw ValidationError("\(name) must be between \(range.lowerBound) and \(range.upperBound)")
      }
    }
  }

  private var given: [(name: String, value: Int)] {
    [("--delay", delay), ("--hold", hold), ("--loops", loops)].compactMap { name, value in value.map { (name, $0) } }
  }

  var timing: AnimatedPNG.Timing {
    let standard = AnimatedPNG.Timing()
    return AnimatedPNG.Timing(
      delay: delay ?? standard.delay, hold: hold ?? standard.hold, loops: loops ?? standard.loops)
  }

  /// What is not the default, for provenance; begins with a space.
  var canonical: String { " --movie" + given.map { " \($0.name)=\($0.value)" }.joined() }

  // MARK: - Beside the other options of render

  /// - Throws: `ValidationError` where other options make no sense of a film.
  func check(_ files: [String], _ pictures: PictureOptions, _ exports: ExportOptions, output: String?) throws {
    guard files.count == 1, NamedFiles(files[0]).paths.count == 1 else {
      throw ValidationError("--movie makes the film of one run; name its folder, or its surfaces.safetensors")
    }
    guard exports.export == nil else {
      throw ValidationError("--export belongs to surface files; --movie makes a film and nothing else")
    }
    guard !pictures.together else {
      throw ValidationError("--together belongs to pictures; a film shows one surface after the other")
    }
    try pictures.check([try style(pictures)])
    _ = try format(pictures, output: output)
  }

  /// Contours where nothing else is asked for.
  func style(_ pictures: PictureOptions) throws -> PictureStyle {
    let styles = try pictures.styles() ?? [.contour]
    guard styles == [.contour] || styles == [.surface] else {
      throw ValidationError("--movie takes one --style, contour or surface, not \(pictures.style ?? "")")
    }
    return styles[0]
  }

  /// The format asked for, or the one that the output's ending means; the two must agree.
  func format(_ pictures: PictureOptions, output: String?) throws -> SurfaceMovie.Format {
    let ending = output.map { URL(fileURLWithPath: $0).pathExtension.lowercased() }
    let meant = SurfaceMovie.Format.allCases.first { $0.rawValue == ending || $0.ending == ending }
    guard let name = pictures.format else {
      if output == nil { return .apng }
      guard let meant else {
        throw ValidationError("--output \(output ?? ""): a film ends in .png, .apng, .gif or .mp4; or say its --format")
      }
      return meant
    }
    guard let asked = SurfaceMovie.Format(rawValue: name) else {
      throw ValidationError("--format \(name): a film (--movie) is one of apng, gif, mp4")
    }
    guard meant == nil || meant == asked else {
      throw ValidationError("--format \(name) and --output \(output ?? "") contradict each other")
    }
    return asked
  }
}
