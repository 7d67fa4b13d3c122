/// An error that the user can mend: a missing or damaged file, a wrong value, data that do not fit together.
///
/// `message` is one line that says what is wrong, where (file and line where there is one) and what to do.
/// The command line prints it on stderr and exits with status 2; every other error exits with status 1.
public protocol BadInput: Error, CustomStringConvertible, Sendable {
  var message: String { get }
}

extension BadInput {
  public var description: String { message }
}
