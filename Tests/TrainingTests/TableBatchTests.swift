import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

/// A mini-batch on its own rows gives what the same triplets give on the whole tables.
@Suite struct TableBatchTests {
  /// Batches of different sizes through one object, as in an epoch; repeated users, items and pairs.
  @Test func agreesWithTheFullLoss() throws {
    let (users, items, d) = (700, 600, 7)
    let model = MatrixFactorisation(users: users, items: items, dimension: d)
    let parameters = model.initialParameters(.normal(deviation: 0.5), seed: 1)
    let batch = TableBatch(users: users, items: items, dimension: d, capacity: 3000)
    var generator = RandomStream(seed: 2, "batches").generator()
    for count in [3000, 1, 5, 2999, 700] {
      let bound = count == 5 ? 2 : users  // one batch of a few rows that stand in it again and again
      let triplets = RawTripletsOwner(
        (0..<count).map { _ in UInt32(generator.below(bound)) },
        (0..<count).map { _ in UInt32(generator.below(items)) },
        (0..<count).map { _ in UInt32(generator.below(min(bound, items))) }, (0..<count).map { UInt32($0) })
      batch.load(triplets, parameters: parameters)
      #expect(batch.size == count && Set(batch.rows).count == batch.rows.count)
      #expect(Set(batch.pairs) == Set(triplets.pair))
      let set = TripletSet(
        users: users, items: items, user: triplets.user, positive: triplets.positive, negative: triplets.negative)
      let loss = BPRLoss(model, set)
      let gradient = ParameterVector(layout: model.layout)
      let expected = loss.gradient(at: parameters, into: gradient)
      let (compact, product) = (batch.workspace(0), batch.workspace(1))
      compact.fill(.nan)
      let value = batch.gradient(at: batch.point, into: compact)
      #expect(abs(value - expected) < 1e-6)
      check(batch, compact, gradient.storage, d)
      // H·g, with the gradient as the direction.
      let reference = FloatBuffer(count: parameters.count)
      loss.hessian(at: parameters).apply(gradient.storage, into: reference)
      batch.hessianProduct(compact, into: product)
      check(batch, product, reference, d)
      // L2.
      let penalty = L2Penalty(lambda: 0.3, triplets: set, dimension: d)
      penalty.addGradient(at: parameters, into: gradient)
      #expect(abs(batch.addL2(0.3, into: compact) - penalty.value(at: parameters)) < 1e-5)
      check(batch, compact, gradient.storage, d)
    }
  }

  /// Compact rows equal the table's rows, and all other rows of the table are zero.
  func check(_ batch: TableBatch, _ compact: FloatBuffer, _ full: FloatBuffer, _ d: Int) {
    var rest = full.doubles
    var worst = 0.0
    for (local, row) in batch.rows.enumerated() {
      for x in 0..<d {
        worst = max(worst, abs(Double(compact[local * d + x]) - rest[Int(row) * d + x]))
        rest[Int(row) * d + x] = 0
      }
    }
    let scale = full.doubles.reduce(0) { max($0, abs($1)) }
    #expect(worst <= 3e-6 * scale)
    #expect(rest.allSatisfy { $0 == 0 })
  }

  @Test func withoutPenaltyNothingIsAdded() throws {
    let data = try GoldenBatch(GoldenCase.all("bpr-loss")[0])
    let gradient = data.batch.workspace(0)
    gradient.fill(1)
    #expect(data.batch.addL2(0, into: gradient) == 0)
    #expect(gradient.floats.allSatisfy { $0 == 1 })
  }

  @Test func localNumbers() {
    var numbers = LocalNumbers(count: 10)
    let list = UnsafeMutablePointer<UInt32>.allocate(capacity: 10)
    defer { list.deallocate() }
    for ids: [UInt32] in [[7, 3, 7, 0], [3, 3, 9], []] {
      numbers.begin()
      let given = ids.map { numbers.number($0, list: list) }
      var seen: [UInt32] = []
      for id in ids where !seen.contains(id) { seen.append(id) }
      #expect(given == ids.map { UInt32(seen.firstIndex(of: $0)!) })
      #expect((0..<numbers.count).map { list[$0] } == seen)
    }
  }
}
