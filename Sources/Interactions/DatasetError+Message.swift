extension DatasetError {
  /// One line: what, where, and what to do.
  public var message: String {
    fileMessage ?? lineMessage ?? requestMessage
  }

  private var fileMessage: String? {
    switch self {
    case .missingFile(let path): "\(path): no such file"
    case .unreadableFile(let path, let reason): "\(path): cannot be read (\(reason))"
    case .emptyFile(let path): "\(path): holds no interactions"
    case .truncatedGzip(let path): "\(path): the gzip data end too early; the file is incomplete, fetch it again"
    case .damagedGzip(let path, let reason): "\(path): the gzip data are damaged (\(reason)); fetch the file again"
    case .unrecognisedFolder(let path, let files):
      "\(path): no data set found; looked for train.txt + test.txt, *.inter, interactions.tsv, ratings.dat, u.data, "
        + "ratings.csv or sequences.txt (also .gz) and found \(files.isEmpty ? "nothing" : list(files))"
    case .unrecognisedFile(let path):
      "\(path): format not recognised; name it with --dataset-format \(list(DatasetFormat.allCases.map(\.rawValue), "|"))"
    case .severalCandidates(let folder, let files):
      "\(folder): several files could be meant (\(list(files))); give the path of one"
    default: nil
    }
  }

  private var lineMessage: String? {
    switch self {
    case .columnCount(let place, let expected, let found):
      "\(place): \(expected) columns expected, \(found) found"
    case .notAnIdentifier(let place, let token):
      "\(place): '\(token)' is not an id; this format wants whole numbers from 0"
    case .negativeIdentifier(let place, let token): "\(place): negative id \(token)"
    case .identifierTooLarge(let place, let token): "\(place): id \(token) is too large"
    case .emptyIdentifier(let place): "\(place): an id is empty"
    case .tooManyRows(let place, let identifier, let interactions):
      "\(place): id \(identifier) asks for a table of \(identifier + 1) rows for \(interactions) interactions; "
        + "ids are row numbers in this format (--compact renumbers them)"
    case .notANumber(let place, let column, let token): "\(place): \(column) '\(token)' is not a number"
    case .notFinite(let place, let column, let token): "\(place): \(column) is \(token), not a finite number"
    case .notUTF8(let place): "\(place): not UTF-8 text; convert the file (iconv -t UTF-8)"
    case .unclosedQuote(let place): "\(place): a quoted field has no closing quote"
    case .missingColumn(let place, let role, let found):
      "\(place): no \(role) column among \(list(found)); name it with --columns \(role)=NAME"
    case .heldOutUserWithoutTrain(let place, let user):
      "\(place): user \(user) has no train interactions (without --strict such users are left out)"
    default: nil
    }
  }

  private var requestMessage: String {
    switch self {
    case .unknownDataset(let name, let places, let known):
      "data set '\(name)' not found; looked in \(list(places)); "
        + (known.contains(name)
          ? "get it with `make data DATASET=\(name)`"
          : "give a path, `synthetic`, or a name that `make data DATASET=NAME` knows"
            + (known.isEmpty ? "" : " (\(list(known)))"))
    case .noInteractionsLeft(let name, let reason): "\(name): no interactions are left (\(reason))"
    case .noGivenSplit(let name): "\(name): comes without a test split; choose one, such as --split 8:2"
    case .invalidSplit(let text):
      "split '\(text)' is not known; use given, 8:2, 8:1:1 (any whole shares) or leave-one-out"
    case .invalidValidationShare(let text): "validation share \(text) is outside 0 ..< 1"
    case .invalidColumns(let text): "columns '\(text)' not understood; write user=NAME,item=NAME,rating=NAME,time=NAME"
    case .invalidSynthetic(let text, let reason): "'\(text)': \(reason)"
    case .invalidRegistry(let place, let reason): "\(place): \(reason)"
    case .missingRegistry(let places):
      "no data registry; looked for \(list(places)); run in the repository's folder or set LANDSCAPE_REGISTRY"
    case .invalidIdentifierFile(let place, let reason): "\(place): \(reason)"
    default: "invalid data set"
    }
  }

  private func list(_ names: [String], _ separator: String = ", ") -> String {
    let shown = names.prefix(12).joined(separator: separator)
    return names.count > 12 ? shown + separator + "…" : shown
  }
}

extension DatasetError.Place: CustomStringConvertible {
  public var description: String { "\(path), line \(line)" }
}
