import LinearAlgebra
import Storage

/// What is minimised: turns the loss of a mini-batch into the vector that the optimiser follows.
///
/// An objective is called once per batch with the parameters that the batch touches (``BatchProblem``). It may keep
/// state between batches; that state goes into the resume file, so that a resumed run repeats an uninterrupted one.
public protocol Objective: AnyObject {
  /// The name in checkpoints and on the command line.
  static var name: String { get }
  /// As papers write it.
  static var title: String { get }
  /// The objective of a run.
  ///
  /// - Parameters:
  ///   - parameters: how many the model has.
  ///   - pairs: positives in the train split.
  init(_ settings: TrainingSettings, parameters: Int, pairs: Int)
  /// Hyper-parameters as they are recorded in checkpoints.
  var hyperparameters: [String: JSONValue] { get }
  /// Told once before the first batch of each epoch, counted from 1.
  func beginEpoch(_ epoch: Int)
  /// Told instead when an epoch is taken up in the middle.
  func resumeEpoch(_ epoch: Int)
  /// gradient ← the update direction at the batch's point; returns the objective's value on the batch.
  ///
  /// - Throws: ``TrainingError`` where the direction is not finite.
  func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) throws -> Double
  /// The objective on single triplets in the epoch in progress; nil where it needs batches.
  var tripletRule: TripletRule? { get }
  /// Named vectors that must survive a stop.
  var state: [(name: String, values: FloatBuffer)] { get }
  /// Numbers that must survive a stop.
  var scalars: [String: Double] { get set }
}

extension Objective {
  public var name: String { Self.name }
  public func beginEpoch(_ epoch: Int) {}
  public func resumeEpoch(_ epoch: Int) { beginEpoch(epoch) }
  public var tripletRule: TripletRule? { nil }
  public var state: [(name: String, values: FloatBuffer)] { [] }
  public var scalars: [String: Double] {
    get { [:] }
    set {}
  }
}

/// Plain minimisation of the data loss.
public final class BPRObjective: Objective {
  public static let name = "bpr"
  public static let title = "BPR"
  public let hyperparameters: [String: JSONValue] = [:]

  public init() {}
  public convenience init(_ settings: TrainingSettings, parameters: Int, pairs: Int) { self.init() }

  public func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) -> Double {
    batch.gradient(at: batch.point, into: gradient)
  }

  public var tripletRule: TripletRule? { TripletRule() }
}
