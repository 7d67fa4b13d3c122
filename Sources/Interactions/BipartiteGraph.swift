import LinearAlgebra

/// The graph of users and items that interactions draw, as propagation sees it.
///
/// A = D^{-1/2}·(0 R; Rᵀ 0)·D^{-1/2}: entry (u, i) of an interaction is 1/√(deg u · deg i). Node u is user u, node
/// users + i is item i. Symmetric; rows of nodes without interactions are empty. Largest eigenvalue 1.
///
/// Source: He et al., "LightGCN", SIGIR 2020, §3.1; the *train* split only.
public struct BipartiteGraph: Sendable {
  public let users: Int
  public let items: Int
  /// A, (users + items, users + items).
  public let adjacency: SparseMatrix

  public init(_ train: InteractionMatrix) {
    users = train.users
    items = train.items
    let transposed = train.transposed()
    let degrees = train.userDegrees + transposed.userDegrees
    let offsets = IndexBuffer(count: users + items + 1)
    offsets[0] = 0
    for (node, degree) in degrees.enumerated() { offsets[node + 1] = offsets[node] + UInt32(degree) }
    let columns = IndexBuffer(count: 2 * train.count)
    let values = FloatBuffer(count: 2 * train.count)
    let roots = degrees.map { Double($0).squareRoot() }
    for (half, matrix) in [train, transposed].enumerated() {
      let (place, own, other) = (half * train.count, half * users, (1 - half) * users)
      for row in 0..<matrix.users {
        for at in matrix.range(of: row) {
          let column = other + Int(matrix.columns[at])
          columns[place + at] = UInt32(column)
          values[place + at] = Float(1 / (roots[own + row] * roots[column]))
        }
      }
    }
    adjacency = SparseMatrix(columns: users + items, offsets: offsets, columnIndices: columns, values: values)
  }

  /// Users and items.
  public var nodes: Int { users + items }
}
