import Landscape
import LinearAlgebra
import Recommenders

/// Loss surfaces, from loaded data and checkpoint to the written file.
enum SurfaceRows {
  static var all: [Row] {
    [
      Row(
        name: "surface-2d",
        work: "51 × 51 points after loading: triplets, two directions, the exact surface with its L2 term, the file",
        unit: "softplus terms", counterparts: ["surface-2d-points", "surface-2d-quadratic"]
      ) { try surface(2, $0) },
      Row(
        name: "surface-3d", work: "51 × 51 × 51 points, as surface-2d", unit: "softplus terms", isLong: true,
        warmUps: 0
      ) { try surface(3, $0) },
      Row(
        name: "lines", work: "\(lineCount) random directions: drawn, filter-normalised, 101 exact points each",
        unit: "lines", isLong: true, prepare: lines),
    ]
  }

  private static let lineCount = 100

  private static func surface(_ dimensions: Int, _ setting: Setting) throws -> Work {
    let axes = try GridAxes(range: "1", points: "51", dimensions: dimensions)
    let path = setting.folder.file("surface-\(dimensions)d.safetensors")
    let terms = Double(axes.count) * Double(try setting.loss().triplets[0].count)
    return Work(
      amount: terms, cost: try cost(setting, dimensions: dimensions, points: axes.count),
      note: "nothing is kept from run to run; value: the loss at the centre"
    ) { [interrupts = setting.interrupts] in
      let loss = try LandscapeLoss(setting.model, dataset: setting.dataset, seed: Setting.seed)
      let directions = try DirectionSet.make(
        .filter, count: dimensions, for: setting.parameters, seed: Setting.seed)
      let l2 = L2Penalty(lambda: Setting.l2, triplets: loss.triplets[0], dimension: setting.dimension)
      let computation = SurfaceComputation(
        loss: loss, parameters: setting.parameters, directions: directions, axes: axes, l2: l2)
      guard let surface = computation.exact(shouldStop: { interrupts.isRequested }) else { throw Interrupts.Stop() }
      try surface.write(to: path)
      return { surface.loss[surface.loss.count / 2] }
    }
  }

  private static func lines(_ setting: Setting) throws -> Work {
    let axes = try GridAxes(range: "1", points: "101", dimensions: 1)
    let loss = try setting.loss()
    let one = try cost(setting, dimensions: 1, points: axes.count)
    return Work(
      amount: Double(lineCount), cost: Double(lineCount) * one, note: "value: the mean loss at the ends"
    ) { [interrupts = setting.interrupts] in
      var ends = 0.0
      for number in 0..<lineCount {
        let directions = try DirectionSet.make(
          .filter, count: 1, for: setting.parameters, seed: Setting.seed + UInt64(number))
        let computation = SurfaceComputation(
          loss: loss, parameters: setting.parameters, directions: directions, axes: axes)
        guard let line = computation.exact(shouldStop: { interrupts.isRequested }) else { throw Interrupts.Stop() }
        ends += line.loss[0] + line.loss[line.loss.count - 1]
      }
      return { ends / Double(2 * lineCount) }
    }
  }

  /// k directions, n triplets, p points, k' = k + 1 tables of P bytes (the origin's and the directions'):
  /// - coefficients: k'² products of d terms a triplet and the k' differences of item rows, 2k'²d + k'd flops; 2k' item
  ///   rows gathered; the user rows of every table pass once.
  /// - directions: written, read for the norms and written again, 3kP.
  /// - grid: 25 flops for each triplet and point: 4 for the polynomial, 16 for the exponential, 5 to add up.
  private static func cost(_ setting: Setting, dimensions k: Int, points: Int) throws -> Cost {
    let n = Double(try setting.loss().triplets[0].count)
    let (tables, d) = (Double(k + 1), Double(setting.dimension))
    let users = Double(setting.dataset.users) * setting.rowBytes
    return Cost(
      flops: n * (2 * tables * tables * d + tables * d) + 25 * n * Double(points),
      streamed: tables * users + 3 * Double(k) * setting.tableBytes, gathered: 2 * tables * n * setting.rowBytes)
  }
}
