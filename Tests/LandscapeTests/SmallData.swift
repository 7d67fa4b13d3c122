import Interactions
import LinearAlgebra
import Recommenders

/// A small data set with train and test interactions, and a model on it.
struct SmallData {
  let dataset: Dataset
  let model: MatrixFactorisation
  let parameters: ParameterVector

  init(users: Int = 40, items: Int = 30, dimension: Int = 5, deviation: Double = 0.5, seed: UInt64 = 1) {
    var generator = RandomStream(seed: seed, "interactions").generator()
    let train = (0..<users * 6).map { _ in (generator.below(users), generator.below(items)) }
    let test = (0..<users * 2).map { _ in (generator.below(users), generator.below(items)) }
    dataset = Dataset(
      name: "small", train: InteractionMatrix(users: users, items: items, pairs: train),
      test: InteractionMatrix(users: users, items: items, pairs: test))
    model = MatrixFactorisation(users: users, items: items, dimension: dimension)
    parameters = model.initialParameters(.normal(deviation: deviation), seed: seed)
  }
}
