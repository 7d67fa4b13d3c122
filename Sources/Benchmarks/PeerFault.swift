/// Why a peer gave no result; the wording is in the extension below.
enum PeerFault: Error, Equatable {
  /// It says itself that it cannot run here, or not this row.
  case skipped(String)
  /// It ended, with the last lines that it wrote to stderr.
  case ended(status: Int32, lastWords: String)
  /// It answered something else than the protocol asks for.
  case garbage(String)
  case silent(seconds: Double)
}

extension PeerFault {
  var message: String {
    switch self {
    case .skipped(let reason): "skipped: \(reason)"
    case .ended(let status, let lastWords):
      "ended with status \(status)" + (lastWords.isEmpty ? "" : ": \(lastWords)")
    case .garbage(let line): "answered something that is not the protocol: \(line.prefix(200))"
    case .silent(let seconds): "gave no answer within \(Int(seconds)) s"
    }
  }
}
