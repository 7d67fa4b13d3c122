import Foundation
import Storage
import Testing

/// Chromium without a window, where it is installed.
enum Browser {
  static let executable: String? = ["chromium", "chromium-browser", "google-chrome"].lazy.compactMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }.first

  /// What the script `Tests/browser/page-test.js` finds on a page: "ok" or what is wrong, by the name of the check.
  ///
  /// - Parameters:
  ///   - painter: the class that must draw in 3D.
  ///   - width: of the window in pixels.
  static func test(page: String, painter: String, width: Int, in folder: String) throws -> [String: String] {
    let script = try String(contentsOfFile: Program.repository + "/Tests/browser/page-test.js", encoding: .utf8)
    let watch = """
      <script>window.pageErrors = []; window.expectedPainter = "\(painter)";
      addEventListener("error", (event) => pageErrors.push(event.message));
      addEventListener("securitypolicyviolation", (event) => pageErrors.push(event.violatedDirective));
      console.error = (...texts) => pageErrors.push(texts.join(" "));</script>
      """
    var text = page.replacingOccurrences(of: "<body>", with: "<body>" + watch)
    let end = try #require(text.range(of: "</body>", options: .backwards))
    text.insert(contentsOf: "<script>\(script)</script>", at: end.lowerBound)
    let path = "\(folder)/page-test-\(painter)-\(width).html"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let dump = try run(path, width: width, profile: "\(folder)/profile-\(painter)-\(width)")
    let start = try #require(dump.range(of: "id=\"page-test-results\">"), "the page did not come to an end")
    let results = dump[start.upperBound...].prefix { $0 != "<" }
    return try #require(try JSONValue(parsing: String(results)).object).compactMapValues(\.string)
  }

  /// The document of a page after its scripts have run.
  private static func run(_ path: String, width: Int, profile: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(executable))
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--use-angle=swiftshader",
      "--user-data-dir=\(profile)", "--window-size=\(width),900", "--virtual-time-budget=120000", "--dump-dom",
      "file://\(path)",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let limit = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 480, execute: limit)
    defer { limit.cancel() }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}
