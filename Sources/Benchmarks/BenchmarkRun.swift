import Foundation
import LinearAlgebra

/// Measures rows in rounds: each round runs every row once, ours and then each peer's, so that all meet the same moods of
/// the machine and ratios inside one run are fair.
final class BenchmarkRun {
  /// A row that is ready, with where its times go.
  private struct Entry {
    let row: Row
    let work: Work
    let own: Measured
    var peers: [(process: PeerProcess, measured: Measured)] = []
  }

  private let setting: Setting
  private let repeats: Int
  private var entries: [Entry] = []
  /// Everything measured so far, in the order of the rows.
  private(set) var results: [Measured] = []
  /// Rows and peers that could not be measured, and why.
  private(set) var skipped: [(name: String, reason: String)] = []
  /// Who is asked no more: peers that have died or talked nonsense, and rows that a peer has refused.
  private var closed: Set<ObjectIdentifier> = []

  /// A peer's first run that takes longer than this counts: nothing is left to warm up.
  private static let longWarmUp = 30.0

  init(_ setting: Setting, repeats: Int) {
    self.setting = setting
    self.repeats = repeats
  }

  /// Notes what could not even be started.
  func skip(_ name: String, _ reason: String) {
    skipped.append((name, reason))
    tell("\(name): \(reason)")
  }

  /// Prepares and warms up, then measures.
  ///
  /// - Parameter afterRound: called when each round is complete.
  /// - Throws: ``Interrupts/Stop``; ``results`` then hold what was measured until then.
  func measure(_ rows: [Row], peers: [PeerProcess], version: String, afterRound: () throws -> Void) throws {
    for row in rows { try prepare(row, peers, version) }
    for round in 1...repeats {
      for index in entries.indices {
        try setting.interrupts.check()
        tell("round \(round)/\(repeats): \(entries[index].row.name)")
        let work = entries[index].work
        entries[index].own.seconds.append(try time(work, into: entries[index].own))
        for peer in entries[index].peers where peer.measured.seconds.count < round { ask(peer.process, peer.measured) }
        try setting.interrupts.check()
      }
      try afterRound()
    }
  }

  private func prepare(_ row: Row, _ peers: [PeerProcess], _ version: String) throws {
    try setting.interrupts.check()
    tell("preparing \(row.name)")
    do {
      let work = try row.prepare(setting)
      let own = Measured(row: row.name, who: "landscape", version: version, note: work.note, work: work)
      for _ in 0..<row.warmUps { _ = try work.body() }
      var entry = Entry(row: row, work: work, own: own)
      results.append(own)
      for peer in peers {
        for name in row.peerRows where peer.rows.contains(name) {
          let measured = Measured(row: row.name, who: peer.name, version: peer.version, peerRow: name)
          results.append(measured)
          entry.peers.append((peer, measured))
          ask(peer, measured, warmingUp: true)
        }
      }
      entries.append(entry)
    } catch let reason as Unavailable {
      skip(row.name, reason.reason)
    }
  }

  private func time(_ work: Work, into measured: Measured) throws -> Double {
    var check: Work.Check?
    let time = try seconds { for _ in 0..<work.repetitions { check = try work.body() } }
    measured.value = check?()
    return time / Double(work.repetitions)
  }

  /// One run of a peer.
  private func ask(_ peer: PeerProcess, _ measured: Measured, warmingUp: Bool = false) {
    guard closed.isDisjoint(with: [ObjectIdentifier(peer), ObjectIdentifier(measured)]),
      !setting.interrupts.isRequested, let name = measured.peerRow
    else { return }
    do {
      let answer = try peer.run(name)
      (measured.value, measured.note) = (answer.value, answer.note)
      if !warmingUp || answer.seconds > Self.longWarmUp { measured.seconds.append(answer.seconds) }
    } catch PeerFault.skipped(let reason) {
      skip("\(peer.name), \(name)", reason)
      closed.insert(ObjectIdentifier(measured))
    } catch let fault as PeerFault {
      skip(peer.name, "\(fault.message) (at \(name))")
      closed.insert(ObjectIdentifier(peer))
    } catch {}  // an interrupt: the caller looks for it
  }
}
