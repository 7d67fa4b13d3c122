import LinearAlgebra
import Recommenders

/// A plane of fixed directions that is carried along with the parameters while they are trained.
///
/// The directions d₁, d₂ are made once, from the first parameters θ₀. Frame t holds
///
///     L(θ_t + s_t(αd₁ + βd₂)),  s_t = ‖θ_t‖/‖θ₀‖.
///
/// The plane stays parallel to itself and is centred on θ_t, so that what changes from frame to frame is the landscape.
/// With filter-normalised directions a step of 1 is as long as the parameters are by then: training from scratch makes
/// them longer many times over, and steps of one length would show a plain of the last frames or nothing of the first
/// ones. Only that one number follows the parameters; it is kept with every frame.
///
/// Of the way θ_t − θ₀ each frame keeps the projection onto the plane (least squares, for directions need not be
/// orthogonal) and the length of the rest. In n dimensions random directions see about 1/√n of it (Li et al. 2018, §7).
public struct MovingPlane: Sendable {
  public let loss: LandscapeLoss
  /// θ₀.
  public let start: ParameterVector
  /// Two directions.
  public let directions: DirectionSet
  public let axes: GridAxes

  public init(loss: LandscapeLoss, start: ParameterVector, directions: DirectionSet, axes: GridAxes) {
    precondition(directions.directions.count == 2 && axes.dimensions == 2)
    self.loss = loss
    self.start = start
    self.directions = directions
    self.axes = axes
  }

  /// The landscape around θ_t.
  public func frame(at parameters: ParameterVector, epoch: Int) -> SurfaceSeries.Frame {
    let length = start.storage.norm
    let scale = length > 0 ? parameters.storage.norm / length : 1
    let stretched = GridAxes(axes.values.map { $0.map { $0 * scale } })
    let computation = SurfaceComputation(loss: loss, parameters: parameters, directions: directions, axes: stretched)
    guard let surface = computation.run() else { preconditionFailure("nothing asks it to stop") }
    let way = projection(of: parameters)
    return SurfaceSeries.Frame(
      epoch: epoch, loss: surface.loss, lossAtOrigin: surface.lossAtOrigin, scale: scale, path: way.coordinates,
      outOfPlane: length > 0 ? way.rest / length : way.rest)
  }

  /// θ_t − θ₀ = c₁d₁ + c₂d₂ + r with r ⟂ d₁, d₂: the coordinates and ‖r‖.
  private func projection(of parameters: ParameterVector) -> (coordinates: [Double], rest: Double) {
    let (a, b) = (directions.directions[0].storage, directions.directions[1].storage)
    let rest = FloatBuffer(count: start.count)
    rest.set(parameters.storage, plus: -1, times: start.storage)
    let (aa, ab, bb) = (a.dot(a), a.dot(b), b.dot(b))
    let (x, y) = (a.dot(rest), b.dot(rest))
    let determinant = aa * bb - ab * ab
    guard determinant > 1e-12 * aa * bb else {  // parallel directions, or none
      let along = aa > 0 ? x / aa : 0
      rest.add(-along, a)
      return ([along, 0], rest.norm)
    }
    let coordinates = [(x * bb - y * ab) / determinant, (y * aa - x * ab) / determinant]
    rest.add(coordinates.map { -$0 }, [a, b])
    return (coordinates, rest.norm)
  }
}
