import LinearAlgebra
import Storage

extension Checkpoint {
  /// The backbone that is assumed for files that name none.
  public static let defaultBackbone = MatrixFactorisation.name

  /// Reads a checkpoint, or any safetensors file that holds a user and an item table under a known name.
  ///
  /// Names become canonical by ``TensorAliases``; F64, F16 and BF16 become F32; what was done stands in
  /// ``Origin/notes``. Whether the tables fit a data set is asked with ``requireRows(users:items:)``.
  ///
  /// - Parameters:
  ///   - backbone: decides which tensors belong to the model; nil: what the file says, else mf.
  ///   - ignoring: tensors to leave out, by their names in the file.
  /// - Throws: ``FileError``, ``SafetensorsError``, ``CheckpointError``.
  public static func read(
    path: String, backbone: String? = nil, ignoring ignored: Set<String> = []
  ) throws -> Checkpoint {
    let file = try SafetensorsFile(path: path)
    var metadata = try Metadata(strings: file.metadata, path: path)
    var notes: [String] = []
    if let backbone, let recorded = metadata?.backbone, recorded != backbone {
      notes.append("read as \(backbone), though the file says \(recorded)")
      metadata?.backbone = backbone
    }
    let model = backbone ?? metadata?.backbone ?? defaultBackbone
    let selection = try select(from: file, backbone: model, ignoring: ignored, notes: &notes)
    try checkTables(selection, path: path)
    let parameters = try load(selection, from: file, notes: &notes)
    let origin = Origin(path: path, sha256: try file.sha256(), notes: notes)
    return Checkpoint(metadata: metadata, parameters: parameters, origin: origin)
  }

  /// A tensor of the file under its canonical name.
  private struct Selected {
    let canonical: String
    let description: TensorDescription
    /// Whether rows and columns are exchanged on reading.
    var isTransposed: Bool { description.shape.count == 2 && TensorAliases.isOutIn(description.name) }

    /// As in our models: weights (in, out), biases a vector.
    var shape: [Int] {
      let shape = description.shape
      if isTransposed { return shape.reversed() }
      return shape.count == 2 && shape[0] == 1 && TensorAliases.filter(of: canonical) == .whole ? [shape[1]] : shape
    }
  }

  /// The tensors of a backbone, in canonical order.
  private static func select(
    from file: SafetensorsFile, backbone: String, ignoring ignored: Set<String>, notes: inout [String]
  ) throws -> [Selected] {
    guard Backbones.names.contains(backbone) else {
      throw CheckpointError.unknownBackbone(path: file.path, backbone: backbone)
    }
    var selected: [String: TensorDescription] = [:]
    for tensor in file.tensors {
      if ignored.contains(tensor.name) {
        notes.append("\(tensor.name): left out as asked")
        continue
      }
      let canonical = TensorAliases.canonicalName(of: tensor.name)
      guard TensorAliases.belongs(canonical, to: backbone) else {
        throw CheckpointError.unknownTensor(path: file.path, tensor: tensor.name, backbone: backbone)
      }
      if let other = selected.updateValue(tensor, forKey: canonical) {
        throw CheckpointError.ambiguousTensors(path: file.path, first: other.name, second: tensor.name, as: canonical)
      }
      if canonical != tensor.name { notes.append("\(tensor.name): read as \(canonical)") }
    }
    for table in [TensorAliases.userTable, TensorAliases.itemTable] where selected[table] == nil {
      throw CheckpointError.missingTable(path: file.path, table: table, found: file.tensors.map(\.name).sorted())
    }
    return selected.map { Selected(canonical: $0, description: $1) }
      .sorted { TensorAliases.precedes($0.canonical, $1.canonical) }
  }

  /// Two tables, two-dimensional, with rows and of one width.
  private static func checkTables(_ selection: [Selected], path: String) throws {
    let tables = selection.prefix(2).map(\.description)
    for table in tables {
      guard table.shape.count == 2 else {
        throw CheckpointError.notTwoDimensional(path: path, tensor: table.name, shape: table.shape)
      }
      guard table.count > 0 else {
        throw CheckpointError.emptyTable(path: path, tensor: table.name, shape: table.shape)
      }
    }
    guard tables[0].shape[1] == tables[1].shape[1] else {
      throw CheckpointError.widthsDiffer(path: path, users: tables[0].shape, items: tables[1].shape)
    }
  }

  private static func load(
    _ selection: [Selected], from file: SafetensorsFile, notes: inout [String]
  ) throws -> ParameterVector {
    for tensor in selection.map(\.description) where !tensor.elementType.isFloatingPoint {
      throw SafetensorsError.wrongElementType(
        path: file.path, tensor: tensor.name, found: tensor.elementType, wanted: "floating-point numbers")
    }
    let layout = ParameterLayout(
      selection.map { ($0.canonical, $0.shape, TensorAliases.filter(of: $0.canonical)) })
    let parameters = ParameterVector(layout: layout)
    for (tensor, source) in zip(layout.tensors, selection) {
      let target = UnsafeMutableBufferPointer(start: parameters.pointer(to: tensor), count: tensor.count)
      if let conversion = try file.copyFloats(of: source.description.name, into: target) {
        notes.append(conversion.note)
      }
      if source.isTransposed {
        transpose(target, rows: tensor.columns, columns: tensor.rows)
        notes.append("\(source.description.name): rows and columns exchanged")
      }
    }
    return parameters
  }

  /// (rows, columns) ← its transpose, (columns, rows), in place.
  private static func transpose(_ values: UnsafeMutableBufferPointer<Float>, rows: Int, columns: Int) {
    let copy = Array(values)
    for row in 0..<rows {
      for column in 0..<columns { values[column * rows + row] = copy[row * columns + column] }
    }
  }
}
