import CKernels

/// A sparse matrix of floats in compressed rows, and its products with tables.
///
/// Row r holds `values[offsets[r] ..< offsets[r + 1]]` in the columns named beside them. Fewer than 2³² entries.
public final class SparseMatrix: Sendable {
  public let rows: Int
  public let columns: Int
  /// (rows + 1)
  public let offsets: IndexBuffer
  /// (count)
  public let columnIndices: IndexBuffer
  /// (count)
  public let values: FloatBuffer
  /// Rows at which the parallel pieces of a product begin, and the end: pieces of about equal work.
  private let pieces: [Int]

  /// - Parameters:
  ///   - offsets: (rows + 1), ascending from 0.
  ///   - columnIndices: (count), each below `columns`.
  ///   - values: (count).
  public init(columns: Int, offsets: IndexBuffer, columnIndices: IndexBuffer, values: FloatBuffer) {
    precondition(offsets.count > 0 && columnIndices.count == values.count)
    precondition(offsets[0] == 0 && Int(offsets[offsets.count - 1]) == values.count)
    rows = offsets.count - 1
    self.columns = columns
    self.offsets = offsets
    self.columnIndices = columnIndices
    self.values = values
    pieces = Self.pieces(offsets)
  }

  /// The number of entries.
  public var count: Int { values.count }

  /// Entries, and rows, of one piece of parallel work; fixed, so that results never depend on threads.
  private static let work = 1 << 14

  private static func pieces(_ offsets: IndexBuffer) -> [Int] {
    var starts = [0]
    var done = 0
    for row in 1..<max(offsets.count, 1) {
      let cost = Int(offsets[row]) + row
      guard cost - done >= work else { continue }
      starts.append(row)
      done = cost
    }
    if starts.last != offsets.count - 1 { starts.append(offsets.count - 1) }
    return starts
  }

  /// A table some of whose rows are kept, the others zero.
  public struct Table {
    /// (rows kept, width)
    let rows: FloatBuffer
    /// For each row of the table where it lies in ``rows``; `absent` for a zero row. Nil: all rows, in order.
    let places: IndexBuffer?

    public init(_ rows: FloatBuffer, at places: IndexBuffer? = nil) {
      self.rows = rows
      self.places = places
    }

    /// The place of a row that is not kept.
    public static let absent = UInt32.max
  }

  /// out ← α·A·x + β·b.
  ///
  /// - Parameters:
  ///   - x: (columns, width).
  ///   - b: (rows, width).
  ///   - out: (rows, width); not x, perhaps b.
  ///   - finish: called with rows of `out` as soon as they are made, while they are in the cache.
  public func multiply(
    _ x: Table, width: Int, scaledBy alpha: Float = 1, adding b: Table? = nil, scaledBy beta: Float = 1,
    into out: FloatBuffer, then finish: (@Sendable (Range<Int>) -> Void)? = nil
  ) {
    precondition(out.count == rows * width)
    nonisolated(unsafe) let (kernel, x, b) = (matrix, x, b)
    Parallel.run(max(pieces.count - 1, 0)) { [pieces] piece in
      var matrix = kernel
      lk_spmm(
        &matrix, x.rows.pointer, x.places?.pointer, width, alpha, b?.rows.pointer, b?.places?.pointer, beta, nil,
        pieces[piece], pieces[piece + 1], out.pointer)
      finish?(pieces[piece]..<pieces[piece + 1])
    }
  }

  /// Some rows of α·A·x + β·b: row k of `out` is row `list[k]`.
  public func multiply(
    rows list: UnsafeBufferPointer<UInt32>, _ x: Table, width: Int, scaledBy alpha: Float = 1, adding b: Table? = nil,
    scaledBy beta: Float = 1, into out: FloatBuffer
  ) {
    precondition(out.count >= list.count * width)
    nonisolated(unsafe) let (kernel, x, b, list) = (matrix, x, b, list)
    Parallel.chunks(of: 128, in: list.count) { _, range in
      var matrix = kernel
      lk_spmm(
        &matrix, x.rows.pointer, x.places?.pointer, width, alpha, b?.rows.pointer, b?.places?.pointer, beta,
        list.baseAddress, range.lowerBound, range.upperBound, out.pointer)
    }
  }

  private var matrix: lk_csr {
    lk_csr(
      rows: rows, columns_count: columns, offsets: offsets.pointer, columns: columnIndices.pointer,
      values: values.pointer)
  }
}
