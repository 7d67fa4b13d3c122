import LinearAlgebra
import TestSupport
import Testing

@testable import Training

/// δ over all rows while batches see a few: against arrays that are projected whole.
@Suite struct WarmPerturbationTests {
  /// Rows of a list, nothing else.
  final class RowsBatch: BatchProblem {
    let rowList: UnsafeMutableBufferPointer<UInt32>
    let point: FloatBuffer
    let dimension = 3

    init(_ rows: [UInt32]) {
      rowList = .allocate(capacity: rows.count)
      _ = rowList.initialize(from: rows)
      point = FloatBuffer(count: rows.count * 3)
    }

    deinit { rowList.deallocate() }

    var size: Int { 1 }
    var pairs: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: nil, count: 0) }
    var rows: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(rowList) }
    func gradient(at point: FloatBuffer, adding term: PairScoreTerm?, into gradient: FloatBuffer) -> Double { 0 }
    func hessianProduct(_ vector: FloatBuffer, into product: FloatBuffer) {}
    func workspace(_ slot: Int) -> FloatBuffer { FloatBuffer(count: point.count) }
  }

  @Test func manyBatches() {
    let rows = 20
    let rho = 2.0
    let warm = WarmPerturbation(count: rows * 3)
    var whole = [Double](repeating: 0, count: rows * 3)
    var generator = RandomStream(seed: 4, "batches").generator()
    for step in 0..<400 {
      let batch = RowsBatch((0..<UInt32(rows)).filter { _ in generator.below(3) == 0 })
      let delta = batch.workspace(0)
      var outside = warm.load(batch, into: delta)
      for (local, row) in batch.rows.enumerated() {
        for x in 0..<3 {
          #expect(abs(Double(delta[local * 3 + x]) - whole[Int(row) * 3 + x]) < 1e-4)
          let added = generator.unit() * 4 - 2
          delta[local * 3 + x] += Float(added)
          whole[Int(row) * 3 + x] += added
        }
      }
      let factor = Perturbation.project(delta, onto: rho, outside: outside)
      if factor < 1 {
        warm.shrinkOthers(by: factor)
        outside *= factor * factor
      }
      warm.store(batch, delta)
      let norm = Dense.norm(whole)
      if norm > rho { whole = whole.map { $0 * rho / norm } }
      #expect(abs(warm.square.squareRoot() - Dense.norm(whole)) < 1e-4, "step \(step)")
    }
    #expect(warm.scale < 1 && warm.scale >= 1e-12, "the common factor was used and does not vanish")
    let values = warm.values.doubles.map { $0 * warm.scale }
    #expect(Dense.distance(values, whole) < 1e-4)
  }
}
