/// Lines of the form `user item item item …`, separated by blanks, with external ids; the oldest item comes first.
struct ListParser: EventParser {
  /// Whether ids must be whole numbers (LightGCN text); otherwise any text without blanks is an id.
  let wantsNumbers: Bool

  func parse(_ file: TextFile, into sink: inout EventSink) throws {
    let bytes = file.bytes
    var position = 0
    var lineStart = 0
    var user: UInt32?
    while position < bytes.count {
      if bytes[position] == 10 {
        user = nil
        lineStart = position + 1
      }
      if bytes[position] <= 32 {
        position += 1
        continue
      }
      let start = position
      while position < bytes.count, bytes[position] > 32 { position += 1 }
      let token = file.token(start..<position)
      if let user {
        sink.table.users.append(user)
        sink.table.items.append(sink.items.index(of: token, in: file, at: start))
        if sink.keepsLines { sink.table.lineStarts.append(lineStart) }
      } else {
        user = sink.users.index(of: token, in: file, at: start)
      }
      if sink.mustRestart {
        if wantsNumbers { throw DatasetError.notAnIdentifier(file.place(at: start), token: file.excerpt(token)) }
        return
      }
    }
  }
}
