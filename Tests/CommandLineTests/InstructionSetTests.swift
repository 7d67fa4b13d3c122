import Foundation
import LinearAlgebra
import Testing

@Suite("LANDSCAPE_ISA")
struct InstructionSetTests {
  let place = try! Workplace()

  @Test(
    "What no machine or this machine lacks is refused, and what it has is named", arguments: ["avx1024", "AVX2", " "])
  func unknown(_ name: String) throws {
    let outcome = try place.run(["data"], environment: ["LANDSCAPE_ISA": name])
    #expect(outcome.status == 2)
    #expect(outcome.text.isEmpty)
    #expect(
      outcome.errorLines == [
        "landscape: LANDSCAPE_ISA=\(name): this machine has \(InstructionSet.available.joined(separator: ", ")); "
          + "unset it for the fastest of them"
      ])
  }

  @Test("Every set that the machine has is taken")
  func available() throws {
    #expect(InstructionSet.available.first == "portable")
    for name in InstructionSet.available {
      try place.succeed("data", "info", Workplace.data, environment: ["LANDSCAPE_ISA": name])
    }
  }
}
