import CKernels
import Interactions
import LinearAlgebra
import Recommenders
import Synchronization

/// Stochastic gradient descent with one update per triplet: θ ← θ − η(∇L(θ; u, i, j) + λ₂·row), in the epoch's order.
///
/// The result is that of the plain sequential loop, to the bit, on any number of threads: the order is cut into windows,
/// the triplets of a window are sorted by level (``TripletSchedule``), and threads take pieces of a level while the
/// window after is being prepared. Lock-free updates (Niu et al., "Hogwild!", 2011) race instead.
///
/// Source: Rendle et al. 2009, LearnBPR; levels as in sparse triangular solves (Anderson and Saad 1989).
final class TripletDescent {
  private let model: MatrixFactorisation
  private let sampler: EpochSampler
  private let rate: Double
  private let l2: Double
  private let window: Int
  private var current: TripletSchedule
  private var following: TripletSchedule

  /// - Parameter window: triplets in a window; it decides about speed, not about results.
  init(model: MatrixFactorisation, sampler: EpochSampler, rate: Double, l2: Double, window: Int = 1 << 16) {
    self.model = model
    self.sampler = sampler
    (self.rate, self.l2, self.window) = (rate, l2, window)
    let capacity = min(window, sampler.count)
    func schedule() -> TripletSchedule { TripletSchedule(users: model.users, items: model.items, capacity: capacity) }
    (current, following) = (schedule(), schedule())
  }

  /// Runs the triplets from place `first` of the epoch's order on, window by window, until the end or until `body`, which
  /// is told of each window, says to stop.
  ///
  /// - Parameter body: the place after the window, the sums of the objective and of the L2 term over its triplets.
  /// - Returns: whether the end was reached.
  func run(
    from first: Int, _ parameters: ParameterVector, rule: TripletRule,
    _ body: (_ place: Int, _ value: Double, _ penalty: Double) throws -> Bool
  ) rethrows -> Bool {
    var kernel = rule.kernel(rate: rate, l2: l2)
    let tables = model.finalTables(parameters)
    var place = first
    current.fill(from: sampler, window(from: place))
    while place < sampler.count {
      place += current.count
      let next = window(from: place)
      let sums = withExtendedLifetime(rule) { step(tables, &kernel, preparing: next) }
      swap(&current, &following)
      guard try body(place, sums.value, l2 / 2 * sums.squares) || place == sampler.count else { return false }
    }
    return true
  }

  private func window(from place: Int) -> Range<Int> { place..<min(place + window, sampler.count) }

  /// Over some triplets: of the objective, and of ‖e_u‖² + ‖e_i‖² + ‖e_j‖².
  private struct Sums {
    var value = 0.0
    var squares = 0.0
  }

  /// Runs the pieces of the window, and fills the window after on one of the threads.
  private func step(_ tables: FinalTables, _ kernel: inout lk_triplet_rule, preparing next: Range<Int>) -> Sums {
    let pieces = current.pieces
    let shared = Unchecked((tables: tables, triplets: current.triplets, following: following, sampler: sampler))
    let taken = Atomic<Int>(0)
    let done = Atomic<Int>(0)
    return withUnsafeTemporaryAllocation(of: Sums.self, capacity: pieces.count) { buffer in
      nonisolated(unsafe) let slots = buffer
      nonisolated(unsafe) let rule = kernel
      Parallel.run(Parallel.threads) { worker in
        if worker == 0 { shared.value.following.fill(from: shared.value.sampler, next) }
        // Pieces are taken in order: those that a piece waits for are already with threads that run.
        while case let piece = taken.add(1, ordering: .relaxed).oldValue, piece < pieces.count {
          var spins = 0
          while done.load(ordering: .acquiring) < pieces[piece].after { lk_pause(&spins) }
          slots[piece] = Self.run(pieces[piece].range, shared.value.triplets, shared.value.tables, rule)
          done.add(1, ordering: .acquiringAndReleasing)
        }
      }
      var total = Sums()
      for piece in pieces.indices {
        total.value += slots[piece].value
        total.squares += slots[piece].squares
      }
      return total
    }
  }

  private static func run(_ range: Range<Int>, _ t: RawTriplets, _ tables: FinalTables, _ rule: lk_triplet_rule) -> Sums
  {
    var rule = rule
    var sums = Sums()
    let at = range.lowerBound
    sums.value = lk_sgd_triplets(
      &rule, tables.userTable, tables.itemTable, tables.dimension, t.user + at, t.positive + at, t.negative + at,
      t.pair + at, range.count, &sums.squares)
    return sums
  }
}
