import Interactions
import LinearAlgebra
import Recommenders

/// Rows of the tables that belong together: users, items, deciles of activity and of popularity.
public enum ParameterBlocks {
  /// All user rows, all item rows, and each weight of a model that has some.
  public static func tables(_ model: any Backbone) -> [CoordinateBlock] {
    let names = ["users", "items"]
    return model.layout.tensors.enumerated().map { index, tensor in
      CoordinateBlock(name: index < 2 ? names[index] : tensor.name, ranges: [tensor.range])
    }
  }

  /// Ten groups of users by their number of training interactions, the least active first.
  public static func activityDeciles(_ model: any Backbone, train: InteractionMatrix) -> [CoordinateBlock] {
    let degrees = (0..<model.users).map { train.degree($0) }
    return deciles("users", degrees, firstRow: 0, width: model.baseWidth)
  }

  /// Ten groups of items by their number of training interactions, the least popular first.
  public static func popularityDeciles(_ model: any Backbone, train: InteractionMatrix) -> [CoordinateBlock] {
    var degrees = [Int](repeating: 0, count: model.items)
    for item in train.columns { degrees[Int(item)] += 1 }
    return deciles("items", degrees, firstRow: model.users, width: model.baseWidth)
  }

  /// Equal numbers of rows; rows of equal degree are told apart by their number. Fewer than ten rows: one each.
  private static func deciles(_ name: String, _ degrees: [Int], firstRow: Int, width: Int) -> [CoordinateBlock] {
    let order = degrees.indices.sorted { (degrees[$0], $0) < (degrees[$1], $1) }
    let groups = min(10, order.count)
    return (0..<groups).map { group in
      let members = order[group * order.count / groups..<(group + 1) * order.count / groups]
      return CoordinateBlock(name: "\(name) \(group + 1)", rows: members, columns: width, offset: firstRow * width)
    }
  }
}
