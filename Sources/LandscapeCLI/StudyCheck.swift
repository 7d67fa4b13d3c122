import ArgumentParser
import Studies

/// Makes sure that every option of a study's file means something, before anything is trained.
struct StudyCheck {
  let study: StudyFile
  let plan: StudyPlan
  let path: String

  init(_ study: StudyFile, plan: StudyPlan, path: String) { (self.study, self.plan, self.path) = (study, plan, path) }

  /// - Throws: ``StudyError/wrong(path:line:what:wanted:)`` for the first option or figure that does not.
  func run() throws {
    for run in plan.runs { try check(run) }
    for entry in study.data where study.search?.data.contains(entry.key) ?? false {
      for method in StudyPlan.searchOrder(study).compactMap(study.method) {
        for trial in StudyPlan.trials(of: method, on: entry, start: nil, study) { try check(trial.run) }
      }
    }
    for figure in study.figures where figure.kind == .sharpness {
      do {
        _ = try SharpnessArguments.parse(["--effort", figure.effort])
      } catch {
        throw wrong(figure.line, "effort of the figure", error, SharpnessArguments.self, of: "sharpness")
      }
    }
    for figure in study.figures where figure.kind == .landscape {
      do {
        _ = try SurfaceArguments.parse(figure.options).axes(drawn: true)
      } catch {
        throw wrong(figure.line, "range or points of the figure", error, SurfaceArguments.self, of: "compare")
      }
    }
  }

  private func check(_ run: StudyPlan.Run) throws {
    do {
      try Self.read(run.arguments)
    } catch {
      // The one that cannot be read by itself; else they do not fit together.
      for option in run.options {
        let alone = StudyPlan.Run.arguments([option])
        if (try? Self.read(alone)) == nil {
          throw wrong(option.line, "'\(option.name): \(option.value)'", error, TrainCommand.self)
        }
      }
      throw wrong(study.method(run.method)?.line ?? 1, "the options of '\(run.method)'", error, TrainCommand.self)
    }
  }

  private static func read(_ arguments: [String]) throws {
    let command = try TrainCommand.parse(arguments)
    _ = (try command.training.settings(startingFrom: nil), try command.data.options())
  }

  private func wrong(
    _ line: Int, _ what: String, _ error: any Error, _ type: (some ParsableArguments).Type, of command: String = "train"
  )
    -> StudyError
  {
    let text = type.message(for: error).split(separator: "\n").first.map(String.init) ?? "\(error)"
    return .wrong(path: path, line: line, what: what, wanted: "what landscape \(command) takes: \(text)")
  }
}
