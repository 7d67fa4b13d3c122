import CKernels
import TestSupport
import Testing

/// Optimiser steps over rows against the formulas in double precision.
@Suite struct StepKernelTests {
  static let rows = 6

  /// A table, two vectors of moments (the second positive) and a compact gradient of four rows.
  struct State {
    var table, first, second: [Float]
    let gradient: [Float]
    let listed: [UInt32]?
    let width: Int

    init(width: Int, listed: [UInt32]?) {
      self.width = width
      self.listed = listed
      table = randomFloats(StepKernelTests.rows * width, "table")
      first = randomFloats(table.count, scale: 0.1, "first")
      second = randomFloats(table.count, scale: 0.1, "second").map { $0 * $0 }
      gradient = randomFloats((listed?.count ?? StepKernelTests.rows) * width, "gradient")
    }

    /// Applies `formula(θ, m, v, g)` to the touched numbers in double precision.
    func expected(_ formula: (inout Double, inout Double, inout Double, Double) -> Void) -> [[Double]] {
      var (t, m, v) = (table.map(Double.init), first.map(Double.init), second.map(Double.init))
      for (k, row) in (listed ?? (0..<UInt32(StepKernelTests.rows)).map { $0 }).enumerated() {
        for x in 0..<width {
          let at = Int(row) * width + x
          formula(&t[at], &m[at], &v[at], Double(gradient[k * width + x]))
        }
      }
      return [t, m, v]
    }

    var values: [[Double]] { [table, first, second].map { $0.map(Double.init) } }

    /// Calls `body` with the row list's address, NULL for all rows.
    mutating func step(_ body: (inout State, UnsafePointer<UInt32>?, Int) -> Void) {
      guard let listed else { return body(&self, nil, StepKernelTests.rows) }
      listed.withUnsafeBufferPointer { body(&self, $0.baseAddress, listed.count) }
    }
  }

  static func check(
    _ width: Int, _ kernel: (inout State, UnsafePointer<UInt32>?, Int) -> Void,
    _ formula: (inout Double, inout Double, inout Double, Double) -> Void
  ) {
    for listed: [UInt32]? in [[4, 0, 5, 2], nil] {
      let start = State(width: width, listed: listed)
      let expected = start.expected(formula)
      onEachInstructionSet { isa in
        var state = start
        state.step(kernel)
        for (got, wanted) in zip(state.values, expected) {
          #expect(Dense.relativeDistance(got, wanted) < 1e-6, "\(isa), rows \(listed ?? [])")
        }
        guard listed != nil else { return }
        for row in [1, 3] {
          let range = row * width..<(row + 1) * width
          #expect(state.table[range] == start.table[range], "\(isa): row \(row) was not listed")
          #expect(state.first[range] == start.first[range] && state.second[range] == start.second[range], "\(isa)")
        }
      }
    }
  }

  @Test(arguments: widths) func plain(_ width: Int) {
    Self.check(width) { state, rows, n in
      lk_step_sgd(&state.table, state.gradient, rows, n, width, 0.3)
    } _: { theta, _, _, g in
      theta -= Double(Float(0.3)) * g
    }
  }

  @Test(arguments: widths) func momentum(_ width: Int) {
    Self.check(width) { state, rows, n in
      lk_step_momentum(&state.table, &state.first, state.gradient, rows, n, width, 0.3, 0.9)
    } _: { theta, m, _, g in
      m = 0.9 * m + g
      theta -= 0.3 * m
    }
  }

  @Test(arguments: widths) func adagrad(_ width: Int) {
    Self.check(width) { state, rows, n in
      lk_step_adagrad(&state.table, &state.second, state.gradient, rows, n, width, 0.3, 1e-4)
    } _: { theta, _, s, g in
      s += g * g
      theta -= 0.3 * g / (s.squareRoot() + 1e-4)
    }
  }

  @Test(arguments: widths) func adamWithDecay(_ width: Int) {
    let settings = lk_adam_settings(
      rate: 0.05, beta1: 0.9, beta2: 0.99, epsilon: 1e-4, decay: 0.25, correction1: 2.5, correction2: 20)
    Self.check(width) { state, rows, n in
      var settings = settings
      lk_step_adam(&state.table, &state.first, &state.second, state.gradient, rows, n, width, &settings)
    } _: { theta, m, v, g in
      m = 0.9 * m + 0.1 * g
      v = 0.99 * v + 0.01 * g * g
      theta -= 0.05 * (2.5 * m / ((20 * v).squareRoot() + 1e-4) + 0.25 * theta)
    }
  }
}
