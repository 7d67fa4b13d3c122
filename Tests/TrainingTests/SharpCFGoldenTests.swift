import LinearAlgebra
import TestSupport
import Testing

@testable import Training

/// The trajectory term of SharpCF and its ring of recorded scores.
@Suite struct SharpCFGoldenTests {
  /// The recorded scores of E epochs ago are put into the slot that the objective reads.
  @Test(arguments: GoldenCase.all("sharpcf")) func term(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    // Repeated pairs have recorded scores of their own in the file: each triplet counts as a pair.
    let keys = zip(data.user, data.positive).map { $0 << 16 | $1 }
    #expect(Set(keys).count < keys.count, "some pairs are repeated")
    let old = try data.golden.inputs["old_scores"].floats
    let bpr = try data.run(BPRObjective()).value
    #expect(try data.problem(bpr, data.golden.expected["bpr_loss"]) == nil)
    for entry in try data.golden.expected["with_lambda"].list {
      let objective = SharpCFObjective(
        lambda: try entry["lambda"].double, window: 3, startEpoch: 0, pairs: keys.count)
      objective.beginEpoch(1)
      objective.beginEpoch(4)
      let then = objective.state[1].values  // epoch 1 wrote slot 1
      for (t, score) in old.enumerated() { then[t] = score }
      let (value, gradient) = try data.run(objective)
      #expect(try data.problem(value, entry["loss"]) == nil)
      #expect(try data.problem(value - bpr, entry["trajectory_term"]) == nil)
      #expect(try data.problem(gradient, entry["gradient"]) == nil)
      // This epoch's scores are recorded in its own slot, 4 mod 4.
      let recorded = objective.state[0].values.floats
      #expect(try data.problem(recorded, data.golden.expected["scores"]) == nil)
    }
  }

  /// A batch that hands out given scores and keeps what the term adds to the slopes.
  final class ScriptedBatch: BatchProblem {
    let scores: [Float]
    let pairList: [UInt32]
    var slopes: [Float]
    let point = FloatBuffer(count: 1)

    init(scores: [Float], pairs: [UInt32]) {
      (self.scores, pairList) = (scores, pairs)
      slopes = [Float](repeating: 0, count: pairs.count)
    }

    var dimension: Int { 1 }
    var size: Int { pairList.count }
    var rows: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(start: nil, count: 0) }
    var pairs: UnsafeBufferPointer<UInt32> {
      let memory = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: pairList.count)  // kept: a few bytes
      _ = memory.initialize(from: pairList)
      return UnsafeBufferPointer(memory)
    }

    func gradient(at point: FloatBuffer, adding term: PairScoreTerm?, into gradient: FloatBuffer) -> Double {
      slopes.withUnsafeMutableBufferPointer { slopes in
        scores.withUnsafeBufferPointer { term?.add(scores: $0, slopes: slopes) ?? .nan }
      }
    }

    func hessianProduct(_ vector: FloatBuffer, into product: FloatBuffer) {}
    func workspace(_ slot: Int) -> FloatBuffer { FloatBuffer(count: 1) }
  }

  /// Six scripted epochs: which epoch is read, from which slot, and the term of every batch.
  @Test(arguments: GoldenCase.all("sharpcf-ring")) func ring(_ golden: GoldenCase) throws {
    let golden = try golden.load()
    let inputs = golden.inputs
    let objective = SharpCFObjective(
      lambda: try inputs["lambda"].double, window: try inputs["window"].int, startEpoch: try inputs["start"].int,
      pairs: try inputs["pairs"].int)
    #expect(objective.ringBytes == 4 * (try inputs["window"].int + 1) * (try inputs["pairs"].int))
    let scores = try inputs["scores"].list.map { try $0.floats }
    let batches = try inputs["batches"].list.map { try $0.list.map { try $0.indices } }
    for (place, expected) in try golden.expected["epochs"].list.enumerated() {
      let epoch = try expected["epoch"].int
      objective.beginEpoch(epoch)
      #expect(objective.isActive == (try expected["active"].bool), "epoch \(epoch)")
      #expect(objective.slot(of: epoch) == (try expected["writes_slot"].int), "epoch \(epoch)")
      if !(try expected["reads_slot"].isNull) {
        #expect(objective.slot(of: try expected["reads_epoch"].int) == (try expected["reads_slot"].int))
      }
      for (number, pairs) in batches[place].enumerated() {
        let batch = ScriptedBatch(scores: pairs.map { scores[place][Int($0)] }, pairs: pairs)
        let term = objective.gradient(of: batch, into: FloatBuffer(count: 1))
        #expect(try golden.problem(term, expected["terms"].list[number]) == nil, "epoch \(epoch)")
        #expect(try golden.problem(batch.slopes, expected["score_gradients"].list[number]) == nil, "epoch \(epoch)")
        let slot = objective.state[objective.slot(of: epoch)].values
        #expect(pairs.allSatisfy { slot[Int($0)] == scores[place][Int($0)] }, "epoch \(epoch) is recorded")
      }
    }
  }

  /// Pairs that were not met E epochs ago have no term; neither has a pair recorded in an older round of the ring.
  @Test func onlyWhatWasRecordedThen() throws {
    let objective = SharpCFObjective(lambda: 1, window: 1, startEpoch: 0, pairs: 3)
    func run(_ epoch: Int, _ pairs: [UInt32], _ score: Float) -> Double {
      objective.beginEpoch(epoch)
      let batch = ScriptedBatch(scores: pairs.map { _ in score }, pairs: pairs)
      return objective.gradient(of: batch, into: FloatBuffer(count: 1))
    }
    #expect(run(1, [0, 1, 2], 1) == 0)
    #expect(run(2, [0, 1], 2) == 1)  // both moved by 1
    #expect(run(3, [0, 2], 5) == 4.5)  // pair 0 moved by 3; pair 2 was not recorded in epoch 2
    #expect(run(4, [1], 9) == 0)  // recorded in epochs 1 and 2, not in epoch 3
  }
}
