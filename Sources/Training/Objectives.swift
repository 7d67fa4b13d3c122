/// Every objective there is: a new one is added to ``all`` and nowhere else.
public struct ObjectiveKind: RawRepresentable, CaseIterable, Hashable, Sendable {
  static var all: [any Objective.Type] {
    [
      BPRObjective.self,
      AdversarialObjective.self,
      SAMObjective.self,
      BilevelSAMObjective.self,
      SharpCFObjective.self,
    ]
  }

  public let rawValue: String

  /// nil where there is no objective of this name.
  public init?(rawValue: String) {
    guard Self.all.contains(where: { $0.name == rawValue }) else { return nil }
    self.rawValue = rawValue
  }

  private init(_ type: any Objective.Type) { rawValue = type.name }

  public static var allCases: [ObjectiveKind] { all.map(ObjectiveKind.init) }

  var type: any Objective.Type { Self.all.first { $0.name == rawValue } ?? BPRObjective.self }
  /// As papers write it.
  public var title: String { type.title }

  public static let bpr = ObjectiveKind(BPRObjective.self)
  public static let apr = ObjectiveKind(AdversarialObjective.self)
  public static let sam = ObjectiveKind(SAMObjective.self)
  public static let gsam = ObjectiveKind(BilevelSAMObjective.self)
  public static let sharpcf = ObjectiveKind(SharpCFObjective.self)
}
