import Figures
import Foundation
import Landscape
import Report
import Storage

/// Makes a report of the files that were found.
struct ReportBuilder {
  /// Surfaces of one grid, data set and kind of directions, with their names.
  struct Group {
    let surfaces: [(path: String, named: NamedSurface)]

    var first: Surface { surfaces[0].named.surface }
    var dimensions: Int { first.axes.dimensions }
  }

  let inputs: ReportInputs
  let names: ReportNames
  let groups: [Group]
  private let givenTitle: String?

  init(_ inputs: ReportInputs, title: String?) {
    self.inputs = inputs
    givenTitle = title
    names = ReportNames(inputs.runs)
    groups = Self.groups(inputs.surfaces, names)
  }

  func contents() throws -> ReportContents {
    var contents = ReportContents(title: title, summary: summary, styles: Self.styles, maps: Self.maps)
    contents.sets = groups.map(set)
    contents.tables = try ReportTables(builder: self).all()
    contents.charts = try ReportCharts(builder: self).all()
    contents.facts = [.init("Software", "landscape \(Version.current)")] + datasets.map { .init("Data set", $0) }
    contents.sources = sources
    return contents
  }

  // MARK: - Words

  private var title: String {
    givenTitle ?? (datasets.count == 1 ? "Loss landscapes on \(datasets[0])" : "Loss landscapes")
  }

  private var summary: String {
    let parts = [
      (inputs.surfaces.count, "surface"), (inputs.runs.count, "run"),
      (inputs.sharpness.reduce(0) { $0 + $1.file.groups.reduce(0) { $0 + $1.reports.count } }, "sharpness measurement"),
      (inputs.tables.count, "table"),
    ]
    return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: ", ")
  }

  /// Names of data sets in the order of the files.
  private var datasets: [String] {
    var found: [String] = []
    let all = inputs.runs.map(\.metadata) + inputs.surfaces.map(\.surface.metadata)
    for name in all.compactMap({ $0["landscape.dataset"] }) where !found.contains(name) { found.append(name) }
    return found
  }

  // MARK: - Surfaces

  private static let shared = [
    "dataset", "fingerprint", "loss", "directions", "direction_seed", "negative_seed", "negatives",
  ]

  private static func groups(
    _ surfaces: [(path: String, surface: Surface)], _ names: ReportNames
  ) -> [Group] {
    var parts: [(axes: GridAxes, key: [String?], members: [(path: String, surface: Surface)])] = []
    for found in surfaces {
      let key = shared.map { found.surface.metadata["landscape.\($0)"] }
      if let place = parts.firstIndex(where: { $0.axes == found.surface.axes && $0.key == key }) {
        parts[place].members.append(found)
      } else {
        parts.append((found.surface.axes, key, [found]))
      }
    }
    return parts.map { part in
      let ranks = part.members.map { ReportNames.rank($0.surface.metadata["landscape.objective"]) }
      let order = ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
      let members = order.map { part.members[$0] }
      return Group(
        surfaces: zip(members, names.names(of: members)).map { found, name in
          (found.path, NamedSurface(name: name, surface: found.surface))
        })
    }.enumerated().sorted { ($0.1.dimensions, $0.0) < ($1.1.dimensions, $1.0) }.map(\.1)
  }

  /// "Loss over a plane", with the data set where the others are of other data.
  func heading(_ group: Group) -> String {
    let base = ["", "Loss along a line", "Loss over a plane", "Loss in a volume"][group.dimensions]
    let alike = groups.filter { $0.dimensions == group.dimensions }
    guard alike.count > 1 else { return base }
    let dataset = group.first.metadata["landscape.dataset"] ?? "unknown data"
    let sameData = alike.filter { $0.first.metadata["landscape.dataset"] == group.first.metadata["landscape.dataset"] }
    let number = sameData.firstIndex { $0.surfaces[0].path == group.surfaces[0].path } ?? 0
    return "\(base): \(dataset)" + (sameData.count > 1 ? " (\(number + 1))" : "")
  }

  func caption(_ group: Group) -> String {
    let metadata = group.first.metadata
    func value(_ key: String) -> String? { metadata["landscape.\(key)"] }
    let shape = group.first.axes.shape.map(String.init).joined(separator: "×")
    let parts: [String?] = [
      value("dataset"), value("triplets").map { "\($0) \(value("loss") ?? "") triplets" }, "\(shape) points",
      value("directions").map { kind in
        "\(kind) directions" + (value("direction_seed").map { ", seed \($0)" } ?? "")
      },
      value("negatives").map {
        "\($0) negative\($0 == "1" ? "" : "s") a positive, seed \(value("negative_seed") ?? "?")"
      },
    ]
    return parts.compactMap { $0 }.joined(separator: " · ")
  }

  private func set(_ group: Group) -> SurfaceSet {
    SurfaceSet(
      title: heading(group), caption: caption(group), axes: group.first.axes.values,
      surfaces: group.surfaces.map { _, named in
        SurfaceSet.Member(
          name: named.name, loss: named.surface.loss, l2: named.surface.l2, error: named.surface.standardError,
          lossAtOrigin: named.surface.lossAtOrigin, facts: Self.facts(named.surface.metadata))
      })
  }

  // MARK: - Provenance

  private var sources: [ReportContents.Source] {
    zip(inputs.runs, names.runs).map { run, name in
      let hash = run.hash.map { [ReportContents.Fact("checkpoint", "sha256:\($0)")] } ?? []
      return ReportContents.Source(title: "Run \(name)", facts: hash + Self.facts(run.metadata))
    }
      + groups.map { group in
        Self.source(
          heading(group), group.surfaces.map { _, named in (named.name, Self.facts(named.surface.metadata)) })
      }
      + inputs.sharpness.map { _, file in
        let reports = file.groups.flatMap { group in
          group.reports.enumerated().map { number, report in
            (
              group.reports.count > 1 ? "\(group.name) \(number + 1)" : group.name,
              report.provenance.sorted { $0.key < $1.key }.map { ReportContents.Fact($0.key, $0.value) }
            )
          }
        }
        return Self.source("Sharpness", reports)
      }
  }

  /// Facts of several members: those that all share once, then what is each one's own.
  private static func source(
    _ title: String, _ members: [(name: String, facts: [ReportContents.Fact])]
  ) -> ReportContents.Source {
    let shared = (members.first?.facts ?? []).filter { fact in members.allSatisfy { $0.facts.contains(fact) } }
    let own = members.flatMap { name, facts in
      facts.filter { !shared.contains($0) }.map { ReportContents.Fact("\(name): \($0.key)", $0.value) }
    }
    return ReportContents.Source(title: title, facts: shared + own)
  }

  private static func facts(_ metadata: [String: String]) -> [ReportContents.Fact] {
    metadata.sorted { $0.key < $1.key }.map { key, value in
      .init(key.replacingOccurrences(of: "landscape.", with: ""), value)
    }
  }

  // MARK: - Colours

  /// The palette of the figures.
  private static var styles: [ReportContents.Style] {
    (0..<14).map { index in
      let style = CurveStyle.categorical(index)
      return ReportContents.Style(color: "#" + style.color.hex, dash: style.dash)
    }
  }

  private static var maps: [ReportContents.ColorPoints] {
    ColorMap.all.map { map in
      ReportContents.ColorPoints(name: map.name, points: (0...32).map { "#" + map.color(at: Double($0) / 32).hex })
    }
  }
}
