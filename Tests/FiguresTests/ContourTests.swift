import Foundation
import Testing

@testable import Figures

@Suite struct ContourTests {
  /// Signed areas of loops add up to the area of the region, holes included.
  private func area(_ loops: [[Point]]) -> Double {
    abs(
      loops.reduce(0) { sum, loop in
        sum
          + loop.indices.reduce(0) { sum, i in
            let (a, b) = (loop[i], loop[(i + 1) % loop.count])
            return sum + (a.x * b.y - b.x * a.y) / 2
          }
      })
  }

  @Test func `a circle has one closed line of the right length and a region of the right area`() throws {
    let field = try Sample.field(101, 81) { x, y in (x * x + y * y).squareRoot() }
    let traced = LevelTracer(field: field, level: 0.6).trace()
    #expect(traced.lines.count == 1)
    let line = try #require(traced.lines.first)
    #expect(line.first == line.last)
    for point in line { #expect(abs(point.length - 0.6) < 1e-3) }
    #expect(abs((Polyline.lengths(line).last ?? 0) - 2 * .pi * 0.6) < 5e-3)
    #expect(abs(area(traced.region) - (4 - .pi * 0.36)) < 2e-3)
  }

  @Test func `lines of a saddle end on the border and follow the asymptotic decider`() throws {
    let field = try Sample.field(21, 21) { x, y in x * y }
    #expect(LevelTracer(field: field, level: 0.1).trace().lines.count == 2)
    #expect(LevelTracer(field: field, level: -0.1).trace().lines.count == 2)
    for point in LevelTracer(field: field.refined(toAtLeast: 81), level: 0.1).trace().lines.joined() {
      #expect(abs(point.x * point.y - 0.1) < 5e-4)
    }
    for value in [0.3, -0.3] {
      let cell = try Field(axis1: [0, 1], axis2: [0, 1], values: [1, -1 + value, -1 + value, 1])
      let joined = LevelTracer(field: cell, level: 0).trace()
      #expect(joined.region.count == (value > 0 ? 1 : 2))
    }
  }

  @Test func `regions end at cells with a missing corner, lines too`() throws {
    let field = try Sample.field(11, 11) { x, y in abs(x) < 0.01 && abs(y) < 0.01 ? .nan : 1 }
    let traced = LevelTracer(field: field, level: 0).trace()
    #expect(traced.lines.isEmpty)
    #expect(abs(area(traced.region) - (4 - 0.16)) < 1e-12)
  }

  @Test(arguments: 0..<20) func `regions of rough fields shrink as the level rises, and fill with what is below`(
    seed: Int
  ) throws {
    let field = try Sample.field(13, 9) { x, y in sin(91.7 * x * (1 + Double(seed))) + cos(57.3 * y * x + Double(seed))
    }
    let areas = [-3.0, -1, -0.2, 0.1, 0.9, 3].map { area(LevelTracer(field: field, level: $0).trace().region) }
    #expect(abs(areas[0] - 4) < 1e-9)
    #expect(areas[5] == 0)
    for (a, b) in zip(areas, areas.dropFirst()) { #expect(a > b - 1e-9) }
    let negated = Field(unchecked: field.axis1, field.axis2, field.values.map { -$0 })
    let below = area(LevelTracer(field: negated, level: -0.1).trace().region)
    #expect(abs(areas[3] + below - 4) < 1e-9)
  }

  @Test func `refining passes through the values and reproduces a quadratic`() throws {
    let field = try Sample.field(11, 9) { x, y in x * x - 2 * y * y + x * y }
    let fine = field.refined(toAtLeast: 41)
    #expect(fine.axis1.count == 41 && fine.axis2.count == 41)
    for i in 0..<11 { for j in 0..<9 { #expect(abs(fine[4 * i, 5 * j] - field[i, j]) < 1e-12) } }
    for i in 4...36 {
      for j in 5...35 {
        let (x, y) = (fine.axis1[i], fine.axis2[j])
        #expect(abs(fine[i, j] - (x * x - 2 * y * y + x * y)) < 1e-9)
      }
    }
  }

  @Test func `refining keeps gaps and invents no values beyond those around`() throws {
    let field = try Sample.field(9, 9) { x, y in x > 0.4 && y > 0.4 ? .nan : x < 0 ? 0 : 1 }
    let fine = field.refined(toAtLeast: 33)
    #expect(fine.values.allSatisfy { $0.isNaN || $0 >= 0 && $0 <= 1 })
    #expect(fine.values.filter(\.isNaN).count > 40)
  }

  @Test func `simplified lines stay within the tolerance and keep their ends`() {
    let line = (0...200).map { Point(Double($0), 10 * sin(Double($0) / 20)) }
    let simple = Polyline.simplified(line, tolerance: 0.1)
    #expect(simple.count < 80 && simple.first == line.first && simple.last == line.last)
    for point in line {
      let distance = zip(simple, simple.dropFirst()).map { Polyline.distance(point, $0, $1) }.min() ?? .infinity
      #expect(distance <= 0.1)
    }
  }
}
