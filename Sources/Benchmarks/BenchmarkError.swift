import Storage

/// What is wrong with how the benchmark was asked; the wording is in the extension below.
enum BenchmarkError: BadInput, Equatable {
  case dimensionDiffers(path: String, found: Int, asked: Int)
  case unknownRow(String, known: [String])
  case unknownPeer(String, known: [String])
  case noPeerScripts(folder: String)
}

extension BenchmarkError {
  var message: String {
    switch self {
    case .dimensionDiffers(let path, let found, let asked):
      "\(path): has embeddings of width \(found), --dim says \(asked); leave --dim away with --checkpoint"
    case .unknownRow(let name, let known): "no row is called \(name); there are \(known.joined(separator: ", "))"
    case .unknownPeer(let name, let known):
      "no peer is called \(name); there are \(known.joined(separator: ", "))"
    case .noPeerScripts(let folder):
      "\(folder): holds no script that ends in _peer.py; say where they are with --peer-scripts"
    }
  }
}
