import Foundation

/// A remark on stderr.
func tell(_ text: String) { FileHandle.standardError.write(Data("landscape-bench: \(text)\n".utf8)) }
