import LinearAlgebra
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Landscape

@Suite struct DirectionSetTests {
  let data = SmallData(users: 50, items: 60, dimension: 20)

  func rowNorms(_ vector: ParameterVector) -> [Double] {
    let values = vector.doubles
    return stride(from: 0, to: values.count, by: 20).map { Dense.norm(values[$0..<$0 + 20]) }
  }

  @Test func filterNormsAreThoseOfTheParameters() throws {
    let set = try DirectionSet.make(.filter, count: 3, for: data.parameters, seed: 1)
    #expect(set.directions.count == 3 && set.seed == 1 && set.cosines.count == 3)
    for direction in set.directions {
      #expect(Dense.relativeDistance(rowNorms(direction), rowNorms(data.parameters)) < 1e-6)
    }
    for (cosine, pair) in zip(set.cosines, [(0, 1), (0, 2), (1, 2)]) {
      let (a, b) = (set.directions[pair.0].doubles, set.directions[pair.1].doubles)
      #expect(abs(cosine - Dense.dot(a, b) / Dense.norm(a) / Dense.norm(b)) < 1e-6)
      #expect(abs(cosine) < 0.15)
    }
  }

  @Test func otherKinds() throws {
    let plain = try DirectionSet.make(.none, count: 1, for: data.parameters, seed: 1).directions[0]
    let variance = Dense.dot(plain.doubles, plain.doubles) / Double(plain.count)
    #expect(abs(variance - 1) < 0.1)
    let layer = try DirectionSet.make(.layer, count: 1, for: data.parameters, seed: 1).directions[0]
    for tensor in layer.layout.tensors {
      let (own, theta) = (layer.doubles[tensor.range], data.parameters.doubles[tensor.range])
      #expect(abs(Dense.norm(own) / Dense.norm(theta) - 1) < 1e-6)
      let factor = own[tensor.offset] / plain.doubles[tensor.offset]
      #expect(tensor.range.allSatisfy { abs(own[$0] - factor * plain.doubles[$0]) < 1e-5 })
    }
  }

  /// Direction k does not depend on how many there are; seeds, numbers and tensors have streams of their own.
  @Test func streams() throws {
    let one = try DirectionSet.make(.none, count: 1, for: data.parameters, seed: 1)
    let two = try DirectionSet.make(.none, count: 2, for: data.parameters, seed: 1)
    #expect(one.directions[0].floats == two.directions[0].floats)
    #expect(two.directions[0].floats != two.directions[1].floats)
    let other = try DirectionSet.make(.none, count: 1, for: data.parameters, seed: 2)
    #expect(other.directions[0].floats != one.directions[0].floats)
    let values = one.directions[0].floats
    #expect(zip(values[..<1000], values[1000..<2000]).count { $0 == $1 } < 5)
  }

  @Test func zeroRowsStayZero() throws {
    let parameters = data.parameters.copy()
    for k in 20..<40 { parameters.values[k] = 0 }
    let direction = try DirectionSet.make(.filter, count: 1, for: parameters, seed: 1).directions[0]
    #expect((20..<40).allSatisfy { direction.values[$0] == 0 } && direction.values[19] != 0)
  }

  @Test func fromAFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("directions.safetensors")
    let set = try DirectionSet.make(.filter, count: 2, for: data.parameters, seed: 1)
    var writer = SafetensorsWriter(metadata: [:])
    for (number, direction) in set.directions.enumerated() {
      for tensor in direction.layout.tensors {
        writer.add(
          name: "direction\(number + 1)/\(tensor.name)", shape: tensor.shape, Array(direction.floats[tensor.range]))
      }
    }
    try writer.write(to: path)
    let read = try DirectionSet.make(.file(path), count: 2, for: data.parameters, seed: 77)
    #expect(read.directions.map(\.floats) == set.directions.map(\.floats))
    #expect(read.seed == nil && read.kind.name == "file")
    #expect(throws: LandscapeError.missingDirection(path: path, tensor: "direction3/user_embedding.weight")) {
      try DirectionSet.make(.file(path), count: 3, for: data.parameters, seed: 1)
    }
    let wider = SmallData(users: 50, items: 60, dimension: 21)
    #expect(
      throws: LandscapeError.directionShape(
        path: path, tensor: "direction1/user_embedding.weight", expected: [50, 21], found: [50, 20])
    ) {
      try DirectionSet.make(.file(path), count: 1, for: wider.parameters, seed: 1)
    }
  }

  @Test func names() {
    #expect(DirectionKind("filter") == .filter && DirectionKind("layer") == .layer)
    #expect(DirectionKind("none") == DirectionKind.none && DirectionKind("file:a/b") == .file("a/b"))
    #expect(DirectionKind("pca")?.needsCheckpoints == true && DirectionKind("line")?.needsCheckpoints == true)
    #expect(DirectionKind("file:") == nil && DirectionKind("Filter") == nil && DirectionKind("") == nil)
  }
}
