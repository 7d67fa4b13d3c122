import Landscape
import LinearAlgebra
import Recommenders

/// The full-batch gradient, and what is made of Hessian–vector products.
enum CurvatureRows {
  static var all: [Row] {
    [
      Row(name: "gradient", work: "full-batch gradient", unit: "triplets", prepare: gradient),
      Row(name: "hvp", work: "one Hessian–vector product", unit: "products") { try products(1, $0) },
      Row(
        name: "hvp-block", work: "\(blockSize) Hessian–vector products in one block", unit: "products", baseline: "hvp"
      ) { try products(blockSize, $0) },
      Row(
        name: "lambda-max", work: "λ_max by \(iterations) Lanczos iterations", unit: "products", isLong: true,
        prepare: largestEigenvalue),
      Row(
        name: "trace", work: "trace by Hutchinson, \(probes) Rademacher probes in blocks of \(blockSize)",
        unit: "products", isLong: true,
        prepare: trace),
      Row(
        name: "density", work: "spectral density of one start vector, \(steps) Lanczos steps", unit: "products",
        isLong: true, prepare: density),
    ]
  }

  private static let (blockSize, iterations, probes, steps) = (8, 20, 20, 30)

  private static func gradient(_ setting: Setting) throws -> Work {
    let loss = try setting.loss()
    let gradient = ParameterVector(layout: setting.model.layout)
    let n = Double(loss.triplets[0].count)
    return Work(amount: n, cost: gradientCost(setting, n), note: "value: norm of the gradient") {
      _ = loss.first.gradient(at: setting.parameters, into: gradient)
      return { gradient.storage.norm }
    }
  }

  private static func products(_ count: Int, _ setting: Setting) throws -> Work {
    let loss = try setting.loss()
    let hessian = loss.first.hessian(at: setting.parameters)
    let vectors = try (0..<count).map { number in
      try DirectionSet.make(.filter, count: 1, for: setting.parameters, seed: Setting.seed + UInt64(number))
        .directions[0].storage
    }
    let results = vectors.map { FloatBuffer(count: $0.count) }
    return Work(
      amount: Double(count), cost: Double(count) * productCost(setting, Double(loss.triplets[0].count)),
      note: "slopes and curvatures found before; value: norm of H·direction 1"
    ) {
      hessian.apply(vectors, into: results)
      return { results[0].norm }
    }
  }

  private static func largestEigenvalue(_ setting: Setting) throws -> Work {
    var lanczos = Lanczos()
    lanczos.smallest = 0
    lanczos.tolerance = 0  // no early end
    lanczos.maximumProducts = iterations
    return try run(lanczos, setting, note: "the Hessian's slopes included; value: λ_max") { $0.largest.first?.value }
  }

  private static func density(_ setting: Setting) throws -> Work {
    var lanczos = Lanczos()
    lanczos.basisSize = steps
    lanczos.maximumProducts = steps
    lanczos.tolerance = 0
    (lanczos.largest, lanczos.smallest) = (steps, 0)
    return try run(lanczos, setting, note: "full reorthogonalisation; value: the smallest node") {
      $0.largest.last?.value
    }
  }

  private static func run(
    _ lanczos: Lanczos, _ setting: Setting, note: String, value: @escaping (Lanczos.Result) -> Double?
  ) throws -> Work {
    let loss = try setting.loss()
    var lanczos = lanczos
    lanczos.shouldStop = { [interrupts = setting.interrupts] in interrupts.isRequested }
    let products = Double(lanczos.maximumProducts)
    let basis = Double(min(lanczos.basisSize, lanczos.maximumProducts))
    // A new vector meets (basis / 2) others on the average, once to be measured and once to be subtracted.
    let orthogonal = Cost(flops: 4 * basis / 2 * setting.tableBytes / 4, streamed: 2 * basis / 2 * setting.tableBytes)
    return Work(
      amount: products,
      cost: products * (productCost(setting, Double(loss.triplets[0].count)) + orthogonal), note: note
    ) { [lanczos] in
      let result = lanczos.run(
        loss.first.hessian(at: setting.parameters), start: RandomStream(seed: Setting.seed, "lanczos"))
      try setting.interrupts.check()
      return { value(result) }
    }
  }

  private static func trace(_ setting: Setting) throws -> Work {
    let loss = try setting.loss()
    let cost = productCost(setting, Double(loss.triplets[0].count)) + Cost(streamed: 3 * setting.tableBytes)
    return Work(
      amount: Double(probes), cost: Double(probes) * cost, note: "the Hessian's slopes included; value: the trace"
    ) {
      let hessian = loss.first.hessian(at: setting.parameters)
      let block = (0..<blockSize).map { _ in
        (probe: FloatBuffer(count: hessian.dimension), product: FloatBuffer(count: hessian.dimension))
      }
      var sum = 0.0
      for first in stride(from: 0, to: probes, by: blockSize) {
        try setting.interrupts.check()
        let part = block.prefix(probes - first)
        for (place, pair) in part.enumerated() {
          fillSigns(pair.probe, RandomStream(seed: Setting.seed, "probe", String(first + place)))
        }
        hessian.apply(part.map(\.probe), into: part.map(\.product))
        sum += part.reduce(0) { $0 + $1.probe.dot($1.product) }
      }
      return { [sum] in sum / Double(probes) }
    }
  }

  /// ±1 by the bits of a stream's words.
  private static func fillSigns(_ vector: FloatBuffer, _ stream: RandomStream) {
    nonisolated(unsafe) let target = vector.pointer  // disjoint ranges
    Parallel.chunks(of: 1 << 14, in: vector.count) { _, range in
      var word: UInt64 = 0
      for place in range {
        word = place % 64 == 0 ? stream.word(at: UInt64(place / 64)) : word >> 1
        target[place] = word & 1 == 0 ? 1 : -1
      }
    }
  }

  /// n triplets, rows of R bytes. Users: two scores and two rows added, 8nd flops, 2nR gathered (the second visit finds
  /// the rows in the cache). Items: two rows added, 4nd, 2nR gathered. Tables pass once: P read, P written.
  private static func gradientCost(_ setting: Setting, _ n: Double) -> Cost {
    Cost(
      flops: 12 * n * Double(setting.dimension), streamed: 2 * setting.tableBytes, gathered: 4 * n * setting.rowBytes)
  }

  /// The same with the rows of the vector beside those of the tables: everything twice, 24nd flops, 8nR gathered.
  private static func productCost(_ setting: Setting, _ n: Double) -> Cost {
    Cost(
      flops: 24 * n * Double(setting.dimension), streamed: 3 * setting.tableBytes, gathered: 8 * n * setting.rowBytes)
  }
}
