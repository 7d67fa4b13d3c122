import ArgumentParser
import Foundation
import LinearAlgebra
import Recommenders
import Storage

/// What a checkpoint or surface file holds.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Tensors, metadata and norms of a checkpoint, or of any safetensors file.")

  @Argument(help: "One or more files.")
  var files: [String]

  @OptionGroup var common: CommonOptions

  func run() throws {
    let terminal = common.start()
    for file in files { terminal.result(try report(file)) }
  }

  private func report(_ path: String) throws -> String {
    let file = try SafetensorsFile(path: path)
    var lines = ["\(path)", "  sha256 \(try file.sha256())"]
    for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) { lines.append("  \(key) = \(value)") }
    let width = file.tensors.map(\.name.count).max() ?? 0
    for tensor in file.tensors {
      let shape = tensor.shape.map(String.init).joined(separator: "×")
      lines.append(
        "  " + tensor.name.rightPadded(to: width + 2) + tensor.elementType.rawValue.rightPadded(to: 5)
          + (shape.isEmpty ? "scalar" : shape).rightPadded(to: 14) + (try statistics(of: tensor, in: file)))
    }
    return lines.joined(separator: "\n")
  }

  /// Norm and row norms of a tensor of floats.
  private func statistics(of tensor: TensorDescription, in file: SafetensorsFile) throws -> String {
    guard [.f32, .f16, .bf16, .f64].contains(tensor.elementType) else { return "" }
    let count = tensor.shape.reduce(1, *)
    let values = FloatBuffer(count: count)
    _ = try file.copyFloats(of: tensor.name, into: values.values)
    let bad = values.values.reduce(0) { $1.isFinite ? $0 : $0 + 1 }
    var text = "norm \(number(values.norm))"
    if tensor.shape.count == 2, tensor.shape[1] > 0 {
      let width = tensor.shape[1]
      let norms = (0..<tensor.shape[0]).map { row in
        FloatBuffer(sharing: values, in: row * width..<(row + 1) * width).norm
      }.sorted()
      if let low = norms.first, let high = norms.last {
        text += ", rows \(number(low)) / \(number(norms[norms.count / 2])) / \(number(high)) (min / median / max)"
      }
    }
    return bad > 0 ? text + ", \(bad) not finite" : text
  }
}
