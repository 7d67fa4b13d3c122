/// Surfaces of one shape around a centre that moves: the landscape while a model trains.
///
/// What the frames mean is told at ``MovingPlane``.
public struct SurfaceSeries: Sendable, Equatable {
  public struct Frame: Sendable, Equatable {
    /// Complete epochs; 0 is the start.
    public let epoch: Int
    /// (n₁, n₂), first direction slowest: the data loss, a mean over triplets.
    public let loss: [Double]
    /// L(θ_t).
    public let lossAtOrigin: Double
    /// s_t = ‖θ_t‖/‖θ₀‖, by which the axes are stretched.
    public let scale: Double
    /// θ_t − θ₀ in the plane: its coordinates along the two directions as they were at the start.
    public let path: [Double]
    /// The rest of θ_t − θ₀, over ‖θ₀‖.
    public let outOfPlane: Double

    public init(
      epoch: Int, loss: [Double], lossAtOrigin: Double, scale: Double, path: [Double], outOfPlane: Double
    ) {
      precondition(path.count == 2)
      self.epoch = epoch
      self.loss = loss
      self.lossAtOrigin = lossAtOrigin
      self.scale = scale
      self.path = path
      self.outOfPlane = outOfPlane
    }
  }

  /// Two axes, the same for every frame.
  public let axes: GridAxes
  /// By ascending epoch.
  public private(set) var frames: [Frame]
  /// What the file says about run, data, directions and seeds, key by key.
  public var metadata: [String: String]

  public init(axes: GridAxes, frames: [Frame] = [], metadata: [String: String] = [:]) {
    precondition(axes.dimensions == 2)
    self.axes = axes
    self.frames = []
    self.metadata = metadata
    for frame in frames { append(frame) }
  }

  /// Adds a frame of a later epoch than those before.
  public mutating func append(_ frame: Frame) {
    precondition(frame.loss.count == axes.count && frame.epoch > frames.last?.epoch ?? -1)
    frames.append(frame)
  }

  /// Drops the frames whose epoch is not wanted.
  public mutating func keep(_ isWanted: (Int) -> Bool) { frames.removeAll { !isWanted($0.epoch) } }

  /// The centres of the frames up to `index` as seen from that frame, in its axes; the last one is its origin.
  public func pathSeen(from index: Int) -> [(x: Double, y: Double)] {
    let here = frames[index]
    return frames[...index].map { frame in
      let (dx, dy) = (frame.path[0] - here.path[0], frame.path[1] - here.path[1])
      return here.scale > 0 ? (dx / here.scale, dy / here.scale) : (dx, dy)
    }
  }
}
