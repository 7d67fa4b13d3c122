import Foundation
import Interactions
import LinearAlgebra
import Studies
import Training

/// What `--dry-run` says of a study: every training as a command, and time, memory and disk, from a few batches of one
/// training of each kind on the threads of one job.
struct StudyEstimate {
  let study: StudyFile
  let plan: StudyPlan
  let jobs: Int
  let terminal: Terminal

  /// Trainings that take the same time: a method on one data set, or one sweep on it.
  private struct Kind: Hashable {
    let data: String
    let method: String
    let sweep: String?
    /// The value of a sweep over an option that changes the work.
    let value: String?

    init(_ run: StudyPlan.Run, _ study: StudyFile) {
      let option = study.sweeps.first { $0.name == run.sweep }?.option
      let isWork = ["epochs", "dim", "layers", "batch", "steps", "terms", "option", "backbone"].contains(option)
      (data, method, sweep, value) = (run.data, run.method, run.sweep, isWork ? run.value : nil)
    }
  }

  func run() throws {
    for run in plan.runs { terminal.result("\(run.folder): \(run.command)") }
    let workers = max(min(jobs, plan.runs.count), 1)
    let threads = Parallel.threads
    Parallel.threads = max(threads / workers, 1)
    defer { Parallel.threads = threads }
    let data = StudyTrainings(
      plan, folder: "", jobs: 1, terminal: Terminal(quiet: true), interrupts: Interrupts())
    let kinds = Dictionary(grouping: plan.runs) { Kind($0, study) }
    var (seconds, memory, disk) = (0.0, [Int](), 0)
    for (_, runs) in kinds.sorted(by: { $0.value[0].folder < $1.value[0].folder }) {
      let one: (seconds: Double, memory: Int, disk: Int)
      do {
        one = try TrainCommand.parse(runs[0].arguments).cost(
          on: data.data(of: runs[0]), isContinued: runs[0].start != nil)
      } catch {
        terminal.note("note: \(runs[0].folder) and those like it are not in the estimate: \(error)")
        continue
      }
      seconds += one.seconds * Double(runs.count)
      memory += runs.map { _ in one.memory }
      disk += one.disk * runs.count
    }
    guard !memory.isEmpty else { return }
    let most = memory.sorted(by: >).prefix(workers).reduce(0, +)
    terminal.result(
      "\(plan.runs.count) trainings: about \(Terminal.duration(seconds / Double(workers))), \(workers) at a time, without "
        + "evaluation, ranking and figures; about \(most >> 20) MiB of memory; checkpoints of about \(disk >> 20) MiB, and "
        + "three times as much for each that is under way")
  }
}
