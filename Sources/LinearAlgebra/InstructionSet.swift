import CKernels
import Foundation

/// The instruction set that the kernels use: the widest that the machine has, or the one that `LANDSCAPE_ISA` names.
public enum InstructionSet {
  /// Those that this machine has.
  public static var available: [String] { ["portable", "avx2", "avx512"].filter { lk_isa_available($0) != 0 } }

  /// What `LANDSCAPE_ISA` asks for, if that is not available: the kernels would pass over it.
  public static var unavailableWish: String? {
    let wish = ProcessInfo.processInfo.environment["LANDSCAPE_ISA"] ?? ""
    return wish.isEmpty || available.contains(wish) ? nil : wish
  }
}
