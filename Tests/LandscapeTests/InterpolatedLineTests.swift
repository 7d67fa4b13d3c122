import Foundation
import LinearAlgebra
import Recommenders
import Synchronization
import Testing

@testable import Landscape

/// Lines whose every position is an evaluation of the model, against the same ones in closed form.
@Suite struct InterpolatedLineTests {
  /// A loss whose lines move the parameters; counts its evaluations.
  final class Moved: LossFunction {
    let loss: any LossFunction
    let evaluations = Atomic(0)

    init(_ loss: any LossFunction) { self.loss = loss }

    var layout: ParameterLayout { loss.layout }
    var terms: Int { loss.terms }
    func value(at parameters: ParameterVector) -> Double {
      evaluations.add(1, ordering: .relaxed)
      return loss.value(at: parameters)
    }
    func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double {
      loss.gradient(at: parameters, into: gradient)
    }
    func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator {
      loss.hessian(at: parameters, part: part)
    }
    func restricted(to terms: [Int]) -> any LossFunction { loss.restricted(to: terms) }
  }

  /// Crossings within ±2 lie on the curve's own stretch, those beyond on others.
  @Test(arguments: [0.02, 0.5, 4]) func `widths are those of the closed form, from less than half of the evaluations`(
    share: Double
  ) throws {
    let data = SmallData(users: 200, items: 150, dimension: 8, deviation: 0.3)
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 1).first
    let moved = Moved(loss)
    func measure(_ loss: any LossFunction) throws -> RiseWidth {
      try #require(
        RiseWidth.measure(loss, at: data.parameters, threshold: .relative(share), directions: 8, seed: 3))
    }
    let (exact, interpolated) = (try measure(loss), try measure(moved))
    #expect(exact.miss == 0 && interpolated.miss > 0 && interpolated.miss <= 1e-3)
    let crossings = exact.sides.flatMap { [$0.plus, $0.minus] }.compactMap(\.self)
    #expect(crossings.count == 16 && crossings.allSatisfy { ($0 < 2) == (share < 0.1) })
    for (a, b) in zip(exact.sides, interpolated.sides) {
      for (one, other) in [(a.plus, b.plus), (a.minus, b.minus)] {
        #expect((one == nil) == (other == nil))
        if let one, let other { #expect(abs(other / one - 1) < 3e-3) }
      }
    }
    for (a, b) in zip(exact.curves.joined(), interpolated.curves.joined()) {
      #expect(abs(a - b) <= 2e-3 * max(exact.rise, abs(a)))
    }
    let pointByPoint = 8 * (81 + 2 * 32)
    #expect(moved.evaluations.load(ordering: .relaxed) * 2 < pointByPoint)
  }

  /// A line of any shape.
  struct Shape: LossLine {
    let f: @Sendable (Double) -> Double
    var isPointByPoint: Bool { true }
    func values(at positions: [Double]) -> [Double] { positions.map(f) }
  }

  @Test func `what cannot be interpolated is evaluated`() {
    let steps = Shape { $0.rounded() }
    let line = InterpolatedLine(steps, over: -2...2, rise: 1)
    let positions = RiseWidth.standardAxis + [7, -30]
    #expect(!line.isSmooth && line.values(at: positions) == steps.values(at: positions) && line.miss == 0)
    let far = InterpolatedLine(steps, over: nil, rise: 1)
    let stretch = (0..<20).map { 3 + Double($0) / 7 }
    #expect(far.isSmooth && far.values(at: stretch) == steps.values(at: stretch) && !far.isSmooth)
    // Smooth near 0, a wall further on: one stretch is interpolated, the rest is not.
    let wall = InterpolatedLine(Shape { $0 > 3 ? .infinity : $0 * $0 }, over: -2...2, rise: 1)
    let values = wall.values(at: [1.5, 3.5])
    #expect(abs(values[0] - 2.25) < 1e-12 && values[1] == .infinity)
    let crossing = RisingLine(wall).crossings(of: 7, upTo: 100, known: [])
    #expect(
      abs((crossing[0] ?? .nan) - 7.0.squareRoot()) < 1e-3 && abs((crossing[1] ?? .nan) - 7.0.squareRoot()) < 1e-3)
  }
}
