import CKernels
import Foundation
import TestSupport
import Testing

/// lk_bpr: softplus(−x) and its derivatives, margin by margin.
@Suite struct ScalarLossTests {
  struct Values {
    var total: Double
    var slope: [Float]
    var curvature: [Float]
  }

  static func evaluate(_ margins: [Float]) -> Values {
    var slope = [Float](repeating: 9, count: margins.count)
    var curvature = slope
    let total = lk_bpr(margins, margins.count, &slope, &curvature)
    return Values(total: total, slope: slope, curvature: curvature)
  }

  @Test(arguments: GoldenCase.all("bpr-scalar")) func golden(_ golden: GoldenCase) throws {
    let golden = try golden.load()
    let margins = try golden.inputs["margins"].floats
    try onEachInstructionSet { isa in
      let values = Self.evaluate(margins)
      let losses = margins.map { Self.evaluate([$0]).total }
      #expect(try golden.problem(losses, golden.expected["loss"]) == nil, "\(isa)")
      #expect(try golden.problem(values.slope, golden.expected["first_derivative"]) == nil, "\(isa)")
      #expect(try golden.problem(values.curvature, golden.expected["second_derivative"]) == nil, "\(isa)")
      let sum = try golden.expected["loss"].doubles.reduce(0, +)
      #expect(abs(values.total - sum) <= 1e-6 * sum, "\(isa)")
    }
  }

  /// The error relative to each value stays small over the whole range, also where 1 + e⁻ˣ rounds to 1. It grows with
  /// |x|, as the exponent of e⁻ˣ is rounded to a float.
  @Test func relativeErrorOverTheRange() {
    let margins = (0...4000).map { Float(Double($0) * 0.02 - 40) }
    onEachInstructionSet { isa in
      let values = Self.evaluate(margins)
      var worst = [0.0, 0.0, 0.0]
      for (index, margin) in margins.enumerated() {
        let x = Double(margin)
        let expected = [Dense.softplus(-x), -Dense.sigmoid(-x), Dense.sigmoid(x) * Dense.sigmoid(-x)]
        let got = [Self.evaluate([margin]).total, Double(values.slope[index]), Double(values.curvature[index])]
        for k in 0..<3 { worst[k] = max(worst[k], abs(got[k] / expected[k] - 1) / (4e-7 + 6e-8 * abs(x))) }
      }
      #expect(worst.allSatisfy { $0 < 1 }, "\(isa): loss, slope, curvature")
    }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 1023, 1024, 1025, 2047, 2048]) func everyLength(_ count: Int) {
    let margins = randomFloats(count, scale: 3, "margins")
    let expected = margins.reduce(0.0) { $0 + lk_reference_softplus(-Double($1)) }
    onEachInstructionSet { isa in
      let values = Self.evaluate(margins)
      #expect(abs(values.total - expected) <= 1e-6 * expected, "\(isa)")
      var slope = [Float](repeating: 0, count: count)
      #expect(lk_bpr(margins, count, &slope, nil) == values.total, "\(isa): without curvature")
      #expect(slope == values.slope, "\(isa)")
      // Every place is written, and with its own value: the tail too.
      let slopes = zip(values.slope, margins).map { abs(Double($0) + Dense.sigmoid(-Double($1))) }
      #expect(slopes.allSatisfy { $0 <= 1e-6 }, "\(isa)")
    }
  }

  @Test func endsOfTheRange() {
    onEachInstructionSet { isa in
      let tiny = Float.leastNonzeroMagnitude
      let values = Self.evaluate([.infinity, -.infinity, 3e38, -3e38, 0, -0.0, tiny, -tiny])
      #expect(values.slope == [values.slope[0], -1, values.slope[2], -1, -0.5, -0.5, -0.5, -0.5], "\(isa)")
      #expect(abs(values.slope[0]) < 1e-37 && abs(values.slope[2]) < 1e-37, "\(isa)")
      #expect(values.curvature[4...].allSatisfy { $0 == 0.25 }, "\(isa)")
      #expect(values.curvature[..<4].allSatisfy { $0 >= 0 && $0 < 1e-37 }, "\(isa)")
      #expect(Self.evaluate([-.infinity]).total == .infinity, "\(isa)")
      #expect(Self.evaluate([.infinity]).total < 1e-37, "\(isa)")
      #expect(Self.evaluate([-3e38]).total == Double(Float(3e38)), "\(isa)")
      #expect(abs(Self.evaluate([tiny]).total - log(2)) < 1e-7, "\(isa)")
    }
  }

  /// A NaN shows in the sum and in its own place, and nowhere else.
  @Test(arguments: [0, 5, 16, 18]) func notANumberPropagates(_ place: Int) {
    var margins = [Float](repeating: 1, count: 19)
    margins[place] = .nan
    onEachInstructionSet { isa in
      let values = Self.evaluate(margins)
      #expect(values.total.isNaN, "\(isa)")
      #expect(values.slope.indices.filter { values.slope[$0].isNaN } == [place], "\(isa)")
      #expect(values.curvature.indices.filter { values.curvature[$0].isNaN } == [place], "\(isa)")
    }
  }
}
