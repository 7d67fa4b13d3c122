/// One line of the benchmark: a piece of work that can be done again and again.
struct Row {
  let name: String
  /// What one run does.
  let work: String
  /// What ``Work/amount`` is counted in.
  let unit: String
  /// Whether `--quick` leaves it out.
  var isLong = false
  /// Runs before the first that counts.
  var warmUps = 1
  /// The row of the same session that this one's time is given as a multiple of.
  var baseline: String?
  /// What peers call the same work; nil: the row's own name.
  var counterparts: [String]?
  /// Makes everything that does not belong to the work.
  ///
  /// Throws ``Unavailable`` where these data or this machine have nothing to run it on.
  let prepare: (Setting) throws -> Work

  /// Every row, in the order of the report.
  static var all: [Row] {
    TrainingRows.all + GraphRows.all + EvaluationRows.all + SurfaceRows.all + CurvatureRows.all + FigureRows.all
      + StartRows.all
  }

  var peerRows: [String] { counterparts ?? [name] }
}

/// A row made ready.
struct Work {
  /// Work done by one run, in the row's unit.
  let amount: Double
  /// What one run asks of the machine; nil where nothing useful can be counted.
  var cost: Cost?
  var note = ""
  /// How often the body is repeated in one measurement, whose time is divided by it: for very short work.
  var repetitions = 1
  /// One run.
  let body: () throws -> Check

  /// Asked outside the clock: a number that shows what was computed, such as a mean loss, a metric or an eigenvalue.
  typealias Check = () -> Double?
}

/// Why a row cannot be measured here.
struct Unavailable: Error {
  let reason: String
}

/// Work as the machine sees it, from the formula beside each row.
///
/// Bytes are those that must pass between a core and memory beyond its own caches if nothing is ever met twice: rows
/// of the tables that are visited in the order of the data count as gathered at every visit, long vectors as streamed.
struct Cost {
  /// Single-precision additions and multiplications.
  var flops = 0.0
  /// Bytes read or written one after the other.
  var streamed = 0.0
  /// Bytes of whole rows at random places.
  var gathered = 0.0

  var bytes: Double { streamed + gathered }

  static func + (a: Cost, b: Cost) -> Cost {
    Cost(flops: a.flops + b.flops, streamed: a.streamed + b.streamed, gathered: a.gathered + b.gathered)
  }

  static func * (times: Double, cost: Cost) -> Cost {
    Cost(flops: times * cost.flops, streamed: times * cost.streamed, gathered: times * cost.gathered)
  }
}
