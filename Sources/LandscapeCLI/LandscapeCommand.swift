import ArgumentParser
import Foundation
import LinearAlgebra
import Storage
import Training

/// `landscape`: trains recommenders, keeps their minima, draws the loss around them.
@main
struct LandscapeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "landscape",
    abstract: "Loss landscapes of recommender models: train, keep the minimum, look around it.",
    discussion: """
      The default command draws the loss surface around a checkpoint:

        landscape x.bin --dims 2            x-2d.safetensors, x-2d.png, x-2d-surface.png
        landscape compare a.bin b.bin       the same for several minima, on shared scales
        landscape render x-2d.safetensors   draws a saved surface again, in other styles, or for other tools
        landscape render --movie runs/bpr   the film of a training run
        landscape report runs               a page to explore all of it
        landscape sharpness a.bin b.bin     how flat they are, by which measure, and how sure that is
        landscape train --dataset synthetic --output runs/bpr

      Exit status: 0 done, 1 failure, 2 bad input, 64 usage, 130 interrupted (what there is has been saved).
      """,
    version: Version.current,
    subcommands: [
      SurfaceCommand.self, CompareCommand.self, RenderCommand.self, ReportCommand.self,
      SharpnessCommand.self, TrainCommand.self, EvaluateCommand.self, InspectCommand.self, DataCommand.self,
      StudyCommand.self, ReproduceCommand.self,
    ],
    defaultSubcommand: SurfaceCommand.self)

  static func main() {
    var failed: any ParsableCommand.Type = Self.self
    do {
      var command = try parseAsRoot()
      failed = type(of: command)
      if let wish = InstructionSet.unavailableWish {
        throw CommandError.instructionSet(wish, available: InstructionSet.available)
      }
      try command.run()
    } catch let error as TrainingError where error.isFailure {
      fail(error.message, status: 1)
    } catch let error as BadInput {
      fail(error.message, status: 2)
    } catch let error as ValidationError {  // found while running; the parser words those that it finds itself
      let name = failed.configuration.commandName ?? ""
      let usage = "Usage: landscape \(name) …\n  See 'landscape help \(name)' for more information."
      FileHandle.standardError.write(Data("Error: \(error.message)\n\(usage)\n".utf8))
      exit(withStatus: EX_USAGE)
    } catch is Interrupts.Stop {
      exit(withStatus: 130)
    } catch let error as CustomStringConvertible & Error where !isParserError(error) {
      fail(error.description, status: 1)
    } catch {
      exit(withError: error)
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("landscape: \(message)\n".utf8))
    exit(withStatus: status)
  }

  private static func exit(withStatus status: Int32) -> Never {
    Foundation.exit(status)
  }

  /// Help, version, usage errors and exit codes, which the parser words itself.
  private static func isParserError(_ error: Error) -> Bool {
    error is ExitCode || error is CleanExit
      || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }
}
