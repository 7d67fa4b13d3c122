import Foundation
import Storage
import TestSupport
import Testing

/// Levels, sizes, themes, and what a picture says of them.
extension RenderTests {
  @Test(
    "Options change the picture",
    arguments: [
      (2, "contour", ["--levels", "5"]), (2, "contour", ["--levels", "0.6,1,1.4,1.8"]), (2, "contour", ["--rise"]),
      (2, "contour", ["--log"]), (2, "contour", ["--size", "120x100"]), (2, "surface", ["--camera=-60,15"]),
      (2, "surface", ["--levels", "0.6,1"]), (2, "surface", ["--floor"]), (2, "heat", ["--levels", "0.6,1"]),
      (2, "heat", ["--log"]),
      (1, "line", ["--log"]), (1, "line", ["--size", "page"]), (3, "volume", ["--levels", "0.8,1.2"]),
      (3, "volume", ["--levels", "0.8"]), (3, "volume", ["--camera", "70,40"]), (3, "volume", ["--levels", "6"]),
      (3, "volume", ["--size", "slide"]),
    ])
  func options(_ dims: Int, _ style: String, _ options: [String]) throws {
    let name = try place.writeSurface("a-\(dims)d.safetensors", shape: Array([9, 7, 5].prefix(dims)))
    for (prefix, more) in [("x", []), ("y", options)] {
      let outcome = try place.run(["render", name, "--style", style, "--format", "svg", "--output", prefix] + more)
      try #require(outcome.status == 0, "\(outcome.message)")
    }
    let files = try place.names().filter { $0.hasSuffix("svg") }
    let pictures = try files.map { withoutProvenance(try place.bytes($0), "svg") }
    #expect(files.count == 2 && pictures[0] != pictures[1])
    if options[0] == "--log" {
      try place.succeed("render", name, "--style", style, "--format", "svg", "--output", "y", "--scale", "log")
      #expect(withoutProvenance(try place.bytes(files[1]), "svg") == pictures[1])
    }
  }

  @Test("--together: one scene with a colour for each surface")
  func together() throws {
    let low = try place.writeSurface("low-2d.safetensors", shape: [9, 7]) { 0.5 + $0[0] * $0[0] }
    let high = try place.writeSurface("high-2d.safetensors", shape: [9, 7]) { 1.5 + $0[0] * $0[0] }
    for (prefix, names) in [("x", ["Low=\(low)", "High=\(high)"]), ("y", ["High=\(high)", "Low=\(low)"])] {
      try place.succeed(
        "render", names[0], names[1], "--style", "surface", "--together", "--format", "svg", "--output", prefix)
    }
    try place.succeed("render", "High=\(high)", "Low=\(low)", "--style", "surface", "--format", "svg", "--output", "z")
    let scenes = try ["x", "y", "z"].map { try place.text("\($0)-2d-surface.svg") }
    let width = "width=\"84mm\""
    #expect(scenes.map { $0.contains(width) } == [true, true, false], "one panel, in a column")
    #expect(scenes[0].contains("--together") && !scenes[2].contains("--together"))
    #expect(scenes[0] != scenes[1], "the order decides the colours")
    try place.misuse("render", low, "--style", "contour", "--together", naming: "--together")
    try place.misuse("render", low, "--style", "heat", "--floor", naming: "--floor")
  }

  @Test("--cut ends surfaces where --levels end; without it they go on along the end")
  func cut() throws {
    let name = try place.writeSurface("a-2d.safetensors", shape: [9, 7])
    for (prefix, more) in [("x", []), ("y", ["--cut"])] {
      let outcome = try place.run(
        ["render", name, "--style", "surface", "--levels", "0.6,1", "--format", "svg", "--output", prefix] + more)
      try #require(outcome.status == 0, "\(outcome.message)")
    }
    let pictures = try ["x", "y"].map { withoutProvenance(try place.bytes("\($0)-2d-surface.svg"), "svg") }
    #expect(pictures[0] != pictures[1])
  }

  @Test("--size is that of the page", arguments: [("120x80", "120", "80"), ("61.5x40", "61.5", "40")])
  func size(_ size: String, _ width: String, _ height: String) throws {
    let name = try place.writeSurface("a-2d.safetensors", shape: [9, 7])
    try place.succeed("render", name, "--style", "contour,surface,heat", "--size", size, "--format", "svg")
    for svg in try place.names().filter({ $0.hasSuffix("svg") }) {
      #expect(try place.text(svg).contains("width=\"\(width)mm\" height=\"\(height)mm\""), "\(svg)")
    }
  }

  @Test("Presets give every figure their width", arguments: [("column", "84"), ("page", "174"), ("slide", "254")])
  func preset(_ preset: String, _ width: String) throws {
    for (dims, shape) in [[9], [9, 7], [7, 6, 5]].enumerated() {
      let name = try place.writeSurface("a-\(dims + 1)d.safetensors", shape: shape)
      try place.succeed("render", name, "--size", preset, "--format", "svg")
    }
    let pictures = try place.names().filter { $0.hasSuffix("svg") }
    #expect(pictures.count == 4)
    for svg in pictures { #expect(try place.text(svg).contains("width=\"\(width)mm\""), "\(svg)") }
  }

  @Test("Themes change the colours of every style; grey is gray", arguments: ["dark", "gray"])
  func theme(_ theme: String) throws {
    for (dims, style) in [(1, "line"), (2, "contour,surface,heat"), (3, "volume")] {
      let name = try place.writeSurface("a-\(dims)d.safetensors", shape: Array([9, 7, 5].prefix(dims)))
      for (prefix, theme) in [("x", "light"), ("y", theme), ("z", theme == "gray" ? "grey" : theme)] {
        try place.succeed(
          "render", name, "--style", style, "--theme", theme, "--format", "svg", "--output", prefix)
      }
    }
    let plain = try place.names().filter { $0.hasPrefix("x-") }
    #expect(plain.count == 5)
    for name in plain {
      let themed = try ["y", "z"].map { try place.bytes($0 + name.dropFirst()) }
      #expect(try themed[0] == themed[1] && themed[0] != place.bytes(name), "\(name)")
      #expect(String(decoding: themed[0], as: UTF8.self).contains("--theme=\(theme)"))
    }
  }

  @Test("What the options were stands in the picture, and no path")
  func provenance() throws {
    let name = try place.writeSurface("a-2d.safetensors", shape: [5, 3], metadata: ["landscape.command": "how it was"])
    try place.succeed(
      "render", place.folder.path(name), "--style", "surface", "--camera=10,20", "--rise", "--format", "svg",
      "--output", "x")
    let svg = try place.text("x-2d-surface.svg")
    #expect(svg.contains("Command: landscape render --style=surface --camera=10,20 --rise\n"))
    #expect(svg.contains("Computed a-2d: how it was") && svg.contains("Loss surfaces on some"))
    #expect(svg.contains(try SHA256Hasher.hash(file: place.folder.path(name))) && !svg.contains(place.folder.path))
  }

  // MARK: - Where surfaces are computed

  static let looks: [(dims: String, style: String, look: [String])] = [
    ("2", "surface,contour,heat", ["--theme", "dark", "--size", "page"]),
    ("2", "surface", ["--theme", "gray", "--camera=-60,20", "--levels", "0.2,1.5", "--dpi", "90"]),
    ("2", "contour", ["--levels", "7", "--log", "--size", "120x100"]),
    ("1", "line", ["--theme", "grey", "--rise"]), ("3", "volume,heat", ["--theme", "dark", "--rise", "--levels", "6"]),
  ]

  @Test("The default command and compare draw as render does, with the same options", arguments: looks)
  func sameOptions(_ dims: String, _ style: String, _ look: [String]) throws {
    for (run, objective) in [("a", "bpr"), ("b", "sam")] { try place.train(run, "--objective", objective) }
    let drawing = ["--style", style, "--format", "png,svg"] + look
    let computing = ["--dims", dims, "--points", "5", "--no-sharpness", "--quiet"] + drawing
    for (prefix, command) in [("x", []), ("y", ["compare"])] {
      let files = prefix == "x" ? ["a/checkpoint.bin"] : ["a/checkpoint.bin", "b/checkpoint.bin"]
      let outcome = try place.run(command + files + ["--output", prefix] + computing)
      try #require(outcome.status == 0, "\(outcome.message)")
      let surfaces = try place.names().filter { $0.hasPrefix(prefix) && $0.hasSuffix(".safetensors") }
      let again = try place.run(["render", "--output", "again-\(prefix)", "--quiet"] + drawing + surfaces)
      try #require(again.status == 0, "\(again.message)")
      let drawn = try place.names().filter { $0.hasPrefix("\(prefix)-") && !$0.hasSuffix(".safetensors") }
      #expect(try drawn.count >= 2 && place.names().filter { $0.hasPrefix("again-\(prefix)-") }.count == drawn.count)
      for name in drawn { try expectSamePicture(name, "again-" + name) }
      let command = try #require(
        try place.text(drawn.first { $0.hasSuffix("svg") } ?? "").firstMatch(of: /Command: .*/)?.output)
      let options = try #require(
        try place.text("again-" + (drawn.first { $0.hasSuffix("svg") } ?? "")).firstMatch(of: /landscape render(.*)/)?
          .output.1)
      #expect(command.hasSuffix(options) && options.contains("--style=\(style)"), "\(command)")
    }
  }

  @Test("What cannot be drawn as asked is known before anything is computed")
  func knownBefore() throws {
    let checkpoint = try place.train("a")
    for command in [[checkpoint], ["compare", checkpoint, checkpoint]] {
      for (options, fault) in [
        (["--dims", "1", "--style", "contour"], "--style"), (["--style", "pie"], "--style"),
        (["--theme", "pink"], "--theme"), (["--size", "big"], "--size"),
        (["--dims", "1", "--camera", "45,30"], "--camera"),
        (["--style", "contour", "--camera", "45,30"], "--camera"), (["--levels", "0.7"], "--levels"),
        (["--style", "surface", "--levels", "9"], "--levels"), (["--log", "--levels=-1,1"], "--levels"),
        (["--dpi", "1"], "--dpi"), (["--format", "jpg"], "--format"), (["--format", "gif"], "--format"),
      ] {
        let outcome = try place.run(command + options)
        #expect([2, 64].contains(outcome.status), "\(options): \(outcome.message)")
        #expect(outcome.message.contains(fault), "\(options): \(outcome.message)")
      }
    }
    #expect(try place.names() == ["a"])
  }
}
