import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Training

/// What every backbone owes the trainer, with every objective.
@Suite struct BackboneContractTests {
  static let names = Backbones.names

  /// A pair that fails is named by both.
  struct Pair: CustomTestStringConvertible {
    let backbone: String
    let objective: ObjectiveKind
    var testDescription: String { "\(backbone) with \(objective.rawValue)" }
  }

  static let pairs = names.flatMap { name in ObjectiveKind.allCases.map { Pair(backbone: name, objective: $0) } }

  let data = TrainingData()

  func model(_ name: String) throws -> any Backbone {
    let train = data.dataset.train
    return try Backbones.named(name).init(
      BackboneContext(users: train.users, items: train.items, dimension: 6, train: train))
  }

  func settings(_ pair: Pair, epochs: Int) -> TrainingSettings {
    var settings = TrainingData.settings(pair.objective, .adam, epochs: epochs)
    (settings.batchSize, settings.rho) = (600, 0.02)  // every row of a graph model is perturbed in every batch
    (settings.initialisation, settings.mu) = (.xavier, 0.02)
    return settings
  }

  func trainer(_ pair: Pair, epochs: Int) throws -> Trainer {
    try Trainer(
      model: try model(pair.backbone), dataset: data.dataset, settings: settings(pair, epochs: epochs))
  }

  // MARK: - Derivatives of the batch loss

  /// A batch of the trainer at its first parameters.
  func batch(_ name: String, deviation: Double = 0.5) throws -> (any TrainingBatch, ParameterVector) {
    let trainer = try trainer(Pair(backbone: name, objective: .bpr), epochs: 1)
    let parameters = trainer.model.initialParameters(.normal(deviation: deviation), seed: 5)
    trainer.sampler.begin(epoch: 1)
    trainer.sampler.batch(0..<300) { trainer.batch.number($0) }
    trainer.batch.begin(parameters, stream: RandomStream(seed: 6))
    return (trainer.batch, parameters)
  }

  func direction(_ count: Int, _ label: String) -> FloatBuffer {
    let result = FloatBuffer(count: count)
    result.fillNormal(RandomStream(seed: 7, label))
    return result
  }

  func moved(_ point: FloatBuffer, _ t: Double, _ direction: FloatBuffer) -> FloatBuffer {
    let result = FloatBuffer(count: point.count)
    result.set(point, plus: t, times: direction)
    return result
  }

  /// The median over directions, for the best of two steps: the smaller is lost in rounding where gradients are small, the
  /// larger where the loss jumps, as noise does that takes its sign from what it is added to.
  @Test(arguments: names) func gradientIsTheDerivative(_ name: String) throws {
    let (batch, _) = try batch(name)
    let gradient = FloatBuffer(count: batch.point.count)
    let scratch = FloatBuffer(count: gradient.count)
    _ = batch.gradient(at: batch.point, into: gradient)
    #expect(gradient.norm > 1e-4)
    let errors = [1e-4, 1e-5].map { h in
      (0..<7).map { number in
        let v = direction(gradient.count, "v\(number)")
        let ahead = batch.gradient(at: moved(batch.point, h, v), into: scratch)
        let expected = (ahead - batch.gradient(at: moved(batch.point, -h, v), into: scratch)) / (2 * h)
        let size = gradient.norm * v.norm / Double(gradient.count).squareRoot()
        return abs(gradient.dot(v) - expected) / size
      }.sorted()[3]
    }
    #expect(min(errors[0], errors[1]) < 0.02, "\(errors)")
  }

  /// The L2 term is that of the drawn triplets' base rows, whatever the model makes of its negatives.
  @Test(arguments: names) func l2OfTheBatch(_ name: String) throws {
    let trainer = try trainer(Pair(backbone: name, objective: .bpr), epochs: 1)
    let parameters = trainer.model.initialParameters(.normal(deviation: 0.5), seed: 5)
    trainer.sampler.begin(epoch: 1)
    let (users, items) = (trainer.model.users, trainer.model.items)
    for count in [300, 7, 300] {  // a smaller batch leaves nothing of the one before
      let triplets = trainer.sampler.batch(0..<count) { t in
        trainer.batch.number(t)
        func array(_ values: UnsafePointer<UInt32>) -> [UInt32] { (0..<count).map { values[$0] } }
        return TripletSet(
          users: users, items: items, user: array(t.user), positive: array(t.positive), negative: array(t.negative))
      }
      trainer.batch.begin(parameters, stream: RandomStream(seed: 6))
      let penalty = L2Penalty(lambda: 0.3, triplets: triplets, dimension: trainer.model.baseWidth)
      let expected = ParameterVector(layout: trainer.model.layout)
      penalty.addGradient(at: parameters, into: expected)
      let found = trainer.batch.workspace(0)
      found.fill(0)
      #expect(abs(trainer.batch.addL2(0.3, into: found) - penalty.value(at: parameters)) < 1e-5)
      var full = [Double](repeating: 0, count: parameters.count)
      let width = trainer.model.baseWidth
      for (local, row) in trainer.batch.rows.enumerated() {
        for x in 0..<width { full[Int(row) * width + x] = Double(found[local * width + x]) }
      }
      #expect(Dense.relativeDistance(full, expected.storage.doubles) < 1e-5)
    }
  }

  /// The median over directions, with a small step: where an activation changes its sign on the way, the gradient jumps.
  @Test(arguments: names) func hessianProductIsTheDerivativeOfTheGradient(_ name: String) throws {
    let (batch, _) = try batch(name)
    let count = batch.point.count
    let (ahead, behind, product) = (FloatBuffer(count: count), FloatBuffer(count: count), FloatBuffer(count: count))
    let h = 5e-6
    let errors = (0..<7).map { number in
      let v = direction(count, "v\(number)")
      _ = batch.gradient(at: moved(batch.point, h, v), into: ahead)
      _ = batch.gradient(at: moved(batch.point, -h, v), into: behind)
      ahead.add(-1, behind)
      ahead.scale(by: 1 / (2 * h))
      _ = batch.gradient(at: batch.point, into: behind)
      batch.hessianProduct(v, into: product)
      ahead.add(-1, product)
      return ahead.norm / product.norm
    }
    #expect(errors.sorted()[3] < 0.02, "\(errors)")
  }

  @Test(arguments: names) func hessianIsSymmetric(_ name: String) throws {
    let (batch, _) = try batch(name)
    let count = batch.point.count
    let (u, v) = (direction(count, "u"), direction(count, "v"))
    let (hu, hv, gradient) = (FloatBuffer(count: count), FloatBuffer(count: count), FloatBuffer(count: count))
    _ = batch.gradient(at: batch.point, into: gradient)
    batch.hessianProduct(u, into: hu)
    batch.hessianProduct(v, into: hv)
    #expect(abs(u.dot(hv) - v.dot(hu)) < 1e-4 * hv.norm * u.norm)
  }

  // MARK: - Runs

  @Test(arguments: pairs) func sameBytesOnAnyThreads(_ pair: Pair) throws {
    let results = try onThreads {
      let trainer = try trainer(pair, epochs: 2)
      #expect(try trainer.run() == .finished)
      return trainer.bits
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// The data loss on the final tables falls, and the share of triplets whose negative is scored above the positive by a
  /// tenth at least. (The loss alone says little where a contrastive term keeps rows short or negatives are hard.)
  @Test(arguments: pairs) func learns(_ pair: Pair) throws {
    let trainer = try trainer(pair, epochs: 12)
    let triplets = NegativeSampler(known: data.dataset.train).triplets(for: data.dataset.train, seed: 9, set: 0)
      .triplets
    let loss = trainer.model.loss(over: triplets)
    let (before, wrong) = (loss.value(at: trainer.parameters), wrongShare(trainer, triplets))
    _ = try trainer.run()
    #expect(loss.value(at: trainer.parameters) < before)
    #expect(wrongShare(trainer, triplets) < wrong * 0.9, "of \(wrong)")
  }

  private func wrongShare(_ trainer: Trainer, _ triplets: TripletSet) -> Double {
    let tables = trainer.model.finalTables(trainer.parameters)
    func score(_ user: UInt32, _ item: UInt32) -> Double {
      (0..<tables.dimension).reduce(0) { sum, x in
        sum + Double(tables.userTable[Int(user) * tables.dimension + x])
          * Double(tables.itemTable[Int(item) * tables.dimension + x])
      }
    }
    let wrong = (0..<triplets.count).count { t in
      score(triplets.user[t], triplets.negative[t]) > score(triplets.user[t], triplets.positive[t])
    }
    return Double(wrong) / Double(triplets.count)
  }

  /// A run that stops inside an epoch and is taken up leaves the bytes of one that did not.
  @Test(arguments: pairs) func resumes(_ pair: Pair) throws {
    let folder = try TemporaryFolder()
    func run(_ name: String, stop: Int) throws -> Data {
      let run = RunFolder(path: folder.path(name))
      try run.create(for: data.dataset)
      let first = try trainer(pair, epochs: 3)
      var batches = 0
      var observer = Trainer.Observer()
      observer.batch = { _, _, _ in batches += 1 }
      observer.shouldStop = { batches >= stop }
      let outcome = try first.run(observer)
      try first.save(to: run, version: "1", finished: outcome != .interrupted)
      if outcome == .interrupted {
        let second = try trainer(pair, epochs: 3)
        try second.resume(from: run)
        #expect(try second.run() == .finished)
        try second.save(to: run, version: "1", finished: true)
      }
      return try Data(contentsOf: URL(fileURLWithPath: run.checkpoint))
    }
    try Machine.steadily {
      let whole = try run("whole", stop: .max)
      #expect(try run("parts", stop: 4) == whole)
    }
  }

  /// A checkpoint says enough to make the same model again.
  @Test(arguments: names) func checkpointMakesTheModelAgain(_ name: String) throws {
    try Machine.steadily {
      let folder = try TemporaryFolder()
      let trainer = try trainer(Pair(backbone: name, objective: .bpr), epochs: 1)
      _ = try trainer.run()
      let run = RunFolder(path: folder.path("run"))
      try run.create(for: data.dataset)
      try trainer.save(to: run, version: "1", finished: true)
      let checkpoint = try Checkpoint.read(path: run.checkpoint)
      let model = try checkpoint.model(
        Backbones.named(checkpoint.metadata?.backbone ?? ""), train: data.dataset.train)
      #expect(type(of: model).name == name)
      #expect(model.hyperparameters == trainer.model.hyperparameters)
      let parameters = try checkpoint.parameters(for: model.layout)
      let own = trainer.model.finalTables(trainer.parameters).storage
      #expect(model.finalTables(parameters).storage.floats == own.floats)
    }
  }
}
