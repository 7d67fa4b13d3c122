import Foundation
import Storage
import TestSupport
import Testing

/// Values that other tools read are those of the surface file, bit by bit.
@Suite("Exports for other tools")
struct ExportTests {
  let place = try! Workplace()

  /// Of different lengths, so that no two axes can be mistaken for each other.
  static let shapes = [[7], [5, 3], [3, 5], [4, 3, 2], [2, 3, 4]]
  static let hasNumPy = Python.has("numpy")
  static let hasVTK = Python.has("vtk", "numpy")

  /// Reads the surface file with nothing but NumPy: `tensors` by name, `shape`, `axes`.
  private static let reading = """
    import sys, json, struct, numpy as np
    def safetensors(path):
        data = open(path, "rb").read()
        length, = struct.unpack("<Q", data[:8])
        header = json.loads(data[8:8 + length])
        facts = header.pop("__metadata__")
        place = 8 + length
        return facts, {name: np.frombuffer(data[place + e["data_offsets"][0]:place + e["data_offsets"][1]], "<f8")
                       .reshape(e["shape"]) for name, e in header.items()}
    facts, tensors = safetensors(sys.argv[1])
    facts = {k: v for k, v in facts.items() if k not in ("landscape.kind", "landscape.format")}
    loss = tensors["loss"]
    axes = [tensors[f"axis{k + 1}"] for k in range(loss.ndim)]
    values = ["loss", "l2", "standard_error"]
    def same(a, b):
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        assert a.shape == b.shape, (a.shape, b.shape)
        assert np.array_equal(a, b, equal_nan=True), (a, b)

    """

  /// A surface with a NaN and, unless it is left out, an infinity; exported as `format`, then read by `script`.
  private func check(_ shape: [Int], _ format: String, hasInfinity: Bool = true, _ script: String) throws {
    let dims = shape.count
    try place.writeSurface("s-\(dims)d.safetensors", shape: shape, metadata: ["own": "ä <&> --"]) { point in
      let corner = point.allSatisfy { $0 == 1 }
      let edge = point[0] == -1 && point.dropFirst().allSatisfy { $0 == 1 }
      let value = zip([1, 10, 100], point).reduce(0) { $0 + ($1.0 + 0.1) * $1.1 } / 3
      return edge ? .nan : corner && hasInfinity ? .infinity : value
    }
    try place.succeed("render", "s-\(dims)d.safetensors", "--format", "none", "--export", format, "--quiet")
    #expect(try place.names() == ["s-\(dims)d.\(format)", "s-\(dims)d.safetensors"].sorted())
    try Python.run(
      Self.reading + script, place.folder.path("s-\(dims)d.safetensors"), place.folder.path("s-\(dims)d.\(format)"))
  }

  @Test("CSV by NumPy", .enabled(if: hasNumPy, "python3 has no numpy"), arguments: shapes)
  func csv(_ shape: [Int]) throws {
    try check(
      shape, "csv",
      """
      table = np.genfromtxt(sys.argv[2], delimiter=",", names=True)
      assert table.dtype.names == tuple([f"axis{k + 1}" for k in range(loss.ndim)] + values), table.dtype
      for k, grid in enumerate(np.meshgrid(*axes, indexing="ij")): same(table[f"axis{k + 1}"], grid.ravel())
      for name in values: same(table[name].reshape(loss.shape), tensors[name])
      """)
  }

  @Test("NPZ by NumPy", .enabled(if: hasNumPy, "python3 has no numpy"), arguments: shapes)
  func npz(_ shape: [Int]) throws {
    try check(
      shape, "npz",
      """
      with np.load(sys.argv[2], allow_pickle=False) as f:
          assert set(f.files) == set(tensors) | {"metadata"}, f.files
          for name in tensors:
              assert f[name].dtype == np.float64
              same(f[name], tensors[name])
          assert json.loads(str(f["metadata"])) == facts, str(f["metadata"])
      """)
  }

  @Test("JSON by Python", .enabled(if: hasNumPy, "python3 has no numpy"), arguments: shapes)
  func json(_ shape: [Int]) throws {
    try check(
      shape, "json",
      """
      found = json.load(open(sys.argv[2], encoding="utf-8"))
      assert found.pop("metadata") == facts
      assert set(found) == set(tensors), found.keys()
      for name in tensors: same(found[name], tensors[name])
      """)
  }

  /// What VTK keeps of the surface as a whole, by either reader.
  private static let fieldData = """
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy
    def whole(field):
        assert json.loads(field.GetAbstractArray("metadata").GetValue(0)) == facts
        for name in set(tensors) - set(values): same(vtk_to_numpy(field.GetArray(name)), tensors[name].ravel())

    """

  @Test("VTK ImageData by VTK", .enabled(if: hasVTK, "python3 has no vtk (pip install vtk)"), arguments: shapes)
  func vti(_ shape: [Int]) throws {
    try check(
      shape, "vti",
      Self.fieldData + """
        reader = vtk.vtkXMLImageDataReader()
        reader.SetFileName(sys.argv[2])
        reader.Update()
        image = reader.GetOutput()
        assert image.GetDimensions() == (loss.shape + (1, 1))[:3], image.GetDimensions()
        assert image.GetPointData().GetScalars().GetName() == "loss"
        whole(image.GetFieldData())
        arrays = {name: image.GetPointData().GetArray(name) for name in values}
        for index in np.ndindex(loss.shape):
            point = image.ComputePointId(list(index + (0, 0))[:3])
            for name in values: same(arrays[name].GetValue(point), tensors[name][index])
            place = image.GetPoint(point)
            for k in range(loss.ndim): assert abs(place[k] - axes[k][index[k]]) < 1e-12
            assert all(x == 0 for x in place[loss.ndim:])
        """)
  }

  @Test(
    "VTK PolyData by VTK", .enabled(if: hasVTK, "python3 has no vtk (pip install vtk)"), arguments: [[5, 3], [3, 5]],
    [true, false])
  func vtp(_ shape: [Int], _ hasInfinity: Bool) throws {
    try check(
      shape, "vtp", hasInfinity: hasInfinity,
      Self.fieldData + """
        reader = vtk.vtkXMLPolyDataReader()
        reader.SetFileName(sys.argv[2])
        reader.Update()
        mesh = reader.GetOutput()
        whole(mesh.GetFieldData())
        for name in values: same(vtk_to_numpy(mesh.GetPointData().GetArray(name)).reshape(loss.shape), tensors[name])
        points = vtk_to_numpy(mesh.GetPoints().GetData()).reshape(loss.shape + (3,))
        for k, grid in enumerate(np.meshgrid(*axes, indexing="ij")): same(points[..., k], grid)
        lowest = loss[np.isfinite(loss)].min()
        same(points[..., 2], np.where(np.isfinite(loss), loss, lowest))
        # Every cell without a hole once, counter-clockwise: its area in the plane is that of the cell.
        whole = sum(np.isfinite(loss[i:i + 2, j:j + 2]).all()
                    for i in range(loss.shape[0] - 1) for j in range(loss.shape[1] - 1))
        seen = set()
        for cell in range(mesh.GetNumberOfCells()):
            ids = [mesh.GetCell(cell).GetPointId(k) for k in range(mesh.GetCell(cell).GetNumberOfPoints())]
            x, y, z = np.array([mesh.GetPoint(i) for i in ids]).T
            area = (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2
            assert abs(area - (axes[0][1] - axes[0][0]) * (axes[1][1] - axes[1][0])) < 1e-12, area
            assert all(np.isfinite(loss.ravel()[i]) for i in ids)
            seen.add(min(ids))
        assert len(seen) == mesh.GetNumberOfCells() == whole, (seen, whole)
        """)
  }

  @Test("The commands that compute a surface export the same bytes as render does from its file")
  func fromTheCommands() throws {
    let checkpoint = try place.train()
    try place.train("other", "--seed", "2")
    let formats = ["csv", "npz", "vti", "vtp", "json"]
    let options = ["--points", "5x3", "--format", "none", "--no-sharpness", "--export", formats.joined(separator: ",")]
    #expect(try place.run([checkpoint, "--output", "x"] + options).status == 0)
    #expect(try place.run(["compare", "a=\(checkpoint)", "b=other/checkpoint.bin"] + options).status == 0)
    try place.succeed("render", "x-2d.safetensors", "--output", "y", "--format", "none", "--export", options.last!)
    try place.succeed(
      "render", "a=compare-a-2d.safetensors", "b=compare-b-2d.safetensors", "--output", "z", "--format", "none",
      "--export", options.last!)
    for format in formats {
      #expect(try place.bytes("x-2d.\(format)") == place.bytes("y-2d.\(format)"))
      for name in ["a", "b"] {
        #expect(try place.bytes("compare-\(name)-2d.\(format)") == place.bytes("z-\(name)-2d.\(format)"))
      }
      #expect(try place.bytes("x-2d.\(format)") == place.bytes("compare-a-2d.\(format)"))
      #expect(try place.bytes("compare-b-2d.\(format)") != place.bytes("compare-a-2d.\(format)"))
    }
  }

  @Test("What a format cannot hold is refused in one line, before anything is computed or written")
  func refusals() throws {
    try place.writeSurface("line-1d.safetensors", shape: [5])
    try place.writeSurface("cube-3d.safetensors", shape: [3, 3, 3])
    try place.writeSurface("uneven-2d.safetensors", shape: [3, 3], axes: [[-1, 0, 1], [-1, 0, 3]])
    let before = try place.names()
    for name in ["line-1d", "cube-3d"] {
      let message = try place.refuse("render", "\(name).safetensors", "--export", "csv,vtp")
      #expect(message.contains("--export vtp") && message.contains("vti"))
    }
    let message = try place.refuse("render", "uneven-2d.safetensors", "--format", "none", "--export", "vti")
    #expect(message.contains("axis 2") && message.contains("npz"))
    try place.misuse("render", "cube-3d.safetensors", "--export", "xlsx", naming: "xlsx")
    try place.misuse("x.bin", "--export", "csv,", naming: "empty name")
    #expect(try place.names() == before)
    let checkpoint = try place.train()
    let trained = try place.names("run")
    #expect(try place.refuse(checkpoint, "--dims", "3", "--points", "5", "--export", "vtp").contains("3D"))
    #expect(try place.names("run") == trained)
    try place.succeed("render", "uneven-2d.safetensors", "--format", "none", "--export", "csv,npz,json,vtp")
  }
}
