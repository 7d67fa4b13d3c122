import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Training

/// Update rules over several steps against their formulas in double precision, on all rows or on touched rows.
@Suite struct OptimiserTests {
  static let rows = 600  // more than two parallel chunks
  static let width = 5

  struct Settings: CustomTestStringConvertible {
    let rule: Optimiser.Rule
    var testDescription: String { rule.rawValue }
    var values: Optimiser.Settings {
      var settings = Optimiser.Settings(rule: rule, learningRate: 0.05)
      (settings.momentum, settings.beta1, settings.beta2) = (0.8, 0.7, 0.95)
      (settings.epsilon, settings.weightDecay) = (1e-3, 0.2)
      return settings
    }
  }

  static let all = Optimiser.Rule.allCases.map(Settings.init)

  /// The rows and compact gradients of five steps.
  static var steps: [(rows: [UInt32], gradient: [Float])] {
    (0..<5).map { step in
      var generator = RandomStream(seed: 3, "rows", String(step)).generator()
      var list = (0..<UInt32(rows)).filter { _ in generator.below(2) == 0 }
      generator.shuffle(&list)
      let gradient = FloatBuffer(count: list.count * width)
      gradient.fillNormal(RandomStream(seed: 3, "gradient", String(step)))
      return (list, gradient.floats)
    }
  }

  static var start: FloatBuffer {
    let start = FloatBuffer(count: rows * width)
    start.fillNormal(RandomStream(seed: 3, "start"))
    return start
  }

  /// The rule written out for one number.
  static func update(
    _ s: Optimiser.Settings, step t: Int, _ theta: inout Double, _ a: inout Double, _ b: inout Double, _ g: Double
  ) {
    switch s.rule {
    case .sgd: theta -= s.learningRate * g
    case .momentum, .lazyMomentum:
      a = s.momentum * a + g
      theta -= s.learningRate * a
    case .adagrad:
      a += g * g
      theta -= s.learningRate * g / (a.squareRoot() + s.epsilon)
    case .adam, .adamw, .lazyAdam, .lazyAdamW:
      a = s.beta1 * a + (1 - s.beta1) * g
      b = s.beta2 * b + (1 - s.beta2) * g * g
      let first = a / (1 - pow(s.beta1, Double(t)))
      let second = b / (1 - pow(s.beta2, Double(t)))
      let decay = s.rule == .adamw || s.rule == .lazyAdamW ? s.weightDecay * theta : 0
      theta -= s.learningRate * (first / (second.squareRoot() + s.epsilon) + decay)
    }
  }

  static func run(_ optimiser: Optimiser, _ parameters: FloatBuffer, _ steps: [(rows: [UInt32], gradient: [Float])]) {
    for step in steps {
      step.rows.withUnsafeBufferPointer {
        optimiser.catchUp(parameters, rows: $0, dimension: width)
        optimiser.step(parameters, rows: $0, gradient: FloatBuffer(step.gradient), dimension: width)
      }
    }
    optimiser.catchUp(parameters, dimension: width)
  }

  /// The rule in double precision, step by step: on every row, or on the touched ones.
  static func reference(_ settings: Optimiser.Settings, _ steps: [(rows: [UInt32], gradient: [Float])])
    -> (theta: [Double], moments: [[Double]])
  {
    var theta = start.doubles
    var (a, b) = ([Double](repeating: 0, count: theta.count), [Double](repeating: 0, count: theta.count))
    for (number, step) in steps.enumerated() {
      var dense = [Double](repeating: 0, count: theta.count)
      for (k, row) in step.rows.enumerated() {
        for x in 0..<width { dense[Int(row) * width + x] = Double(step.gradient[k * width + x]) }
      }
      let touched = settings.rule.isSparse ? Set(step.rows) : nil
      for k in theta.indices where touched?.contains(UInt32(k / width)) != false {
        update(settings, step: number + 1, &theta[k], &a[k], &b[k], dense[k])
      }
    }
    return (theta, [a, b])
  }

  @Test(arguments: all) func formula(_ settings: Settings) {
    let parameters = Self.start
    let optimiser = Optimiser(settings.values, parameters: parameters.count, dimension: Self.width)
    Self.run(optimiser, parameters, Self.steps)
    let (theta, moments) = Self.reference(settings.values, Self.steps)
    #expect(optimiser.steps == 5)
    #expect(Dense.distance(parameters.doubles, theta) < 3e-6)
    for (own, expected) in zip(optimiser.moments, moments) { #expect(Dense.distance(own.doubles, expected) < 3e-6) }
  }

  /// Rows that are touched now and then, over far more steps than a moment lasts: catching up in one pass is moving at
  /// every step.
  @Test(arguments: [Optimiser.Rule.momentum, .adam, .adamw], [0.7, 0.9, 0.995]) func rowsThatFallBehind(
    _ rule: Optimiser.Rule, beta1: Double
  ) {
    var settings = Optimiser.Settings(rule: rule, learningRate: 1e-3)
    (settings.weightDecay, settings.beta1, settings.momentum) = (0.01, beta1, beta1)
    let steps = (0..<1500).map { step in
      let rows = (0..<UInt32(Self.rows)).filter { (step + Int($0)) % (Int($0) + 1) == 0 }
      let gradient = FloatBuffer(count: rows.count * Self.width)
      gradient.fillNormal(RandomStream(seed: 4, "gradient", String(step)))
      gradient.scale(by: 1e-4)
      return (rows: rows, gradient: gradient.floats)
    }
    let parameters = Self.start
    let optimiser = Optimiser(settings, parameters: parameters.count, dimension: Self.width)
    Self.run(optimiser, parameters, steps)
    let (theta, moments) = Self.reference(settings, steps)
    // Steps in single precision round alike again and again (AdamW: θ − 10⁻⁵θ): up to half a unit in the last place each.
    #expect(Dense.distance(parameters.doubles, theta) < 5e-5)
    let behind = 50 * Self.width  // from here on rows are touched every 51st step at most
    let moved = Dense.distance(Self.start.doubles.dropFirst(behind) + [], theta.dropFirst(behind) + [])
    #expect(moved > (rule == .momentum ? 1e-6 : 1e-3))
    let error = Dense.distance(parameters.doubles.dropFirst(behind) + [], theta.dropFirst(behind) + [])
    #expect(error < 3e-6, "moved by \(moved)")
    for (own, expected) in zip(optimiser.moments, moments) { #expect(Dense.distance(own.doubles, expected) < 1e-5) }
  }

  /// What a checkpoint of an unfinished epoch holds, and what a resumed run goes on from.
  @Test func upToDateCopiesAndAges() throws {
    try Machine.steadily {
      let settings = Settings(rule: .adam).values
      func begun() -> (Optimiser, ParameterVector) {
        let layout = ParameterLayout([("table", [Self.rows, Self.width], .rows)])
        let parameters = ParameterVector(layout: layout, storage: Self.start)
        let optimiser = Optimiser(settings, parameters: parameters.count, dimension: Self.width)
        for step in Self.steps {
          step.rows.withUnsafeBufferPointer {
            optimiser.catchUp(parameters.storage, rows: $0, dimension: Self.width)
            optimiser.step(
              parameters.storage, rows: $0, gradient: FloatBuffer(step.gradient), dimension: Self.width)
          }
        }
        return (optimiser, parameters)
      }
      let (optimiser, parameters) = begun()
      let before = parameters.storage.floats
      let settled = optimiser.upToDate(parameters, dimension: Self.width)
      #expect(parameters.storage.floats == before && settled.storage.floats != before)
      let (other, same) = begun()
      let copy = Optimiser(settings, parameters: same.count, dimension: Self.width)
      for (to, from) in zip(copy.moments, other.moments) { to.assign(from) }
      copy.steps = other.steps
      let ages = try #require(other.ages)
      #expect(copy.restore(ages: ages))
      copy.catchUp(same.storage, dimension: Self.width)
      #expect(same.storage.floats == settled.storage.floats)
      ages[3] = 100
      #expect(!copy.restore(ages: ages), "more steps than there were")
      optimiser.catchUp(parameters.storage, dimension: Self.width)
      #expect(parameters.storage.floats == settled.storage.floats)
    }
  }

  /// Lazy rules leave the rows and moments of other batches alone; the full rules move every row.
  @Test(arguments: all) func untouchedRows(_ settings: Settings) {
    let parameters = Self.start
    let optimiser = Optimiser(settings.values, parameters: parameters.count, dimension: Self.width)
    let first: (rows: [UInt32], gradient: [Float]) = (
      (0..<UInt32(Self.rows)).map { $0 }, [Float](repeating: 1, count: Self.rows * Self.width)
    )
    Self.run(optimiser, parameters, [first])
    let (before, moments) = (parameters.floats, optimiser.moments.map(\.floats))
    Self.run(optimiser, parameters, [([3, 599], [Float](repeating: 2, count: 2 * Self.width))])
    let moved = Set((0..<before.count).filter { parameters[$0] != before[$0] }.map { $0 / Self.width })
    #expect(moved == (settings.rule.isSparse ? [3, 599] : Set(0..<Self.rows)))
    for (now, then) in zip(optimiser.moments, moments) {
      let changed = Set((0..<then.count).filter { now[$0] != then[$0] }.map { $0 / Self.width })
      #expect(settings.rule.isSparse ? changed == [3, 599] : changed.isSuperset(of: [3, 599]))
    }
  }

  @Test(arguments: all) func sameBytesOnAnyThreads(_ settings: Settings) {
    let results = onThreads {
      let parameters = Self.start
      Self.run(Optimiser(settings.values, parameters: parameters.count, dimension: Self.width), parameters, Self.steps)
      return parameters.floats.map(\.bitPattern)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test(arguments: all) func recordedHyperparameters(_ settings: Settings) {
    let recorded = Optimiser(settings.values, parameters: 5, dimension: Self.width).hyperparameters
    #expect(recorded["optimizer"]?.string == settings.rule.rawValue)
    #expect(recorded["learning_rate"]?.double == 0.05)
    #expect((recorded["weight_decay"] != nil) == (settings.rule == .adamw || settings.rule == .lazyAdamW))
    #expect((recorded["momentum"] != nil) == (settings.rule == .momentum || settings.rule == .lazyMomentum))
    #expect((recorded["beta1"] != nil) == settings.rule.rawValue.contains("adam"))
  }
}
