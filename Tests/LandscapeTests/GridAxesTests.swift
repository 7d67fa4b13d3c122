import Foundation
import Testing

@testable import Landscape

@Suite struct GridAxesTests {
  @Test(arguments: [3, 5, 51, 101, 999]) func symmetricAxisHoldsZero(_ count: Int) {
    for end in [1, 2, 0.1, 1.0 / 3, 7e-3] {
      let axis = GridAxes(ranges: [-end...end], points: [count]).values[0]
      #expect(axis.count == count && axis[count / 2] == 0)
      #expect(abs(axis[0] + end) <= end.ulp && abs(axis[count - 1] - end) <= end.ulp)
      #expect((0..<count).allSatisfy { axis[$0] == -axis[count - 1 - $0] })
    }
  }

  /// Both ends exactly, ascending, evenly spaced.
  @Test(arguments: [-0.1...0.3, -2...1, 0...1, 0.7...2.7, -1e-3...5], [2, 3, 4, 10, 51])
  func anyRange(_ range: ClosedRange<Double>, _ count: Int) {
    let axis = GridAxes(ranges: [range], points: [count]).values[0]
    #expect(abs(axis[0] - range.lowerBound) <= 1e-15 * (range.upperBound - range.lowerBound))
    #expect(abs(axis[count - 1] - range.upperBound) <= 1e-15 * (range.upperBound - range.lowerBound))
    let step = (range.upperBound - range.lowerBound) / Double(count - 1)
    #expect(zip(axis, axis.dropFirst()).allSatisfy { abs($1 - $0 - step) < 1e-12 })
  }

  @Test("A grid point that misses 0 by rounding is 0")
  func zeroOfOtherRanges() {
    let axis = GridAxes(ranges: [-0.001...0.013], points: [15]).values[0]
    #expect(axis[1] == 0 && axis[0] < -1e-6 && axis[2] > 1e-6)
    #expect(GridAxes(ranges: [1e-9...1], points: [2]).values[0][0] > 0.9e-9, "small is not rounding")
  }

  @Test func onePoint() {
    #expect(GridAxes(ranges: [-1...1], points: [1]).values == [[0]])
  }

  @Test func parsing() throws {
    let plain = try GridAxes(range: "1", points: "51", dimensions: 2)
    #expect(plain.shape == [51, 51] && plain.values[0].first == -1 && plain.values[1].last == 1)
    #expect(plain.count == 2601 && plain.dimensions == 2)
    let mixed = try GridAxes(range: "-2:2,-1:3", points: "5x3", dimensions: 2)
    #expect(mixed.values == [[-2, -1, 0, 1, 2], [-1, 1, 3]])
    #expect(try GridAxes(range: "0.5", points: "3", dimensions: 1).values == [[-0.5, 0, 0.5]])
    #expect(
      try GridAxes(range: "-2:2,1,0:1", points: "3", dimensions: 3).values == [[-2, 0, 2], [-1, 0, 1], [0, 0.5, 1]])
    #expect(try GridAxes(range: "1e-3", points: "1", dimensions: 1).values == [[0]])
  }

  @Test(arguments: [
    "", "0", "-1", "2:1", "1:1", "a", "1:", ":1", "1:2:3", "nan", "inf", "-inf:inf", "1,2,3", "1,", "1 ",
  ])
  func badRanges(_ text: String) {
    #expect(throws: LandscapeError.badAxis(option: "--range", text: text)) {
      try GridAxes(range: text, points: "5", dimensions: 2)
    }
  }

  @Test(arguments: [
    "", "0", "-3", "5x", "x5", "5x0", "5.0", "5x5x5", "5X5", "5,5", "9223372036854775808",
  ])
  func badPoints(_ text: String) {
    #expect(throws: LandscapeError.badAxis(option: "--points", text: text)) {
      try GridAxes(range: "1", points: text, dimensions: 2)
    }
  }

  @Test func tooManyPoints() {
    #expect(throws: LandscapeError.tooManyPoints("99999x99999", most: 100_000_000)) {
      try GridAxes(range: "1", points: "99999x99999", dimensions: 2)
    }
  }
}
