import CPNG
import Foundation

/// Figures of one size as the frames of an animated PNG. Same figures, timing and resolution: same bytes.
///
/// The first frame is a PNG as any other, which programs that know no animation show. Of every further one only the
/// rectangle that has changed is stored, and all share one palette, so that nothing flickers. Source: Animated PNG
/// specification 1.0 (W3C, PNG specification, third edition, §11.3.6).
public struct AnimatedPNG: Sendable {
  /// How long each frame is shown, in milliseconds, and how often all of them.
  public struct Timing: Sendable, Hashable {
    public var delay: Int
    /// Of the last frame.
    public var hold: Int
    /// 0: for ever.
    public var loops: Int

    /// The longest delay that the format holds.
    public static let longest = Int(UInt16.max)

    public init(delay: Int = 200, hold: Int = 2000, loops: Int = 0) {
      self.delay = delay
      self.hold = hold
      self.loops = loops
    }
  }

  /// A rectangle of a frame that differs from the one before.
  private struct Change {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
    /// 0xRRGGBB, row by row.
    let colors: [UInt32]
  }

  /// Root mean square of what changes, in levels of 255, up to which frames are stored in 256 colours: contours look the
  /// same, and their films are a third of the size. Shaded surfaces, which would show steps, stay above it.
  private static let keptError = 2.0

  private let changes: [Change]
  private let timing: Timing
  private let dpi: Double
  private let provenance: Provenance

  /// - Parameters:
  ///   - count: of frames, at least 1.
  ///   - timing: delays of at most ``Timing/longest``.
  ///   - figure: the figure of a frame; all must have the size of the first.
  /// - Returns: the bytes of the file.
  /// - Throws: what ``Renderer`` throws, and what `figure` throws.
  public static func render(
    count: Int, timing: Timing, provenance: Provenance, dpi: Double, theme: Theme = .light,
    figure: (Int) throws -> any Figure
  ) throws -> Data {
    precondition(count >= 1 && [timing.delay, timing.hold].allSatisfy { (0...Timing.longest).contains($0) })
    var changes: [Change] = []
    var last: Pixels?
    for index in 0..<count {
      let pixels = try Renderer.picture(figure(index), dpi: dpi, theme: theme)
      changes.append(change(from: last, to: pixels))
      last = pixels
    }
    let animation = AnimatedPNG(changes: changes, timing: timing, dpi: dpi, provenance: provenance)
    return try animation.encoded()
  }

  /// The smallest rectangle that holds every change; one pixel where there is none.
  private static func change(from old: Pixels?, to new: Pixels) -> Change {
    precondition(old.map { ($0.width, $0.height) == (new.width, new.height) } ?? true, "frames differ in size")
    var (left, right, top, bottom) = (new.width, -1, new.height, -1)
    for y in 0..<new.height {
      let row = y * new.width..<(y + 1) * new.width
      guard let old else { break }
      guard let first = row.first(where: { old.colors[$0] != new.colors[$0] }) else { continue }
      let last = row.last { old.colors[$0] != new.colors[$0] } ?? first
      (left, right) = (min(left, first - row.lowerBound), max(right, last - row.lowerBound))
      (top, bottom) = (min(top, y), y)
    }
    if old == nil { (left, right, top, bottom) = (0, new.width - 1, 0, new.height - 1) }
    if right < 0 { (left, right, top, bottom) = (0, 0, 0, 0) }
    let colors = (top...bottom).flatMap { new.colors[$0 * new.width + left...$0 * new.width + right] }
    return Change(x: left, y: top, width: right - left + 1, height: bottom - top + 1, colors: colors)
  }

  // MARK: - Encoding

  private func encoded() throws -> Data {
    let colors = changes.flatMap(\.colors)
    let indexed = IndexedColors(colors)
    let usesPalette = indexed.error <= Self.keptError
    var chunks: [PNGChunk] = []
    var (start, sequence) = (0, UInt32(0))
    for (index, change) in changes.enumerated() {
      let range = start..<start + change.colors.count
      start = range.upperBound
      let isFirst = index == 0
      let png = try PNGEncoder.write(
        usesPalette ? Array(indexed.indices[range]) : PNGEncoder.components(colors[range]), width: change.width,
        height: change.height, colorType: usesPalette ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB,
        palette: usesPalette ? indexed.palette : [], pixelsPerMetre: PNGEncoder.pixelsPerMetre(dpi),
        texts: isFirst ? PNGEncoder.texts(provenance) : [])
      chunks += assembled(PNGChunk.chunks(of: png), index, &sequence)
    }
    return (chunks + [PNGChunk("IEND")]).reduce(into: PNGChunk.signature) { $0 += $1.bytes }
  }

  /// What a frame's own PNG gives to the file: all of the first one, of others the compressed rows.
  private func assembled(_ own: [PNGChunk], _ index: Int, _ sequence: inout UInt32) -> [PNGChunk] {
    func next() -> Data {
      defer { sequence += 1 }
      return PNGChunk.bigEndian(sequence)
    }
    let rows = own.filter { $0.type == "IDAT" }.reduce(into: Data()) { $0 += $1.data }
    let control = PNGChunk("fcTL", next() + frameControl(index))
    guard index == 0 else { return [control, PNGChunk("fdAT", next() + rows)] }
    let head = own.prefix { $0.type != "IDAT" }
    let animation = PNGChunk(
      "acTL", PNGChunk.bigEndian(UInt32(changes.count)) + PNGChunk.bigEndian(UInt32(timing.loops)))
    let tail = own.drop { $0.type != "IDAT" }.filter { $0.type != "IDAT" && $0.type != "IEND" }
    return [head[0], animation] + head.dropFirst() + [control, PNGChunk("IDAT", rows)] + tail
  }

  /// Size, place and delay of a frame, which stays (dispose 0) and replaces what is below it (blend 0).
  private func frameControl(_ index: Int) -> Data {
    let change = changes[index]
    let delay = index == changes.count - 1 ? timing.hold : timing.delay
    let lengths = [change.width, change.height, change.x, change.y].map { PNGChunk.bigEndian(UInt32($0)) }
    return lengths.reduce(Data(), +) + PNGChunk.bigEndian(UInt16(delay)) + PNGChunk.bigEndian(UInt16(1000)) + [0, 0]
  }
}
