import LinearAlgebra
import Storage

/// Sharpness-aware collaborative filtering: keep the scores of positive pairs near those of E epochs ago.
///
/// L_B(θ_e) + (λ/|B|)·Σ_(u,i)∈B (ŷ_ui(θ_e) − ŷ_ui(θ_{e−E}))² for e > E_start, plain BPR before. The score of every
/// positive pair is recorded once per epoch, in the forward pass before the update (Algorithm 1, lines 4–7), in a ring
/// of E + 1 arrays: epoch e writes slot e mod (E + 1). Where nothing was recorded E epochs ago there is no term.
/// Memory: (E + 1)·|O| floats. Gradient of the term: (2λ/|B|)(ŷ − ŷ_old)·∂ŷ.
///
/// Source: SharpCF eq. 17 and Algorithm 1, read as mean BPR + λ·mean squared change; E = 3 (§5.1.3).
public final class SharpCFObjective: Objective, PairScoreTerm {
  public static let name = "sharpcf"
  public static let title = "SharpCF"
  let lambda: Double
  let window: Int
  let startEpoch: Int
  private let ring: [FloatBuffer]
  private var epoch = 0
  private var pairs = UnsafeBufferPointer<UInt32>(start: nil, count: 0)

  /// - Parameters:
  ///   - lambda: λ.
  ///   - window: E ≥ 1.
  ///   - startEpoch: E_start, in epochs of this run.
  ///   - pairs: |O|, positive pairs in the train split.
  init(lambda: Double, window: Int, startEpoch: Int, pairs: Int) {
    precondition(window >= 1)
    self.lambda = lambda
    self.window = window
    self.startEpoch = startEpoch
    ring = (0...window).map { _ in
      let slot = FloatBuffer(count: pairs)
      slot.fill(.nan)  // NaN: not recorded
      return slot
    }
  }

  public convenience init(_ settings: TrainingSettings, parameters: Int, pairs: Int) {
    self.init(
      lambda: settings.lambda, window: settings.window, startEpoch: settings.startEpoch, pairs: pairs)
  }

  public var hyperparameters: [String: JSONValue] {
    ["lambda": JSONValue(lambda), "window": .integer(window), "start_epoch": .integer(startEpoch)]
  }

  /// Bytes that the score ring takes.
  public var ringBytes: Int { ring.reduce(0) { $0 + $1.count * 4 } }

  public func beginEpoch(_ epoch: Int) {
    self.epoch = epoch
    ring[slot(of: epoch)].fill(.nan)
  }

  public func resumeEpoch(_ epoch: Int) { self.epoch = epoch }

  func slot(of epoch: Int) -> Int { epoch % (window + 1) }

  /// Whether the term is on in this epoch.
  var isActive: Bool { epoch > startEpoch && epoch - window >= 1 }

  public func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) -> Double {
    pairs = batch.pairs
    defer { pairs = UnsafeBufferPointer(start: nil, count: 0) }
    return batch.gradient(at: batch.point, adding: self, into: gradient)
  }

  public func add(scores: UnsafeBufferPointer<Float>, slopes: UnsafeMutableBufferPointer<Float>) -> Double {
    let now = ring[slot(of: epoch)]
    let then = ring[slot(of: epoch + 1)]  // e − E ≡ e + 1 mod (E + 1)
    let weight = Float(2 * lambda / Double(scores.count))
    var total = 0.0
    for (t, pair) in pairs.enumerated() {
      let score = scores[t]
      if isActive {
        let change = score - then[Int(pair)]
        if !change.isNaN {
          total += Double(change) * Double(change)
          slopes[t] += weight * change
        }
      }
      now[Int(pair)] = score
    }
    return lambda * total / Double(scores.count)
  }

  public var tripletRule: TripletRule? {
    TripletRule(
      trajectory: lambda, then: isActive ? ring[slot(of: epoch + 1)] : nil, now: ring[slot(of: epoch)])
  }

  public var state: [(name: String, values: FloatBuffer)] { ring.enumerated().map { ("scores.\($0)", $1) } }
}
