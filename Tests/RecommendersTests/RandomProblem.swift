import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import TestSupport

/// Random tables and triplets of any size.
struct RandomProblem {
  let model: MatrixFactorisation
  let parameters: ParameterVector
  let triplets: TripletSet

  /// - Parameter deviation: of the parameters.
  init(users: Int, items: Int, dimension: Int, triplets count: Int, deviation: Double = 0.5, seed: UInt64 = 1) {
    model = MatrixFactorisation(users: users, items: items, dimension: dimension)
    parameters = model.initialParameters(.normal(deviation: deviation), seed: seed)
    var generator = RandomStream(seed: seed, "triplets").generator()
    triplets = TripletSet(
      users: users, items: items, user: (0..<count).map { _ in UInt32(generator.below(users)) },
      positive: (0..<count).map { _ in UInt32(generator.below(items)) },
      negative: (0..<count).map { _ in UInt32(generator.below(items)) })
  }

  var loss: BPRLoss<MatrixFactorisation> { BPRLoss(model, triplets) }

  func direction(_ number: Int) -> ParameterVector {
    let direction = ParameterVector(layout: model.layout)
    direction.storage.fillNormal(RandomStream(seed: 5, "direction", String(number)))
    return direction
  }

  /// The mean loss in double precision, term by term from the definition.
  func definition(_ theta: [Double]) -> Double {
    let d = model.dimension
    var total = 0.0
    for t in 0..<triplets.count {
      let u = Int(triplets.user[t]) * d
      let i = (model.users + Int(triplets.positive[t])) * d
      let j = (model.users + Int(triplets.negative[t])) * d
      var margin = 0.0
      for x in 0..<d { margin += theta[u + x] * (theta[i + x] - theta[j + x]) }
      total += Dense.softplus(-margin)
    }
    return total / Double(triplets.count)
  }

  /// Its gradient by central differences, one parameter at a time.
  func numericalGradient(_ theta: [Double], step: Double = 1e-4) -> [Double] {
    theta.indices.map { k in
      Dense.derivative(step: step) { shift in
        var moved = theta
        moved[k] += shift
        return definition(moved)
      }
    }
  }
}

/// A linear backbone that is not the identity: every row is mixed with the next one of all rows, in a ring.
///
/// E = Pθ with P = I + c·S, S the cyclic shift; the transpose shifts the other way.
struct ShiftModel: LinearBackbone {
  static let name = "shift"
  static let title = "Shift"
  let users: Int
  let items: Int
  let dimension: Int
  let mixing: Float = 0.5

  init(users: Int, items: Int, dimension: Int) { (self.users, self.items, self.dimension) = (users, items, dimension) }

  init(_ context: BackboneContext) {
    self.init(users: context.users, items: context.items, dimension: context.dimension)
  }

  var hyperparameters: [String: JSONValue] { [:] }

  var layout: ParameterLayout { MatrixFactorisation(users: users, items: items, dimension: dimension).layout }
  var isIdentity: Bool { false }

  func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector {
    MatrixFactorisation(users: users, items: items, dimension: dimension).initialParameters(initialisation, seed: seed)
  }

  func finalTables(_ parameters: ParameterVector) -> FinalTables {
    let result = FloatBuffer(count: parameters.count)
    shift(parameters.storage, by: dimension, into: result)
    return FinalTables(users: users, items: items, dimension: dimension, storage: result)
  }

  func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer) {
    let source = tableGradient.copy()
    shift(source, by: source.count - dimension, into: gradient)
  }

  private func shift(_ source: FloatBuffer, by offset: Int, into target: FloatBuffer) {
    for k in 0..<source.count { target[k] = source[k] + mixing * source[(k + offset) % source.count] }
  }
}
