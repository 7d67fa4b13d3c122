import Foundation

extension Report {
  /// Two tables: our rows with their rooflines, and the peers beside them.
  var markdown: String {
    var lines = [title, "", peaks, "", "| row | seconds | from … to | rate | GFLOP/s | GB/s | of the limit | ratio |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    lines += results.filter { $0.who == "landscape" && !$0.seconds.isEmpty }.map(line)
    let peers = results.filter { $0.who != "landscape" && !$0.seconds.isEmpty }
    if !peers.isEmpty {
      lines += [
        "", "| row | peer | seconds | ours | ours / theirs | note |", "| --- | --- | ---: | ---: | ---: | --- |",
      ]
      lines += peers.map(peerLine)
    }
    if !skipped.isEmpty {
      lines += ["", "Not measured: " + skipped.map { "\($0.name) (\($0.reason))" }.joined(separator: "; ") + "."]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var title: String {
    "\(dataset), \(sizes.users) users × \(sizes.items) items, \(sizes.interactions) train interactions, "
      + "d = \(sizes.dimension), from \(minimum); medians of \(repeats) on \(facts.threads) threads of \(facts.model) "
      + "(\(facts.instructionSet)), \(facts.system) \(facts.kernel), load \(Self.number(facts.load)); "
      + "\(facts.compiler); commit \(facts.commit)."
  }

  private var peaks: String {
    guard let roofline else { return "The machine's peaks were not measured." }
    return "Measured peaks: \(Self.number(roofline.flops / 1e9)) GFLOP/s in registers, "
      + "\(Self.number(roofline.triad / 1e9)) GB/s streamed (triad; \(Self.number(roofline.read / 1e9)) read only), rows of "
      + "\(roofline.rowBytes) bytes at random places at \(Self.number(roofline.gather / 1e9)) GB/s from a table of "
      + "\(roofline.tableBytes >> 20) MiB (the model's) and at \(Self.number(roofline.farGather / 1e9)) GB/s from "
      + "\(roofline.farBytes >> 20) MiB."
  }

  private func line(_ measured: Measured) -> String {
    guard let median = measured.median, let spread = measured.spread, let work = measured.work else { return "" }
    let cost = work.cost
    let limit = cost.flatMap { cost in
      roofline.map { $0.bound(cost) }.map {
        "\(Int((100 * $0.seconds / median).rounded())) % \($0.byMemory ? "memory" : "compute")"
      }
    }
    let cells = [
      measured.row, Self.number(median), "\(Self.number(spread.least)) … \(Self.number(spread.most))",
      Self.rate(work.amount / median, row(measured.row)?.unit ?? ""),
      cost.map { Self.number($0.flops / median / 1e9) } ?? "", cost.map { Self.number($0.bytes / median / 1e9) } ?? "",
      limit ?? "", ratio(measured).map { "\(Self.number($0.value)) × \($0.to)" } ?? "",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private func peerLine(_ measured: Measured) -> String {
    let name = measured.peerRow == measured.row ? measured.row : "\(measured.row) (\(measured.peerRow ?? ""))"
    let cells = [
      name, "\(measured.who) \(measured.version)", measured.median.map(Self.number) ?? "",
      own(measured.row)?.median.map(Self.number) ?? "", ratio(measured).map { Self.number($0.value) } ?? "",
      measured.note,
    ]
    return "| " + cells.map { $0.replacingOccurrences(of: "|", with: "/") }.joined(separator: " | ") + " |"
  }

  /// Three significant digits.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let digits = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
    return String(format: "%.\(max(2 - digits, 0))f", value)
  }

  /// 8.1 M interactions/s
  private static func rate(_ value: Double, _ unit: String) -> String {
    for (factor, prefix) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where value >= factor {
      return "\(number(value / factor)) \(prefix) \(unit)/s"
    }
    return "\(number(value)) \(unit)/s"
  }
}
