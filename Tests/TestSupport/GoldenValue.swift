import Foundation

/// A place in a golden file, with the key it is known by.
public struct GoldenValue {
  /// Dotted, list positions left out.
  public let key: String
  let json: Any

  public struct Missing: Error, CustomStringConvertible {
    public let description: String
  }

  private func fail<T>(_ wanted: String) throws -> T { throw Missing(description: "golden \(key): expected \(wanted)") }

  var asRoot: GoldenValue { GoldenValue(key: "", json: json) }

  public subscript(_ name: String) -> GoldenValue {
    get throws {
      guard let members = json as? [String: Any], let member = members[name] else {
        return try fail("a member \(name)")
      }
      return GoldenValue(key: key.isEmpty ? name : "\(key).\(name)", json: member)
    }
  }

  public var list: [GoldenValue] {
    get throws {
      guard let list = json as? [Any] else { return try fail("a list") }
      return list.map { GoldenValue(key: key, json: $0) }
    }
  }

  public var members: [String: GoldenValue] {
    get throws {
      guard let members = json as? [String: Any] else { return try fail("an object") }
      return Dictionary(uniqueKeysWithValues: members.map { ($0, GoldenValue(key: "\(key).\($0)", json: $1)) })
    }
  }

  public var isNull: Bool { json is NSNull }

  public var bool: Bool { get throws { try json as? Bool ?? fail("true or false") } }
  public var string: String { get throws { try json as? String ?? fail("a string") } }
  public var int: Int { get throws { try json as? Int ?? fail("a whole number") } }

  public var double: Double {
    get throws {
      if let text = json as? String, text == "inf" { return .infinity }
      return try json as? Double ?? fail("a number")
    }
  }

  /// Numbers of an array, nested array or matrix, row by row; a single number is an array of one.
  public var doubles: [Double] {
    get throws {
      if let numbers = json as? [Double] { return numbers }
      if let members = json as? [String: Any], let data = members["data"] {
        return try GoldenValue(key: key, json: data).doubles
      }
      if json is [Any] { return try list.flatMap { try $0.doubles } }
      return [try double]
    }
  }

  public var floats: [Float] { get throws { try doubles.map { Float($0) } } }
  public var indices: [UInt32] { get throws { try doubles.map { UInt32($0) } } }

  /// Rows, columns, … of a matrix.
  public var shape: [Int] { get throws { try self["shape"].doubles.map { Int($0) } } }

  /// The two tables of a pair, or the value itself.
  var parts: [GoldenValue] {
    get throws {
      guard let members = json as? [String: Any], members["users"] != nil else { return [self] }
      return [try self["users"], try self["items"]]
    }
  }

  /// The floats of a pair of tables: users, then items.
  public var tableFloats: [Float] { get throws { try parts.flatMap { try $0.floats } } }
}
