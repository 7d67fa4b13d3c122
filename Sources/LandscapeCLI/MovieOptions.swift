import ArgumentParser
import Figures
import Foundation

/// How a film is drawn.
struct MovieOptions: ParsableArguments {
  @Option(help: ArgumentHelp("contour or surface (lit, in 3D).", valueName: "style"))
  var style = "contour"

  @Option(
    help: ArgumentHelp(
      "apng (animated PNG), gif or mp4 (both by ffmpeg); default: as the ending of --output.", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("Milliseconds for each frame.", valueName: "ms"))
  var delay = 200

  @Option(help: ArgumentHelp("Milliseconds for the last frame.", valueName: "ms"))
  var hold = 2000

  @Option(help: ArgumentHelp("How often it plays; 0: for ever.", valueName: "n"))
  var loops = 0

  @Option(help: ArgumentHelp("Resolution; a frame is 84 mm wide.", valueName: "dpi"))
  var dpi = 200.0

  @Option(help: ArgumentHelp("Scale of the loss axis: linear, log or auto.", valueName: "scale"))
  var scale = "auto"

  @Flag(help: "Draw the rise above the loss at the centre: the shape of the landscape, not its depth.")
  var rise = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file (default: movie.png, .gif or .mp4 beside the recording).", valueName: "file"))
  var output: String?

  func validate() throws {
    guard SurfaceMovie.Style(rawValue: style) != nil else {
      throw ValidationError("--style \(style) is not one of contour, surface")
    }
    if let format, SurfaceMovie.Format(rawValue: format) == nil {
      throw ValidationError("--format \(format) is not one of apng, gif, mp4")
    }
    guard ["linear", "log", "auto"].contains(scale) else {
      throw ValidationError("--scale must be linear, log or auto")
    }
    for (name, value) in [("--delay", delay), ("--hold", hold)] where !(1...AnimatedPNG.Timing.longest).contains(value)
    {
      throw ValidationError("\(name) must be between 1 and \(AnimatedPNG.Timing.longest) milliseconds")
    }
    guard (0...1_000_000).contains(loops) else { throw ValidationError("--loops must be between 0 and 1000000") }
    guard (20...1200).contains(dpi) else { throw ValidationError("--dpi must be between 20 and 1200") }
  }

  /// The format asked for, or the one that the output's ending means.
  private var chosenFormat: SurfaceMovie.Format {
    let ending = output.map { ($0 as NSString).pathExtension.lowercased() } ?? ""
    return SurfaceMovie.Format(rawValue: format ?? ending) ?? .apng
  }

  /// Makes the film of a run or of a recording.
  ///
  /// - Returns: the path of the film.
  func run(_ recording: String, _ terminal: Terminal) throws -> String {
    let movie = try SurfaceMovie(reading: recording)
    var options = SurfaceMovie.Options()
    options.style = SurfaceMovie.Style(rawValue: style) ?? .contour
    options.format = chosenFormat
    options.timing = AnimatedPNG.Timing(delay: delay, hold: hold, loops: loops)
    (options.dpi, options.scale, options.rise) = (dpi, scale, rise)
    let path = output ?? movie.defaultPath(options.format)
    let started = Date()
    try movie.write(to: path, options)
    let frames = movie.series.frames
    terminal.note("\(frames.count) frames in \(Terminal.duration(Date().timeIntervalSince(started)))")
    if let last = frames.last, frames.count > 1 {
      terminal.note("the parameters end \(number(last.outOfPlane)) times their first length out of the plane")
    }
    return path
  }
}

/// A film of a recorded training run.
struct MovieCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "movie",
    abstract: "A film of the landscape while a model trained (landscape train --record-surface).",
    discussion: """
      Every frame is centred on the parameters of its epoch and drawn in the same two directions, on the same levels. A
      step of 1 is as long as the parameters are by then. The line is the way of the parameters within the plane; most
      of it leads out of the plane, unless the directions were chosen along it (--record-directions gradient or file:).
      """)

  @Argument(help: "The run folder, or its surfaces.safetensors.")
  var recording: String

  @OptionGroup var options: MovieOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let terminal = common.start()
    terminal.result(try options.run(recording, terminal))
  }
}
