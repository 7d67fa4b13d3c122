import Foundation

extension DatasetFormat {
  /// The format of a single file: by its name where that says enough, else by its first line.
  ///
  /// A list of ids per user is read as sequences unless the name begins with train, test or valid.
  ///
  /// - Throws: `unrecognisedFile`, or what reading the file throws.
  static func detect(file path: String) throws -> DatasetFormat {
    var name = (path as NSString).lastPathComponent.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    switch (name as NSString).pathExtension {
    case "inter": return .recbole
    case "csv": return .table
    default: return try detect(content: TextFile(path: path), name: name)
    }
  }

  private static func detect(content file: TextFile, name: String) throws -> DatasetFormat {
    let line = firstLine(of: file)
    if line.contains("::") { return .ratings }
    if line.contains(":token") { return .recbole }
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    if fields.count > 1 {
      if TableHeader(fields).hasUserAndItem { return .table }
      // Without a known header: data if everything after the two ids is a number.
      let numbers = fields.dropFirst(2).allSatisfy { Double($0) != nil }
      if fields.count <= 4, numbers, fields.count > 2 || fields.allSatisfy({ Int($0) != nil }) { return .interactions }
      throw DatasetError.unrecognisedFile(file.path)
    }
    if TableHeader(line: line).hasUserAndItem { return .table }
    let words = line.split(separator: " ")
    guard words.count > 1, words.allSatisfy({ $0.allSatisfy(\.isASCII) }), !line.contains(",") else {
      throw DatasetError.unrecognisedFile(file.path)
    }
    return ["train", "test", "valid"].contains(where: name.hasPrefix) ? .lightgcn : .sequences
  }

  private static func firstLine(of file: TextFile) -> String {
    let start = file.bytes.firstIndex { $0 != 10 && $0 != 13 } ?? 0
    let line = file.bytes[start...].prefix { $0 != 10 && $0 != 13 }
    return String(decoding: line, as: UTF8.self)
  }
}
