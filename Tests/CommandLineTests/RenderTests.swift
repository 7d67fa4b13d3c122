import Foundation
import Storage
import TestSupport
import Testing

@Suite("landscape render")
struct RenderTests {
  let place = try! Workplace()

  func expectSamePicture(_ first: String, _ second: String) throws {
    let format = String(first.suffix(3))
    let pictures = try [first, second].map { withoutProvenance(try place.bytes($0), format) }
    #expect(pictures[0] == pictures[1] && pictures[0].count > 2000, "\(first) and \(second)")
  }

  // MARK: - The same pictures

  @Test("Everything that study draws of surfaces is drawn again from their files, byte by byte")
  func study() throws {
    try place.succeed(
      "study", "--dataset", Workplace.data, "--dim", "8", "--pretraining", "1", "--epochs", "1", "--volume-points",
      "7", "--output", "figures", "--runs", "runs", "--quiet", "--format", "png,svg")
    for dims in 1...3 {
      let files = ["bpr", "apr", "sharpcf", "sam", "gsam"].map { "runs/\($0)-\(dims)d.safetensors" }
      let more = dims == 3 ? ["--rise"] : []
      let outcome = try place.run(["render", "--format", "png,svg", "--output", "again/landscape"] + files + more)
      #expect(outcome.status == 0, "\(outcome.message)")
    }
    let drawn = try place.names("figures").filter { $0.hasPrefix("landscape") }
    #expect(try drawn.count == 8 && place.names("again") == drawn)
    for name in drawn { try expectSamePicture("figures/\(name)", "again/\(name)") }
    #expect(try place.text("again/landscape-2d.svg").contains("Surface SharpCF: sha256:"))
  }

  @Test("One file: the pictures stand beside it, as the default command drew them", arguments: ["1", "2", "3"])
  func oneFile(_ dims: String) throws {
    let checkpoint = try place.train()
    try place.succeed(
      checkpoint, "--dims", dims, "--points", "5", "--no-sharpness", "--format", "png,svg,pdf", "--scale", "log",
      "--output", "x")
    let names = try place.names().filter { $0.hasPrefix("x-") && !$0.hasSuffix("safetensors") }
    for name in names {
      try FileManager.default.moveItem(atPath: place.folder.path(name), toPath: place.folder.path("old-\(name)"))
    }
    try place.succeed("render", "x-\(dims)d.safetensors", "--scale", "log", "--format", "png,svg,pdf")
    #expect(try place.names().filter { $0.hasPrefix("x-") && !$0.hasSuffix("safetensors") } == names)
    for name in names where !name.hasSuffix("pdf") { try expectSamePicture(name, "old-\(name)") }
  }

  @Test("The same bytes twice and on any number of threads")
  func sameBytes() throws {
    try place.writeSurface("a-3d.safetensors", shape: [7, 6, 5])
    for (prefix, threads) in [("x", "1"), ("y", "2")] {
      try place.succeed(
        "render", "a-3d.safetensors", "--style", "volume,contour", "--format", "png,svg,pdf", "--output", prefix,
        "--threads", threads)
    }
    let names = try place.names().filter { $0.hasPrefix("x-") }
    #expect(names.count == 12)
    for name in names { #expect(try place.bytes(name) == place.bytes("y" + name.dropFirst()), "\(name) differs") }
  }

  // MARK: - Styles

  static let styles: [(dims: Int, style: String, files: [String])] = [
    (1, "line", ["x-1d.svg"]), (2, "contour", ["x-2d.svg"]), (2, "surface", ["x-2d-surface.svg"]),
    (2, "heat", ["x-2d-heat.svg"]), (2, "heat,contour", ["x-2d-heat.svg", "x-2d.svg"]), (3, "volume", ["x-3d.svg"]),
    (3, "contour", ["x-3d-contour-12.svg", "x-3d-contour-13.svg", "x-3d-contour-23.svg"]),
    (3, "surface", ["x-3d-surface-12.svg", "x-3d-surface-13.svg", "x-3d-surface-23.svg"]),
    (3, "heat", ["x-3d-heat-12.svg", "x-3d-heat-13.svg", "x-3d-heat-23.svg"]),
  ]

  @Test("Each style writes its own files, of one surface and of several", arguments: styles)
  func style(_ dims: Int, _ style: String, _ files: [String]) throws {
    let shape = Array([9, 7, 5].prefix(dims))
    let name = try place.writeSurface("a-\(dims)d.safetensors", shape: shape)
    try place.succeed("render", name, "--style", style, "--format", "svg", "--output", "x")
    #expect(try place.names().filter { $0.hasSuffix("svg") } == files)
    let single = try files.map { try place.bytes($0) }
    try place.succeed("render", "A=\(name)", "B=\(name)", "--style", style, "--format", "svg", "--output", "x")
    #expect(try place.names().filter { $0.hasSuffix("svg") } == files)
    for (name, bytes) in zip(files, single) {
      #expect(try place.bytes(name) != bytes)
      #expect(try place.text(name).contains("Surface B: sha256:"))
    }
  }

  @Test("A style that does not fit names those that do", arguments: [(1, "contour"), (2, "volume"), (3, "line")])
  func misfit(_ dims: Int, _ style: String) throws {
    let name = try place.writeSurface("a-\(dims)d.safetensors", shape: Array(repeating: 5, count: dims))
    let message = try place.refuse("render", name, "--style", style)
    #expect(message.contains("--style \(style)") && message.contains("\(dims)D"))
    #expect(message.contains(["line", "contour, surface, heat", "contour, surface, heat, volume"][dims - 1]))
    #expect(try place.names() == [name])
  }

  /// The picture of a surface is that of the plane of a volume that holds the same values.
  @Test(
    "Planes of a volume go through the checkpoint", arguments: ["surface"], [("12", 0, 1), ("13", 0, 2), ("23", 1, 2)])
  func planes(_ style: String, _ plane: (name: String, first: Int, second: Int)) throws {
    let axes = [[-1.0, -0.5, 0, 0.5, 1], [-1, 0, 1], [-2.0, -1, 0, 1]]
    func bowl(_ point: [Double]) -> Double { 0.1 + point[0] * point[0] + point[1] / 3 + abs(point[2]) + point[2] / 5 }
    let volume = try place.writeSurface("v-3d.safetensors", shape: [5, 3, 4], axes: axes, loss: bowl)
    let chosen = [axes[plane.first], axes[plane.second]]
    let flat = try place.writeSurface("p-2d.safetensors", shape: chosen.map(\.count), axes: chosen) { point in
      var whole = [0.0, 0, 0]
      (whole[plane.first], whole[plane.second]) = (point[0], point[1])
      return bowl(whole)
    }
    for name in [volume, flat] { try place.succeed("render", name, "--style", style, "--format", "svg") }
    let (ours, theirs) = ("v-3d-\(style)-\(plane.name).svg", "p-2d-\(style).svg")
    if plane.name == "12" {
      try expectSamePicture(ours, theirs)
    } else {  // β and γ stand where the other has α and β
      #expect(try place.bytes(ours) != place.bytes(theirs))
      let quads = try [ours, theirs].map { name in
        try place.text(name).matches(of: /<path fill=[^>]*>/).map { String($0.output) }
      }
      #expect(quads[0] == quads[1] && quads[0].count > 100, "\(quads.map(\.count))")
    }
  }

  @Test("Heat maps have direction 1 to the right and direction 2 upwards")
  func heat() throws {
    try place.writeSurface("x-2d.safetensors", shape: [5, 3]) { $0[0] + 2 }
    try place.writeSurface("y-2d.safetensors", shape: [5, 3]) { $0[1] + 2 }
    let cells = try ["x", "y"].map { name in
      try place.succeed("render", "\(name)-2d.safetensors", "--style", "heat", "--format", "svg")
      let fills = try place.text("\(name)-2d-heat.svg").matches(of: /<path fill="(#[0-9a-f]+)"/).prefix(15)
      return fills.map { String($0.1) }
    }
    let (low, middle, high) = (cells[0][0], cells[0][2], cells[0][4])
    #expect(Set(cells[0].prefix(5)).count == 5 && cells[0].count == 15)
    #expect(cells[0] == Array(repeating: Array(cells[0].prefix(5)), count: 3).flatMap { $0 })
    #expect(cells[1] == [high, middle, low].flatMap { Array(repeating: $0, count: 5) })
  }

  @Test("Labels name the drawn directions and where the third is held")
  func labels() throws {
    let axes = [[-1.0, 0, 1], [0.25, 0.5], [-1.0, 0, 1]]
    let name = try place.writeSurface("v-3d.safetensors", shape: [3, 2, 3], axes: axes)
    try place.succeed("render", name, "--style", "contour,heat", "--format", "svg", "--rise")
    for (plane, value, signs) in [
      ("12", "Δℒ(α, β, 0)", ["α", "β"]), ("13", "Δℒ(α, 0.25, γ)", ["α", "γ"]), ("23", "Δℒ(0, β, γ)", ["β", "γ"]),
    ] {
      for style in ["contour", "heat"] {
        let labels = try place.text("v-3d-\(style)-\(plane).svg").matches(of: /aria-label="([^"]*)"/).map { $0.1 }
        #expect(labels.contains { $0 == value }, "\(labels)")
        #expect(labels.filter { "αβγ".contains($0) }.map(String.init).sorted() == signs, "\(labels)")
      }
    }
  }

  // MARK: - Several files

  @Test("Files are called by their names, objectives, files or folders, and NAME=a,b numbers")
  func names() throws {
    for folder in ["p", "q"] {
      try FileManager.default.createDirectory(atPath: place.folder.path(folder), withIntermediateDirectories: true)
      try place.writeSurface("\(folder)/s.safetensors", shape: [5])
    }
    try place.writeSurface("t.safetensors", shape: [5], objective: "sharpcf")
    let cases: [([String], [String])] = [
      (["p/s.safetensors", "q/s.safetensors"], ["p", "q"]), (["p/s.safetensors", "t.safetensors"], ["s", "t"]),
      (["λ=0.1=p/s.safetensors", "t.safetensors"], ["λ=0.1", "SharpCF"]),
      (["m=p/s.safetensors,q/s.safetensors", "t.safetensors"], ["m 1", "m 2", "SharpCF"]),
    ]
    for (files, names) in cases {
      let outcome = try place.run(["render", "--format", "svg"] + files)
      try #require(outcome.status == 0, "\(outcome.message)")
      let found = try place.text("render-1d.svg").matches(of: /Surface (.*): sha256:/).map { String($0.1) }
      #expect(found == names, "\(files)")
    }
  }

  @Test("What was not computed alike is said")
  func remarks() throws {
    for seed in ["1", "2"] {
      try place.writeSurface(
        "\(seed).safetensors", shape: [5], metadata: ["landscape.direction_seed": seed, "landscape.loss": "train"])
    }
    let outcome = try place.run(["render", "1.safetensors", "2.safetensors"])
    #expect(outcome.status == 0 && outcome.message.contains("different random directions"), "\(outcome.message)")
    #expect(!outcome.message.contains("--loss"))
    #expect(try place.run(["render", "A=1.safetensors", "B=1.safetensors"]).errorLines.count == 1)
  }

  // MARK: - Refusals

  @Test("What is no surface, or lies on other axes, is refused in one line; nothing is written")
  func refusals() throws {
    let checkpoint = try place.train()
    let plane = try place.writeSurface("a-2d.safetensors", shape: [5, 3])
    try place.writeSurface("b-2d.safetensors", shape: [3, 5])
    try place.writeSurface("c-2d.safetensors", shape: [5, 3], axes: [[-2, -1, 0, 1, 2], [-1, 0, 1]])
    try place.writeSurface("d-1d.safetensors", shape: [5])
    try place.writeSurface("e-2d.safetensors", shape: [5, 1], axes: [[-2, -1, 0, 1, 2], [0]])
    try place.write(Data("nothing of the kind".utf8), "text.txt")
    let before = try place.names()
    #expect(try place.refuse("render", checkpoint).contains("is a checkpoint"))
    #expect(try place.refuse("render", "run/state.safetensors").contains("is no surface file"))
    #expect(try place.refuse("render", "text.txt").contains("text.txt"))
    #expect(try place.refuse("render", "missing.safetensors").contains("missing.safetensors"))
    for other in ["b-2d", "c-2d", "d-1d"] {
      let message = try place.refuse("render", plane, "\(other).safetensors")
      #expect(message.contains(other) && message.contains(plane) && message.contains("5×3"), "\(message)")
    }
    #expect(try place.refuse("render", "e-2d.safetensors").contains("fewer than 2 points"))
    #expect(try place.names() == before)
  }

  @Test("Wrong options are usage errors that name the fault")
  func misuse() throws {
    let name = try place.writeSurface("a-2d.safetensors", shape: [5, 3])
    for (option, value) in [
      ("--style", "pie"), ("--style", "heat,"), ("--theme", "pink"), ("--size", "0x10"), ("--size", "big"),
      ("--camera", "45"), ("--camera", "45,100"), ("--camera", "a,b"), ("--levels", "1"), ("--levels", "65"),
      ("--levels", "2,1"), ("--levels", "1,nan"), ("--levels", ""), ("--format", "jpg"), ("--scale", "cubic"),
      ("--dpi", "10"),
    ] {
      try place.misuse("render", name, option, value, naming: option)
    }
    try place.misuse("render", name, "--style", "heat", "--camera", "45,30", naming: "--camera")
    let line = try place.writeSurface("b-1d.safetensors", shape: [5])
    try place.misuse("render", line, "--levels", "0.5,1", naming: "--levels")
    try place.misuse("render", line, "--camera", "45,30", naming: "--camera")
    try place.misuse("render", name, "--style", "surface", "--levels", "4", naming: "--levels")
    try place.misuse("render", name, "--scale", "linear", "--log", naming: "--log")
    try place.misuse("render", name, "--log", "--levels=-1,1", naming: "--levels")
    try place.misuse("render", name, "--style", "contour", "--levels", "0.7", naming: "--levels")
    let volume = try place.writeSurface("v-3d.safetensors", shape: [3, 3, 3])
    try place.misuse("render", volume, "--levels", "90.5", naming: "have values between")
    for other in [volume, line] { try FileManager.default.removeItem(atPath: place.folder.path(other)) }
    try place.misuse("render", "A=\(name)", "A=\(name)", naming: "same name")
    try place.misuse("render", "A=", naming: "NAME=")
    try place.misuse("render", naming: "<files>")
    #expect(try place.names() == [name])
  }
}
