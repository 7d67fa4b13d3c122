import Foundation
import Storage
import Testing

@Suite("Directions of the default command")
struct DirectionsTests {
  let place = try! Workplace()

  private func surface(_ checkpoint: String, _ directions: String, dims: String = "2") throws -> SafetensorsFile {
    try place.succeed(
      checkpoint, "--dims", dims, "--points", "5", "--directions", directions, "--no-sharpness", "--format", "none",
      "--output", "x")
    return try place.open("x-\(dims)d.safetensors")
  }

  @Test("filter, layer and none are three different surfaces around the same point")
  func kinds() throws {
    let checkpoint = try place.train()
    let surfaces = try ["filter", "layer", "none"].map { kind in
      let surface = try surface(checkpoint, kind)
      #expect(surface.metadata["landscape.directions"] == kind)
      #expect(surface.metadata["landscape.command"]?.contains("--directions \(kind)") == true)
      return (loss: try surface.doubles(of: "loss"), origin: try surface.doubles(of: "loss_at_origin"))
    }
    #expect(Set(surfaces.map(\.loss)).count == 3)
    #expect(Set(surfaces.map(\.origin)).count == 1)
  }

  /// Two tables and two directions whose surface is known: u = (a), i and j = (b₀, b₁).
  @Test("Directions from a file are used as given")
  func file() throws {
    try place.write(Data("0 0\n".utf8), "train.txt")
    try place.write(Data("0 1\n".utf8), "test.txt")
    try place.writeTables("x.bin", users: [[2]], items: [[0.5], [-1]])
    var writer = SafetensorsWriter()
    for (number, user, items) in [(1, [Float(1)], [Float(0), 0]), (2, [Float(0)], [Float(1), -0.5])] {
      writer.add(name: "direction\(number)/user_embedding.weight", shape: [1, 1], user)
      writer.add(name: "direction\(number)/item_embedding.weight", shape: [2, 1], items)
    }
    try writer.write(to: place.folder.path("directions.safetensors"))
    try place.succeed(
      "x.bin", "--dataset", ".", "--range=-1:1", "--points", "5x3", "--directions", "file:directions.safetensors",
      "--no-sharpness", "--format", "none")
    let loss = try place.open("x-2d.safetensors").doubles(of: "loss")
    for (i, a) in [-1, -0.5, 0, 0.5, 1].enumerated() {
      for (j, b) in [-1.0, 0, 1].enumerated() {
        let margin = (2 + a) * ((0.5 + b) - (-1 - 0.5 * b))
        #expect(abs(loss[3 * i + j] - log1p(exp(-margin))) < 1e-6, "α = \(a), β = \(b)")
      }
    }
  }

  @Test("A directions file that does not fit is refused")
  func wrongFile() throws {
    let checkpoint = try place.train()
    var writer = SafetensorsWriter()
    writer.add(name: "direction1/user_embedding.weight", shape: [60, 7], [Float](repeating: 1, count: 420))
    writer.add(name: "direction1/item_embedding.weight", shape: [200, 8], [Float](repeating: 1, count: 1600))
    try writer.write(to: place.folder.path("d.safetensors"))
    let shape = try place.refuse(checkpoint, "--quiet", "--dims", "1", "--directions", "file:d.safetensors")
    #expect(shape.contains("direction1/user_embedding.weight") && shape.contains("[60, 7]"))
    let missing = try place.refuse(checkpoint, "--quiet", "--dims", "1", "--directions", "file:\(checkpoint)")
    #expect(missing.contains("direction1/user_embedding.weight"))
    #expect(try place.refuse(checkpoint, "--quiet", "--directions", "file:none").contains("none"))
    #expect(try place.names("run").filter { $0.contains("1d") || $0.contains("2d") }.isEmpty)
  }
}
