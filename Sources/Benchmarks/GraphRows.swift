import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Training

/// LightGCN at its published sizes, d = 64 and three layers, on the graph of the train split.
enum GraphRows {
  static var all: [Row] {
    [
      Row(
        name: "spmm", work: "one product of the normalised adjacency with a table of width \(width)",
        unit: "non-zeros", prepare: product),
      Row(
        name: "lightgcn-steps", work: "\(stepCount) steps of LightGCN with Adam, batch \(Setting.batch)", unit: "steps",
        prepare: steps),
      Row(
        name: "lightgcn-gradient", work: "full-batch gradient through \(layers) layers", unit: "triplets",
        prepare: gradient),
      Row(
        name: "lightgcn-hvp", work: "one Hessian–vector product through \(layers) layers", unit: "products",
        prepare: hessianProduct),
      Row(
        name: "lightgcn-surface-2d",
        work: "51 × 51 exact points of LightGCN after loading: triplets, directions, surface",
        unit: "softplus terms", prepare: surface),
    ]
  }

  private static let (width, layers, stepCount) = (64, 3, 20)

  private static func model(_ setting: Setting) -> LightGCN {
    LightGCN(BipartiteGraph(setting.dataset.train), dimension: width, layers: layers)
  }

  private static func parameters(_ model: LightGCN) -> ParameterVector {
    model.initialParameters(.normal(deviation: 0.1), seed: Setting.seed)
  }

  /// E entries, N nodes: 2Ed flops; a row gathered for each entry, the entries streamed, N rows written.
  private static func cost(_ model: LightGCN) -> Cost {
    let (entries, row) = (Double(model.propagation.graph.adjacency.count), Double(4 * width))
    return Cost(
      flops: 2 * entries * Double(width), streamed: 8 * entries + Double(model.propagation.graph.nodes) * row,
      gathered: entries * row)
  }

  private static func product(_ setting: Setting) -> Work {
    let model = model(setting)
    let (x, out) = (parameters(model).storage, FloatBuffer(count: model.propagation.count))
    let adjacency = model.propagation.graph.adjacency
    return Work(amount: Double(adjacency.count), cost: cost(model), note: "value: norm of the product") {
      adjacency.multiply(SparseMatrix.Table(x), width: width, into: out)
      return { out.norm }
    }
  }

  private static func steps(_ setting: Setting) throws -> Work {
    var settings = TrainingSettings()
    settings.dimension = width
    settings.batchSize = Setting.batch
    settings.l2 = Setting.l2
    settings.optimiser = Optimiser.Settings(rule: .adam, learningRate: Setting.learningRate)
    settings.epochs = 10_000_000  // as many as are asked for
    var dataset = setting.dataset
    (dataset.validation, dataset.test) = (nil, nil)  // nothing to evaluate
    let model = model(setting)
    let trainer = try Trainer(model: model, dataset: dataset, settings: settings)
    // Two products forward and two backward are whole, the last and the first of them are of the batch's rows.
    let moved = Double(7 * 4 * model.propagation.count)  // θ, m and v read and written, the gradient read
    return Work(
      amount: Double(stepCount), cost: Double(stepCount) * (4 * cost(model) + Cost(streamed: moved)),
      note: "the sampling of an epoch's triplets falls to its first step; value: ‖θ‖"
    ) { [interrupts = setting.interrupts] in
      var done = 0
      var observer = Trainer.Observer()
      observer.batch = { _, _, _ in done += 1 }
      observer.shouldStop = { done >= stepCount || interrupts.isRequested }
      _ = try trainer.run(observer)
      try interrupts.check()
      return { trainer.parameters.storage.norm }
    }
  }

  private static func loss(_ model: LightGCN, _ setting: Setting) throws -> LandscapeLoss {
    try LandscapeLoss(model, dataset: setting.dataset, seed: Setting.seed)
  }

  private static func gradient(_ setting: Setting) throws -> Work {
    let model = model(setting)
    let (loss, parameters) = (try loss(model, setting), parameters(model))
    let gradient = ParameterVector(layout: model.layout)
    return Work(amount: Double(loss.triplets[0].count), note: "value: norm of the gradient") {
      _ = loss.first.gradient(at: parameters, into: gradient)
      return { gradient.storage.norm }
    }
  }

  private static func hessianProduct(_ setting: Setting) throws -> Work {
    let model = model(setting)
    let (loss, parameters) = (try loss(model, setting), parameters(model))
    let hessian = loss.first.hessian(at: parameters)
    let vector = try DirectionSet.make(.filter, count: 1, for: parameters, seed: Setting.seed).directions[0].storage
    let result = FloatBuffer(count: vector.count)
    return Work(amount: 1, note: "slopes and curvatures found before; value: norm of H·direction") {
      hessian.apply(vector, into: result)
      return { result.norm }
    }
  }

  private static func surface(_ setting: Setting) throws -> Work {
    let axes = try GridAxes(range: "1", points: "51", dimensions: 2)
    let model = model(setting)
    let parameters = parameters(model)
    let terms = Double(axes.count) * Double(setting.dataset.train.count)
    return Work(amount: terms, note: "nothing is kept from run to run; value: the loss at the centre") {
      [interrupts = setting.interrupts] in
      let loss = try loss(model, setting)
      let directions = try DirectionSet.make(.filter, count: 2, for: parameters, seed: Setting.seed)
      let computation = SurfaceComputation(loss: loss, parameters: parameters, directions: directions, axes: axes)
      guard let surface = computation.exact(shouldStop: { interrupts.isRequested }) else { throw Interrupts.Stop() }
      return { surface.loss[surface.loss.count / 2] }
    }
  }
}
