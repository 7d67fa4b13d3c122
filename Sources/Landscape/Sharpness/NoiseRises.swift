import LinearAlgebra
import Recommenders

/// How the loss rises under noise, for any number of σ at once.
struct NoiseRises {
  struct Rung {
    let sigma: Double
    /// ½[L(θ + σn) + L(θ − σn)] − L(θ) of each noise.
    let rises: [Double]

    var mean: Double { rises.reduce(0, +) / Double(rises.count) }
  }

  let loss: any LossFunction
  let parameters: ParameterVector
  let draws: NoiseDraws
  let pairs: Int

  /// One pass over the noises: each is drawn, and its line asked for all σ; none is kept. nil when stopped.
  func rungs(at sigmas: [Double], _ shouldStop: () -> Bool) -> [Rung]? {
    let draw = ParameterVector(layout: parameters.layout)
    var rises: [[Double]] = []  // (pairs, σ)
    for number in 0..<pairs {
      if shouldStop() { return nil }
      draws.fill(number, into: draw)
      let line = RisingLine(loss.line(from: parameters, along: draw))
      let both = line.rises(at: sigmas + sigmas.map { -$0 })
      rises.append(sigmas.indices.map { (both[$0] + both[$0 + sigmas.count]) / 2 })
    }
    return sigmas.indices.map { place in Rung(sigma: sigmas[place], rises: rises.map { $0[place] }) }
  }
}
