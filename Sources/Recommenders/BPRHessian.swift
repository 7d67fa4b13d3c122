import LinearAlgebra
import Synchronization

/// The Hessian of a ``BPRLoss`` at one point, or one of its parts: slopes and curvatures of all triplets are found once
/// and kept.
///
/// Products may be asked for from several threads at once. Memory besides the tables: 8 bytes for each triplet, and 4
/// more during a product; for blocks see the extension.
final class BPRHessian<Model: LinearBackbone>: LinearOperator, Sendable {
  let loss: BPRLoss<Model>
  let tables: FinalTables
  let slope: FloatBuffer  // (triplets) −s
  let curvature: FloatBuffer  // (triplets) c
  let workspace = Mutex<BlockWorkspace?>(nil)

  init(_ loss: BPRLoss<Model>, at parameters: ParameterVector, part: HessianPart) {
    loss.triplets.indexItems()
    self.loss = loss
    tables = loss.model.finalTables(parameters)
    slope = FloatBuffer(count: loss.triplets.count)
    curvature = FloatBuffer(count: loss.triplets.count)
    _ = loss.evaluate(at: parameters, curvature: curvature, slope: slope, gradient: nil)
    switch part {
    case .whole: break
    case .gaussNewton: slope.fill(0)
    case .residual: curvature.fill(0)
    }
  }

  var dimension: Int { loss.layout.count }
  var scale: Double { 1 / Double(loss.triplets.count) }

  func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    let model = loss.model
    let v = model.finalTables(ParameterVector(layout: loss.layout, storage: vector))
    let result = model.isIdentity ? product : FloatBuffer(count: tables.storage.count)
    TableBPR(triplets: loss.triplets).multiply(tables, v, slope: slope, curvature: curvature, into: result)
    model.pullBack(result, into: product)
  }
}
