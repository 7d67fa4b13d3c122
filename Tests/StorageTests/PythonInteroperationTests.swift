import Foundation
import Storage
import TestSupport
import Testing

@Suite(
  .enabled(
    if: Python.has("safetensors.numpy", "numpy"),
    "python3 has no safetensors and numpy (pip install safetensors numpy)"))
struct PythonInteroperationTests {
  let scratch = Scratch()

  @Test func pythonReadsOurs() throws {
    let path = scratch.path("ours.bin")
    var writer = SafetensorsWriter(metadata: ["landscape.format": "1", "text": "\"∇²\"\n"])
    writer.add(name: "table", shape: [2, 3], [0.5, 1, 2, 3, 4, 5] as [Float])
    writer.add(name: "loss", shape: [2], [0.1, .infinity])
    writer.add(name: "done", shape: [3], [1, 0, 1] as [UInt8])
    writer.add(name: "empty", shape: [0, 4], [] as [Float])
    try writer.write(to: path)
    let script = """
      import sys, json
      from safetensors import safe_open
      with safe_open(sys.argv[1], framework="np") as f:
          tensors = {k: [str(f.get_tensor(k).dtype), list(f.get_tensor(k).shape), f.get_tensor(k).ravel().tolist()]
                     for k in f.keys()}
          print(json.dumps([f.metadata(), tensors], sort_keys=True, ensure_ascii=False))
      """
    let expected =
      #"[{"landscape.format": "1", "text": "\"∇²\"\n"}, {"done": ["uint8", [3], [1, 0, 1]], "empty": "#
      + #"["float32", [0, 4], []], "loss": ["float64", [2], [0.1, Infinity]], "#
      + #""table": ["float32", [2, 3], [0.5, 1.0, 2.0, 3.0, 4.0, 5.0]]}]"# + "\n"
    #expect(try Python.run(script, path) == expected)
  }

  @Test func weReadPythons() throws {
    let path = scratch.path("theirs.safetensors")
    let script = """
      import sys, numpy as np
      from safetensors.numpy import save_file
      save_file({"half": np.array([[1.5, -2.0], [65504, 6e-8]], dtype=np.float16), "wide": np.array([0.1]),
                 "whole": np.arange(3), "flags": np.array([True, False]), "point": np.array(2.5, dtype=np.float32)},
                sys.argv[1], metadata={"who": "Python ∇"})
      """
    try Python.run(script, path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["who": "Python ∇"])
    #expect(try file.doubles(of: "half") == [1.5, -2, 65504, 0x1p-24])
    #expect(file.tensor("half")?.shape == [2, 2])
    #expect(try file.doubles(of: "wide") == [0.1])
    #expect(try file.integers(of: "whole") == [0, 1, 2])
    #expect(try file.integers(of: "flags") == [1, 0])
    #expect(try file.doubles(of: "point") == [2.5])
  }

  /// With at most one metadata key (the reference leaves their order open) the bytes agree.
  @Test func theSameBytesAsTheReference() throws {
    let (ours, theirs) = (scratch.path("ours"), scratch.path("theirs"))
    let script = """
      import sys, numpy as np
      from safetensors.numpy import save_file
      types = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]
      save_file({f"{name}{t}": np.zeros((2, 3), dtype=t) for t in types for name in ["b", "a", "é\\n\\x01\\"/"]},
                sys.argv[1], metadata={"key": "value"})
      """
    try Python.run(script, theirs)
    let types: [(String, ElementType)] = [
      ("f8", .f64), ("f4", .f32), ("f2", .f16), ("i8", .i64), ("i4", .i32), ("i2", .i16), ("i1", .i8), ("u8", .u64),
      ("u4", .u32), ("u2", .u16), ("u1", .u8), ("?", .bool),
    ]
    let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: 48, alignment: 8)
    zeros.initializeMemory(as: UInt8.self, repeating: 0)
    defer { zeros.deallocate() }
    var writer = SafetensorsWriter(metadata: ["key": "value"])
    for (suffix, type) in types {
      for name in ["a", "é\n\u{1}\"/", "b"] {
        let bytes = UnsafeRawBufferPointer(rebasing: zeros[..<(6 * type.size)])
        writer.add(name: name + suffix, shape: [2, 3], elementType: type, bytes: bytes)
      }
    }
    try writer.write(to: ours)
    #expect(try contents(ours) == contents(theirs))
  }

  /// The three lines that the error message offers do what it says.
  @Test(.enabled(if: Python.has("torch"), "python3 has no torch"))
  func theConverterWorks() throws {
    let path = scratch.path("it's \"my\".model.pt")
    try Python.run(
      """
      import sys, torch
      weight = torch.arange(6.0).reshape(3, 2).t()
      torch.save({"epoch": 3, "state_dict": {"a": weight, "b": weight}}, sys.argv[1])
      """, path)
    let error = #expect(throws: SafetensorsError.zip(path: path)) { try SafetensorsFile(path: path) }
    let converter = try #require(error).message.split(separator: "\n").dropFirst().joined(separator: "\n")
    try Python.run("import os, sys; os.chdir(sys.argv[1])\n" + converter, scratch.folder)
    let file = try SafetensorsFile(path: scratch.path("it's \"my\".model.safetensors"))
    #expect(file.tensors.map(\.shape) == [[2, 3], [2, 3]])
    #expect(try file.doubles(of: "a") == [0, 2, 4, 1, 3, 5])
  }

  /// Files that the reference refuses are refused here too, and the other way round.
  @Test func theReferenceAgreesOnDamage() throws {
    let entry = { (offsets: String) in "{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[\(offsets)]}" }
    let headers = [
      "{\"a\":\(entry("0,4"))}", "{\"a\":\(entry("0,4")),\"b\":\(entry("4,8"))}", "{}", "{\"__metadata__\":{}}",
      "{\"a\":\(entry("1,5"))}", "{\"a\":\(entry("0,4")),\"b\":\(entry("2,6"))}", "{\"a\":\(entry("0,5"))}",
      "{\"a\":\(entry("4,0"))}", "{\"a\":\(entry("0,-4"))}", "[]", "{", "{\"a\":1}", "{\"__metadata__\":{\"a\":1}}",
    ]
    let script = """
      import sys
      from safetensors import deserialize
      for path in sys.argv[1:]:
          try: deserialize(open(path, "rb").read()); print("y", end="")
          except Exception: print("n", end="")
      """
    for bytes in [0, 4, 6, 8] {
      var verdict = ""
      for (index, header) in headers.enumerated() {
        let path = try scratch.file("\(index)", handmade(header, data: Data(count: bytes)))
        verdict += (try? SafetensorsFile(path: path)) == nil ? "n" : "y"
        #expect(try Python.run(script, path) == String(verdict.last!), "\(header) with \(bytes) bytes")
      }
      #expect(Set(verdict) == ["y", "n"] || bytes == 6)
    }
  }
}
