import Foundation
import Storage

extension Report {
  /// The whole report; every time in seconds.
  var json: JSONValue {
    [
      "machine": facts.json, "compiler": .string(facts.compiler), "commit": .string(facts.commit),
      "date": .string(facts.date), "threads": .integer(facts.threads),
      "instruction_set": .string(facts.instructionSet),
      "environment": .object(facts.environment.mapValues { .string($0) }),
      "dataset": [
        "name": .string(dataset), "users": .integer(sizes.users), "items": .integer(sizes.items),
        "interactions": .integer(sizes.interactions),
      ],
      "dim": .integer(sizes.dimension), "minimum": .string(minimum), "repeats": .integer(repeats),
      "peak_memory": .integer(peakMemory), "peaks": roofline?.json ?? .null,
      "rows": .array(results.filter { !$0.seconds.isEmpty }.map(json)),
      "skipped": .array(skipped.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
    ]
  }

  private func json(_ measured: Measured) -> JSONValue {
    var members: [String: JSONValue] = [
      "row": .string(measured.row), "who": .string(measured.who), "version": .string(measured.version),
      "seconds": .array(measured.seconds.map { JSONValue($0) }), "note": .string(measured.note),
    ]
    members["median"] = measured.median.map { JSONValue($0) }
    members["spread"] = measured.spread.map { [JSONValue($0.least), JSONValue($0.most)] }
    members["value"] = measured.value.map { JSONValue($0) }
    members["peer_row"] = measured.peerRow.map { .string($0) }
    if let ratio = ratio(measured) { members["ratio"] = ["to": .string(ratio.to), "value": JSONValue(ratio.value)] }
    if let work = measured.work, let median = measured.median {
      members["amount"] = JSONValue(work.amount)
      members["unit"] = row(measured.row).map { .string($0.unit) }
      members["per_second"] = JSONValue(work.amount / median)
      members["roofline"] = work.cost.map { json($0, median) }
    }
    return .object(members)
  }

  private func json(_ cost: Cost, _ median: Double) -> JSONValue {
    var members: [String: JSONValue] = [
      "flops": JSONValue(cost.flops), "streamed_bytes": JSONValue(cost.streamed),
      "gathered_bytes": JSONValue(cost.gathered), "gflops": JSONValue(cost.flops / median / 1e9),
      "gb_per_second": JSONValue(cost.bytes / median / 1e9),
    ]
    if let bound = roofline?.bound(cost) {
      members["limit"] = .string(bound.byMemory ? "memory" : "compute")
      members["limit_seconds"] = JSONValue(bound.seconds)
      members["share_of_limit"] = JSONValue(bound.seconds / median)
    }
    return .object(members)
  }
}
