import Foundation
import Testing

@testable import Figures

@Suite struct LevelTests {
  @Test func `levels cover all finite values and ignore the rest`() {
    let levels = ValueLevels(sharedBy: [[0.31, .nan, 2.2], [.infinity, 5.7, -.infinity]])
    #expect(levels.scale.kind == .linear)
    #expect(levels.edges[0] <= 0.31)
    #expect(levels.edges[levels.bandCount] >= 5.7)
    #expect((8...16).contains(levels.bandCount))
  }

  @Test func `a range of ratio above 50 gets logarithmic levels, a narrow or signed one linear`() {
    #expect(ValueLevels(sharedBy: [[1e-3, 50]]).scale.kind == .log)
    #expect(ValueLevels(sharedBy: [[0.2, 6]]).scale.kind == .linear)
    #expect(ValueLevels(sharedBy: [[-1, 50]]).scale.kind == .linear)
    #expect(ValueLevels(sharedBy: [[0.2, 6]], placement: .log).scale.kind == .log)
    #expect(ValueLevels(sharedBy: [[1e-3, 50]], placement: .linear).scale.kind == .linear)
  }

  @Test(arguments: [1e-8, 0.003, 1, 40, 1e6]) func `log edges ascend and hold the values`(low: Double) {
    for ratio in [5.0, 60, 4e3, 1e7] {
      let levels = ValueLevels(sharedBy: [[low, low * ratio]], placement: .log)
      #expect(zip(levels.edges, levels.edges.dropFirst()).allSatisfy { $0 < $1 })
      #expect(levels.edges[0] <= low * (1 + 1e-9) && levels.edges[levels.bandCount] >= low * ratio * (1 - 1e-9))
      #expect((4...20).contains(levels.bandCount))
    }
  }

  @Test func `constant or missing values still make levels`() {
    #expect(ValueLevels(sharedBy: [[3, 3]]).bandCount >= 1)
    #expect(ValueLevels(sharedBy: [[.nan]]).bandCount >= 1)
    #expect(ValueLevels(sharedBy: [[]]).bandCount >= 1)
  }

  @Test func `labels of levels`() {
    #expect(TickLabels.short(0.03) == "0.03")
    #expect(TickLabels.short(1.5) == "1.5")
    #expect(TickLabels.short(300) == "300")
    #expect(TickLabels.short(2e-5) == "2·$10^{-5}$")
    #expect(TickLabels.short(-0.25) == "−0.25")
  }

  @Test(arguments: [ColorMap.viridis, .cividis, .magma]) func `lightness rises all along`(map: ColorMap) {
    let lightness = (0...100).map { map.color(at: Double($0) / 100).lightness }
    for (a, b) in zip(lightness, lightness.dropFirst()) { #expect(b > a - 0.05) }
    #expect(lightness[100] - lightness[0] > 70)
  }

  @Test func `published ends of the colour maps`() {
    #expect(ColorMap.viridis.color(at: 0) == Color(hex: 0x440154))
    #expect(ColorMap.viridis.color(at: 1) == Color(hex: 0xfde725))
    #expect(ColorMap.coolwarm.color(at: 0.5) == Color(hex: 0xdddddd))
    #expect(ColorMap.magma.color(at: .nan) == ColorMap.magma.color(at: 0))
  }

  @Test func `seven curves differ in colour, dash and marker`() {
    let styles = (0..<7).map { CurveStyle.categorical($0) }
    #expect(Set(styles.map(\.color)).count == 7)
    #expect(Set(styles.map(\.dash)).count == 7)
    #expect(Set(styles.map(\.marker)).count == 7)
    #expect(Set((0..<14).map { CurveStyle.categorical($0) }).count == 14)
  }
}
