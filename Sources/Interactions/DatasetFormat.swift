/// The text formats that are read; all may be packed with gzip.
public enum DatasetFormat: String, Sendable, CaseIterable, Codable {
  /// `user item item item …` per line, one file per split; ids are row numbers.
  case lightgcn
  /// `user item item item …` per line, oldest first, one file.
  case sequences
  /// `user<TAB>item[<TAB>rating[<TAB>time]]` without a header: MovieLens `u.data` and many exports.
  case interactions
  /// `user::item::rating::time` without a header: MovieLens `ratings.dat`.
  case ratings
  /// RecBole's atomic `.inter`: tab-separated with a typed header such as `user_id:token`.
  case recbole
  /// Comma-, semicolon- or tab-separated with a header that names the columns.
  case table
}

/// Which part of a data set a file holds.
enum DatasetPart: Int, Sendable, CaseIterable {
  /// Everything, still to be split.
  case all
  case train
  case validation
  case test
}

/// The files of a data set and how to read them.
struct DatasetSource: Sendable, Equatable {
  struct File: Sendable, Equatable {
    var part: DatasetPart
    var path: String
  }

  var format: DatasetFormat
  var files: [File]

  /// Whether a test split comes with the data.
  var isSplit: Bool { files.contains { $0.part == .test } }
}
