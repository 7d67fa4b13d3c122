import Foundation
import Interactions
import LinearAlgebra
import Storage
import Studies
import Training

/// Does the trainings of a study: several at a time, each taken up where it was stopped, those that fail put down and
/// passed over.
///
/// Every run is a run folder of `landscape train` with the options of its ``StudyPlan/Run``. A run with other options in
/// its folder is replaced. What is done stays done, whatever ends the program.
final class StudyTrainings: @unchecked Sendable {
  let plan: StudyPlan
  /// Before the folders of the plan.
  let folder: String
  let jobs: Int
  let terminal: Terminal
  let interrupts: Interrupts

  /// What became of a run.
  enum Outcome: Equatable {
    case done(seconds: Double)
    /// It was there already.
    case known
    case failed(String)
  }

  private let lock = NSLock()
  private var outcomes: [String: Outcome] = [:]  // by folder
  private var begun: Set<String> = []
  private var datasets: [String: Dataset] = [:]
  private var stopped = false

  init(
    _ plan: StudyPlan, folder: String, jobs: Int, terminal: Terminal, interrupts: Interrupts
  ) {
    (self.plan, self.folder, self.jobs) = (plan, folder, max(min(jobs, plan.runs.count), 1))
    (self.terminal, self.interrupts) = (terminal, interrupts)
  }

  private func path(_ run: StudyPlan.Run) -> String { "\(folder)/\(run.folder)" }

  /// Trains what is not there, each job on its share of the threads.
  ///
  /// - Throws: ``Interrupts/Stop`` on Ctrl-C; what was begun can then be taken up.
  func run() throws -> [String: Outcome] {
    let threads = Parallel.threads
    Parallel.threads = max(threads / jobs, 1)
    defer { Parallel.threads = threads }
    DispatchQueue.concurrentPerform(iterations: jobs) { job in
      while let run = take() { finish(run, train(run, showing: terminal.part(job + 1))) }
    }
    if stopped { throw Interrupts.Stop() }
    return outcomes
  }

  // MARK: - Which is next

  /// The next run whose start is there; waits while only runs are left whose start is being trained.
  private func take() -> StudyPlan.Run? {
    while true {
      lock.lock()
      if interrupts.isRequested { stopped = true }
      let left = plan.runs.filter { !begun.contains($0.folder) }
      let ready = left.first { run in run.start.map { outcomes[$0] != nil || !isPlanned($0) } ?? true }
      if let ready, !stopped { begun.insert(ready.folder) }
      let isOver = stopped || left.isEmpty
      lock.unlock()
      if isOver { return nil }
      if let ready { return ready }
      Thread.sleep(forTimeInterval: 0.05)
    }
  }

  /// Whether the run of a folder is one of these; else it is there already.
  private func isPlanned(_ folder: String) -> Bool { plan.runs.contains { $0.folder == folder } }

  private func train(_ run: StudyPlan.Run, showing own: Terminal) -> Outcome? {
    defer { own.clear() }
    if let start = run.start, case .failed = locked({ outcomes[start] }) {
      return .failed("starts from \(start), which failed")
    }
    let started = Date()
    do {
      return try job(run, showing: own) ? .done(seconds: Date().timeIntervalSince(started)) : .known
    } catch is Interrupts.Stop {
      locked { stopped = true }
      return nil
    } catch {
      return .failed("\(error)")
    }
  }

  private func finish(_ run: StudyPlan.Run, _ outcome: Outcome?) {
    guard let outcome else { return }
    let (number, left) = locked { () -> (Int, String) in
      outcomes[run.folder] = outcome
      return (outcomes.count, timeLeft())
    }
    let state: String
    switch outcome {
    case .done(let seconds): state = Terminal.duration(seconds)
    case .known: state = "is there"
    case .failed(let reason): state = "FAILED: \(reason)"
    }
    terminal.note("\(number)/\(plan.runs.count) \(run.folder): \(state)\(left)")
  }

  /// ", about 3:20 min left", from runs of the same method and data, or else of all.
  private func timeLeft() -> String {
    let times = plan.runs.compactMap { run -> (run: StudyPlan.Run, seconds: Double)? in
      guard case .done(let seconds) = outcomes[run.folder] else { return nil }
      return (run, seconds)
    }
    let left = plan.runs.filter { outcomes[$0.folder] == nil }
    guard !times.isEmpty, !left.isEmpty else { return "" }
    let total = left.reduce(0.0) { sum, run in
      let alike = times.filter { $0.run.method == run.method && $0.run.data == run.data }
      let taken = alike.isEmpty ? times : alike
      return sum + taken.reduce(0) { $0 + $1.seconds } / Double(taken.count)
    }
    return ", about \(Terminal.duration(total / Double(min(jobs, left.count)))) left"
  }

  private func locked<T>(_ body: () -> T) -> T {
    lock.lock()
    defer { lock.unlock() }
    return body()
  }

  // MARK: - One run

  /// Whether there was anything left to train.
  private func job(_ run: StudyPlan.Run, showing own: Terminal) throws -> Bool {
    let command = try self.command(run)
    let data = try dataset(command)
    guard let test = data.test, test.count > 0 else {
      throw CommandError.nothingHeldOut(dataset: data.name, split: "test")
    }
    let finished = FinishedRun(folder: RunFolder(path: path(run)), given: try given(run, on: data))
    if finished.isThere { return false }
    if let reason = try finished.removeOther() {
      terminal.note("note: \(run.folder): trained anew, since \(reason)")
    }
    let log = RunFolder(path: path(run)).log
    let before = try? Data(contentsOf: URL(fileURLWithPath: log))
    func train(resuming: Bool) throws {
      var job = try command.job(
        on: data, in: RunFolder(path: path(run)), named: run.folder, terminal: own, interrupts: interrupts)
      job.resumes = resuming
      _ = try command.refit ? job.refit() : job.run()
    }
    do {
      try train(resuming: true)
    } catch TrainingError.cannotResume(_, let reason) {
      terminal.note("note: \(run.folder): trained anew, since \(reason)")
      try train(resuming: false)
    }
    try finished.note()
    return (try? Data(contentsOf: URL(fileURLWithPath: log))) != before  // none of a run of no epochs
  }

  /// What decides the result of a run.
  private func given(_ run: StudyPlan.Run, on data: Dataset) throws -> [String] {
    let start = try run.start.map { try SHA256Hasher.hash(file: "\(folder)/\($0)/checkpoint.bin") }
    return run.arguments + (start.map { ["from sha256:\($0)"] } ?? []) + ["train \(data.train.fingerprint())"]
  }

  /// The data of a run.
  func data(of run: StudyPlan.Run) throws -> Dataset { try dataset(TrainCommand.parse(run.arguments)) }

  private func command(_ run: StudyPlan.Run) throws -> TrainCommand {
    var arguments = run.arguments
    if let start = run.start { arguments.append("--from=\(folder)/\(start)/checkpoint.bin") }
    return try TrainCommand.parse(arguments)
  }

  /// Data sets are read once.
  private func dataset(_ command: TrainCommand) throws -> Dataset {
    let key = try "\(command.dataset) \(command.data.options())"
    lock.lock()
    defer { lock.unlock() }
    if let known = datasets[key] { return known }
    let loaded = try Dataset.load(command.dataset, options: command.data.options())
    datasets[key] = loaded
    return loaded
  }
}
