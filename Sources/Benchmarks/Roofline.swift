import CKernels
import CRoofline
import Foundation
import LinearAlgebra
import Storage

/// What the machine can do at most with the threads in use, measured: the best of a few trials each.
///
/// On a shared machine that changes from minute to minute: it is measured again after every round, see ``best(_:)``.
struct Roofline {
  /// Multiply-adds in registers, two operations each, on the instruction set in use; operations a second.
  private(set) var flops: Double
  /// STREAM's triad over arrays larger than the caches; bytes a second, three arrays counted.
  private(set) var triad: Double
  /// The sum of such an array; bytes a second.
  private(set) var read: Double
  /// Embedding rows at random places of a table; bytes a second.
  private(set) var gather: Double
  /// The same in a table larger than the caches.
  private(set) var farGather: Double
  /// Bytes of a row, of the first table and of the second.
  let (rowBytes, tableBytes, farBytes): (Int, Int, Int)

  private static let trials = 5
  /// Floats of one large array: 128 MiB, so that three exceed any cache.
  private static let length = 1 << 25

  /// - Parameters:
  ///   - rows: rows of the model's tables.
  ///   - dimension: floats of a row.
  init(rows: Int, dimension: Int) {
    let threads = Parallel.threads
    flops = Self.measureFlops(threads)
    let arrays = (0..<3).map { _ in FloatBuffer(count: Self.length) }
    (triad, read) = Self.measureStreams(arrays, threads)
    let near = min(max(rows, 1), Self.length / dimension)
    gather = Self.measureGather(arrays[0], rows: near, dimension: dimension, threads)
    let all = FloatBuffer(count: 4 * Self.length)
    let far = all.count / dimension
    farGather = Self.measureGather(all, rows: far, dimension: dimension, threads)
    (rowBytes, tableBytes, farBytes) = (4 * dimension, 4 * dimension * near, 4 * dimension * far)
  }

  /// The larger of two measurements of everything.
  func best(_ other: Roofline) -> Roofline {
    var result = self
    for rate in [\Roofline.flops, \.triad, \.read, \.gather, \.farGather] {
      result[keyPath: rate] = max(self[keyPath: rate], other[keyPath: rate])
    }
    return result
  }

  /// The largest rate of a few trials of `body`, which does `amount`.
  private static func best(_ amount: Double, _ body: () -> Void) -> Double {
    (0..<trials).reduce(0) { best, _ in max(best, amount / seconds(body)) }
  }

  private static func measureFlops(_ threads: Int) -> Double {
    let rounds = 1_000_000
    let sinks = FloatBuffer(count: 16 * threads)
    let isa = String(cString: lk_isa_name())
    var sink: Float = 0
    let once = cr_fma(isa, 1, &sink)
    return best(once * Double(rounds * threads)) {
      Parallel.run(threads) { _ = cr_fma(isa, rounds, sinks.pointer + 16 * $0) }
    }
  }

  private static func measureStreams(_ arrays: [FloatBuffer], _ threads: Int) -> (triad: Double, read: Double) {
    let isa = String(cString: lk_isa_name())
    let part = length / threads
    let sums = FloatBuffer(count: 16 * threads)
    let triad = best(12 * Double(part * threads)) {
      Parallel.run(threads) { thread in
        let at = thread * part
        cr_triad(isa, arrays[0].pointer + at, arrays[1].pointer + at, arrays[2].pointer + at, 0.5, part)
      }
    }
    let read = best(4 * Double(part * threads)) {
      Parallel.run(threads) { sums[16 * $0] = cr_read(isa, arrays[1].pointer + $0 * part, part) }
    }
    return (triad, read)
  }

  /// Rows asked for in time, by the distance that is best.
  private static func measureGather(_ table: FloatBuffer, rows: Int, dimension: Int, _ threads: Int) -> Double {
    let isa = String(cString: lk_isa_name())
    let count = 1 << 18  // visits of one thread
    var generator = RandomStream(seed: 1, "gather").generator()
    let places = (0..<count * threads).map { _ in UInt32(generator.below(rows)) }
    let sums = FloatBuffer(count: 16 * threads)
    return places.withUnsafeBufferPointer { places in
      nonisolated(unsafe) let first = places.baseAddress!
      return [4, 8, 16].map { ahead in
        best(4 * Double(dimension * count * threads)) {
          Parallel.run(threads) {
            sums[16 * $0] = cr_gather(isa, table.pointer, dimension, first + $0 * count, count, ahead)
          }
        }
      }.max() ?? 0
    }
  }

  // MARK: - Bounds

  /// The least time that a piece of work can take here.
  ///
  /// max(flops / peak, streamed / triad + gathered / gather).
  func bound(_ cost: Cost) -> (seconds: Double, byMemory: Bool) {
    let compute = cost.flops / flops
    let memory = cost.streamed / triad + cost.gathered / gather
    return (max(compute, memory), memory > compute)
  }

  var json: JSONValue {
    [
      "fma_gflops": JSONValue(flops / 1e9), "triad_gb_per_second": JSONValue(triad / 1e9),
      "read_gb_per_second": JSONValue(read / 1e9), "gather_gb_per_second": JSONValue(gather / 1e9),
      "far_gather_gb_per_second": JSONValue(farGather / 1e9), "row_bytes": .integer(rowBytes),
      "gather_table_bytes": .integer(tableBytes), "far_gather_table_bytes": .integer(farBytes),
    ]
  }
}

/// Seconds that `body` takes, by a clock that is never set back.
func seconds<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
  let started = DispatchTime.now().uptimeNanoseconds
  try body()
  return Double(DispatchTime.now().uptimeNanoseconds - started) / 1e9
}
