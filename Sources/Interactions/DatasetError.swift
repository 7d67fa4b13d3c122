import Storage

/// What can be wrong with a data set or with the way it is asked for.
public enum DatasetError: BadInput, Equatable {
  /// A place in a text file; lines count from 1.
  public struct Place: Sendable, Equatable {
    public var path: String
    public var line: Int
    public init(path: String, line: Int) {
      self.path = path
      self.line = line
    }
  }

  // Files
  case missingFile(String)
  case unreadableFile(String, reason: String)
  case emptyFile(String)
  case truncatedGzip(String)
  case damagedGzip(String, reason: String)
  case unrecognisedFolder(String, files: [String])
  case unrecognisedFile(String)
  case severalCandidates(folder: String, files: [String])

  // Lines
  case columnCount(Place, expected: Int, found: Int)
  case notAnIdentifier(Place, token: String)
  case negativeIdentifier(Place, token: String)
  case identifierTooLarge(Place, token: String)
  case emptyIdentifier(Place)
  case tooManyRows(Place, identifier: UInt64, interactions: Int)
  case notANumber(Place, column: String, token: String)
  case notFinite(Place, column: String, token: String)
  case notUTF8(Place)
  case unclosedQuote(Place)
  case missingColumn(Place, role: String, found: [String])
  case heldOutUserWithoutTrain(Place, user: String)

  // Requests
  case unknownDataset(name: String, places: [String], known: [String])
  case noInteractionsLeft(name: String, reason: String)
  case noGivenSplit(name: String)
  case invalidSplit(String)
  case invalidValidationShare(String)
  case invalidColumns(String)
  case invalidSynthetic(String, reason: String)

  // Other files
  case invalidRegistry(Place, reason: String)
  case missingRegistry(places: [String])
  case invalidIdentifierFile(Place, reason: String)
}
