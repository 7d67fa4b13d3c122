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

  @Test func `no band is spent on a sliver beyond a round value`() {
    let rise = ValueLevels(sharedBy: [[-3e-4, 0.171]])
    #expect(rise.edges[0] == 0 && rise.band(of: -3e-4) == 0 && rise.position(0.02) > 0)
    let deeper = ValueLevels(sharedBy: [[-5e-3, 0.171]])
    #expect(deeper.edges[0] < -3e-3)
    let low = ValueLevels(sharedBy: [[0.1, 1.0003]])
    #expect(low.edges[low.bandCount] == 1 && low.band(of: 1.0003) == low.bandCount - 1)
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
    #expect(ValueLevels(edges: [0, 0.02, 0.05, 0.075, 0.125], kind: .linear).labels.last == "0.125")
    #expect(ValueLevels(edges: [0, 0.02, 0.04], kind: .linear).labels == ["0.00", "0.02", "0.04"])
    #expect(ValueLevels(edges: [0.5, 1, 2], kind: .linear).labels == ["0.5", "1.0", "2.0"])
    #expect(TickLabels.short(0.03) == "0.03")
    #expect(TickLabels.short(1.5) == "1.5")
    #expect(TickLabels.short(300) == "300")
    #expect(TickLabels.short(2e-5) == "2·$10^{-5}$")
    #expect(TickLabels.short(-0.25) == "−0.25")
  }

  @Test(arguments: [ColorMap.viridis, .cividis, .magma, .gray]) func `lightness rises all along, at an even pace`(
    map: ColorMap
  ) {
    let lightness = (0...100).map { map.color(at: Double($0) / 100).lightness }
    let steps = zip(lightness, lightness.dropFirst()).map { $1 - $0 }
    let mean = (lightness[100] - lightness[0]) / 100
    #expect(lightness[100] - lightness[0] > 69)
    for step in steps { #expect(step > 0 && step < 2 * mean) }
  }

  @Test(arguments: [ColorMap.coolwarm, .rdbu]) func `lightness of diverging maps rises to the middle and falls alike`(
    map: ColorMap
  ) {
    let lightness = (0...100).map { map.color(at: Double($0) / 100).lightness }
    for step in 0..<50 {
      #expect(lightness[step + 1] > lightness[step] && lightness[99 - step] > lightness[100 - step])
      #expect(abs(lightness[step] - lightness[100 - step]) < 5)
    }
  }

  @Test func `on dark grounds no map begins in the dark, and order stays`() {
    for map in ColorMap.all {
      let shown = Theme.dark.map(map)
      let lightness = (0...100).map { shown.color(at: Double($0) / 100).lightness }
      #expect((lightness.min() ?? 0) > 28 || map.isDiverging)
      #expect(shown.color(at: 1) == map.color(at: 1))
      if !map.isDiverging { for (a, b) in zip(lightness, lightness.dropFirst()) { #expect(b > a) } }
    }
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
