/// What a report shows, as plain values: surfaces, tables, curves, and where they come from.
public struct ReportContents: Sendable {
  /// A name and a text.
  public struct Fact: Sendable, Equatable {
    public var key: String
    public var value: String

    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Facts about one file or model.
  public struct Source: Sendable {
    public var title: String
    public var facts: [Fact]

    public init(title: String, facts: [Fact]) {
      self.title = title
      self.facts = facts
    }
  }

  /// How the curves of a method look: "#rrggbb" and the dashes.
  public struct Style: Sendable {
    public var color: String
    public var dash: [Double]

    public init(color: String, dash: [Double]) {
      self.color = color
      self.dash = dash
    }
  }

  /// A colour map by points in equal steps, each "#rrggbb".
  public struct ColorPoints: Sendable {
    public var name: String
    public var points: [String]

    public init(name: String, points: [String]) {
      self.name = name
      self.points = points
    }
  }

  public var title: String
  /// One line below the title.
  public var summary: String
  public var sets: [SurfaceSet] = []
  public var tables: [ReportTable] = []
  public var charts: [ReportChart] = []
  public var facts: [Fact] = []
  public var sources: [Source] = []
  /// Of the methods in their order; used again from the start where there are more.
  public var styles: [Style]
  public var maps: [ColorPoints]

  public init(title: String, summary: String, styles: [Style], maps: [ColorPoints]) {
    self.title = title
    self.summary = summary
    self.styles = styles
    self.maps = maps
  }

  /// Names of surfaces and curves, in order of appearance: a method has one colour on the whole page.
  var names: [String] {
    var names: [String] = []
    let all = sets.flatMap { $0.surfaces.map(\.name) } + charts.flatMap { $0.panels.flatMap { $0.curves.map(\.name) } }
    for name in all where !names.contains(name) { names.append(name) }
    return names
  }
}

/// Surfaces on the same grid, drawn together.
public struct SurfaceSet: Sendable {
  public struct Member: Sendable {
    public var name: String
    /// (n₁[, n₂[, n₃]]), first axis slowest.
    public var loss: [Double]
    public var l2: [Double]?
    /// Standard error of `loss`.
    public var error: [Double]?
    public var lossAtOrigin: Double
    public var facts: [ReportContents.Fact]

    public init(
      name: String, loss: [Double], l2: [Double]? = nil, error: [Double]? = nil, lossAtOrigin: Double,
      facts: [ReportContents.Fact] = []
    ) {
      self.name = name
      self.loss = loss
      self.l2 = l2
      self.error = error
      self.lossAtOrigin = lossAtOrigin
      self.facts = facts
    }
  }

  public var title: String
  public var caption: String
  /// One to three, ascending.
  public var axes: [[Double]]
  public var surfaces: [Member]

  public init(title: String, caption: String, axes: [[Double]], surfaces: [Member]) {
    self.title = title
    self.caption = caption
    self.axes = axes
    self.surfaces = surfaces
  }
}

/// A table whose rows can be sorted by any column.
public struct ReportTable: Sendable {
  public struct Heading: Sendable {
    public var name: String
    /// Small print below.
    public var note: String

    public init(_ name: String, note: String = "") {
      self.name = name
      self.note = note
    }
  }

  public struct Cell: Sendable {
    public var text: String
    /// What is sorted by; nil for cells of words.
    public var value: Double?
    public var isBest = false

    public init(_ text: String, value: Double? = nil, isBest: Bool = false) {
      self.text = text
      self.value = value
      self.isBest = isBest
    }
  }

  public var title: String
  public var caption: String
  /// Above the names of the rows.
  public var corner: String
  public var columns: [Heading]
  public var rows: [(name: String, cells: [Cell])]

  public init(
    title: String, caption: String = "", corner: String, columns: [Heading], rows: [(name: String, cells: [Cell])]
  ) {
    self.title = title
    self.caption = caption
    self.corner = corner
    self.columns = columns
    self.rows = rows
  }
}

/// Panels of curves.
public struct ReportChart: Sendable {
  public struct Curve: Sendable {
    public var name: String
    public var x: [Double]
    public var y: [Double]
    /// Lower and upper values at each x.
    public var band: (low: [Double], high: [Double])?

    public init(name: String, x: [Double], y: [Double], band: (low: [Double], high: [Double])? = nil) {
      self.name = name
      self.x = x
      self.y = y
      self.band = band
    }
  }

  public enum Scale: Sendable, Equatable {
    case linear, log
    case symlog(threshold: Double)
  }

  public struct Panel: Sendable {
    public var title: String
    public var xLabel: String
    public var yLabel: String
    public var xScale: Scale
    public var yScale: Scale
    /// The lowest value that the vertical axis shows.
    public var floor: Double?
    public var curves: [Curve]

    public init(
      title: String, xLabel: String, yLabel: String, xScale: Scale = .linear, yScale: Scale = .linear,
      floor: Double? = nil, curves: [Curve]
    ) {
      self.title = title
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.xScale = xScale
      self.yScale = yScale
      self.floor = floor
      self.curves = curves
    }
  }

  public var title: String
  public var caption: String
  public var panels: [Panel]

  public init(title: String, caption: String, panels: [Panel]) {
    self.title = title
    self.caption = caption
    self.panels = panels
  }
}
