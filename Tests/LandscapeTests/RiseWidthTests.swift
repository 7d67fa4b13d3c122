import LinearAlgebra
import Recommenders
import Statistics
import TestSupport
import Testing

@testable import Landscape

/// The rise width against the roots of parabolas, and on lines of other shapes.
@Suite struct RiseWidthTests {
  /// The smallest t > 0 with t·slope + t²·bend = rise, up to a limit.
  static func root(slope: Double, bend: Double, rise: Double, limit: Double) -> Double? {
    let discriminant = slope * slope + 4 * bend * rise
    guard discriminant >= 0 else { return nil }
    let denominator = slope + discriminant.squareRoot()  // 2·rise/(slope + √…): no cancellation for a small bend
    guard denominator > 0 else { return nil }
    let t = 2 * rise / denominator
    return t <= limit ? t : nil
  }

  @Test(arguments: QuadraticProblem.all, [0.01, 1]) func parabolas(_ problem: QuadraticProblem, _ share: Double) throws
  {
    let (loss, parameters, limit) = (problem.loss(), problem.parameters, 20.0)
    let rise = share * loss.frobenius
    let measured = try #require(
      RiseWidth.measure(
        loss, at: parameters, threshold: .absolute(rise), directions: 40, limit: limit, seed: 5))
    let directions = try DirectionSet.make(.filter, count: 40, for: parameters, seed: 5).directions.map(\.doubles)
    var missing = 0
    for (direction, sides) in zip(directions, measured.sides) {
      let (slope, bend) = (Dense.dot(loss.gradient(parameters.doubles), direction), loss.bend(direction))
      for (sign, side) in [(1.0, sides.plus), (-1, sides.minus)] {
        let expected = Self.root(slope: sign * slope, bend: bend, rise: rise, limit: limit)
        if expected == nil { missing += 1 }
        #expect((side == nil) == (expected == nil))
        if let side, let expected { #expect(abs(side / expected - 1) < 1e-6) }
      }
    }
    #expect(measured.unreached == missing)
    #expect((missing > 0) == problem.eigenvalues.contains { $0 < 0 })
    let widths = measured.sides.compactMap(\.width)
    #expect(measured.estimate == Estimate(mean: widths) && measured.samples.compactMap { $0 } == widths)
  }

  /// The curves are the loss itself, and their mean has an error.
  @Test func curves() throws {
    let problem = QuadraticProblem.all[0]
    let (loss, parameters) = (problem.loss(constant: 1), problem.parameters)
    let axis = [-1, -0.5, 0, 2]
    let measured = try #require(RiseWidth.measure(loss, at: parameters, directions: 6, axis: axis, seed: 5))
    let directions = try DirectionSet.make(.filter, count: 6, for: parameters, seed: 5).directions.map(\.doubles)
    let expected = directions.map { direction in
      axis.map { $0 * (Dense.dot(loss.gradient(parameters.doubles), direction) + $0 * loss.bend(direction)) }
    }
    #expect(Dense.relativeDistance(measured.curves.flatMap { $0 }, expected.flatMap { $0 }) < 1e-6)
    for place in axis.indices {
      #expect(measured.meanCurve[place] == Estimate(mean: measured.curves.map { $0[place] }))
    }
    #expect(measured.axis == axis && measured.rise == 0.1 * loss.value(parameters.doubles))
    #expect(RiseWidth.standardAxis.count == 81 && RiseWidth.standardAxis[40] == 0)
  }

  /// The mean over more directions lies within the error of fewer.
  @Test func standardErrorsAreHonest() throws {
    let problem = QuadraticProblem.all[0]
    func measure(_ directions: Int, _ seed: UInt64) throws -> Estimate {
      let measured = RiseWidth.measure(
        problem.loss(), at: problem.parameters, threshold: .absolute(1), directions: directions, axis: [], seed: seed)
      return try #require(measured?.estimate)
    }
    let many = try measure(4000, 1)
    let held = try (2..<202).reduce(0) { count, seed in
      let few = try measure(30, UInt64(seed))
      return count + (abs(few.value - many.value) < 2.045 * few.standardError ? 1 : 0)
    }
    #expect((180...198).contains(held))  // 190 of 200, within 3.2 and 2.6 standard deviations
  }

  struct Shape: LossLine {
    let f: @Sendable (Double) -> Double
    func values(at positions: [Double]) -> [Double] { positions.map(f) }
  }

  static func crossings(_ level: Double, _ f: @escaping @Sendable (Double) -> Double) -> [Double?] {
    RisingLine(Shape(f: f)).crossings(of: level, upTo: 100, known: [])
  }

  @Test func shapes() throws {
    // Up over the level and down again: the first crossing counts.
    let hill = Self.crossings(1, { 7 + $0 * (4 - $0) })
    #expect(abs((hill[0] ?? .nan) - (2 - 3.0.squareRoot())) < 1e-6 && hill[1] == nil)
    // A wall.
    let wall = Self.crossings(1, { $0 > 0.3 ? .infinity : 0 })
    #expect(abs((wall[0] ?? .nan) - 0.3) < 1e-4 && wall[1] == nil)
    // NaN before the crossing, and behind it.
    #expect(Self.crossings(1, { $0 > 0.3 ? .nan : $0 })[0]?.isNaN == true)
    #expect(abs((Self.crossings(1, { $0 > 30 ? .nan : $0 })[0] ?? .nan) - 1) < 1e-6)
    // Very near, far, at the limit and just behind it.
    for place in [1e-9, 3e-5, 0.02, 99] {
      #expect(abs((Self.crossings(1, { abs($0) / place })[1] ?? .nan) / place - 1) < 1e-6)
    }
    #expect(Self.crossings(1, { $0 / 100.001 })[0] == nil)
    // No rise is asked for.
    #expect(Self.crossings(0, { $0 }).allSatisfy { $0?.isNaN == true })
  }

  /// What is known already is used: a bump between two positions of the ladder is found by the curve's points.
  @Test func knownPoints() {
    let line = RisingLine(Shape(f: { abs($0 - 1.1) < 0.05 ? 2 : 0 }))
    #expect(line.crossings(of: 1, upTo: 100, known: [])[0] == nil)
    let known = RiseWidth.standardAxis.map { RisingLine.Sample(position: $0, rise: line.rises(at: [$0])[0]) }
    let found = line.crossings(of: 1, upTo: 100, known: known)
    #expect(abs((found[0] ?? .nan) - 1.05) < 1e-4 && found[1] == nil)
  }
}
