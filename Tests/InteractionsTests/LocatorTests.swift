import Foundation
import Interactions
import Testing

@Suite struct LocatorTests {
  @Test func namesAreLookedUpInOrder() throws {
    let (here, elsewhere) = (TemporaryFolder(), TemporaryFolder())
    let locator = DatasetLocator(currentFolder: here.path, environment: ["LANDSCAPE_DATA": elsewhere.path])
    let places = [here.path + "/Data/toy", elsewhere.path + "/toy", here.path + "/toy"]
    #expect(throws: DatasetError.unknownDataset(name: "toy", places: places, known: [])) { try locator.locate("toy") }
    for place in places.reversed() {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try Data().write(to: URL(fileURLWithPath: place + "/train.txt"))
      #expect(try locator.locate("toy") == .stored(path: place))
    }
    #expect(try locator.locate(elsewhere.path) == .stored(path: elsewhere.path))
    #expect(try locator.locate("synthetic") == .synthetic(SyntheticConfiguration()))
    #expect(locator.isPresent("toy") && !locator.isPresent("synthetic") && !locator.isPresent("other"))
  }

  @Test func unknownNamesSayWhatToDo() throws {
    let folder = TemporaryFolder()
    let registry = folder.write("registry.tsv", text: "toy\ttitle\tA toy\n")
    let locator = DatasetLocator(currentFolder: folder.path, environment: ["LANDSCAPE_REGISTRY": registry])
    #expect { try locator.locate("toy") } throws: { "\($0)".contains("`make data DATASET=toy`") }
    #expect { try locator.locate("tory") } throws: { "\($0)".contains("knows (toy)") && "\($0)".contains("Data/tory") }
    #expect(throws: DatasetError.unknownDataset(name: "./x", places: [folder.path + "/./x"], known: ["toy"])) {
      try locator.locate("./x")
    }
  }

  @Test func registryOfThePackage() throws {
    let registry = try DatasetRegistry.read(locator: DatasetLocator(currentFolder: packageFolder, environment: [:]))
    #expect(registry.entries.map(\.name) == ["ml-100k", "ml-1m", "gowalla", "yelp2018", "amazon-book"])
    for entry in registry.entries {
      #expect(!entry.title.isEmpty && !entry.licence.isEmpty && entry.format != nil && !entry.downloads.isEmpty)
      #expect(entry.users != nil && entry.items != nil && entry.interactions != nil)
      #expect(entry.downloads.allSatisfy { $0.address.hasPrefix("https://") })
    }
    #expect(registry["gowalla"]?.downloads.first?.checksum == "md5:5eec1eb2edb8dd648377d348b8e136cf")
    #expect(registry["ml-1m"]?.downloads.first?.isArchive == true)
    let data = try load(fixture("lightgcn"))
    #expect(data.report(registered: registry["gowalla"]).contains("1,027,370 interactions: differs"))
  }

  @Test(arguments: [
    ("a\ttitle\n", "separated by tabs"), ("a\tcolour\tred\n", "key 'colour'"), ("a\tusers\tmany\n", "whole number"),
    ("a\tformat\tpickle\n", "format 'pickle'"), ("a\tfile\tx\tmd5:00\thttps://x\n", "checksum 'md5:00'"),
    ("a\tfile\tx\tunverified\n", "wants a file name"), ("a\ttitle\tx\nb\ttitle\ty\na\tlicence\tz\n", "not together"),
  ]) func badRegistry(text: String, reason: String) {
    let line = text.split(separator: "\n").count
    #expect {
      try DatasetRegistry(parsing: text, path: "r.tsv")
    } throws: { error in
      "\(error)".hasPrefix("r.tsv, line \(line): ") && "\(error)".contains(reason)
    }
  }

  @Test func listing() throws {
    let folder = TemporaryFolder()
    let registry = try DatasetRegistry(
      parsing: "here\ttitle\tA\nhere\tusers\t12\nhere\tlicence\tfree\nthere\ttitle\tB\n", path: "")
    try FileManager.default.createDirectory(atPath: folder.path + "/here", withIntermediateDirectories: true)
    folder.write("here/u.data", text: "1\t2\n")
    let text = registry.listing(locator: DatasetLocator(environment: ["LANDSCAPE_DATA": folder.path]))
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines[2] == "here 12 ? ? present A" && lines[3] == "there ? ? ? make data DATASET=there B")
    #expect(lines[1].hasPrefix("synthetic 3000 2000 100000 built in") && lines.contains("here: free"))
  }

  @Test func missingRegistry() {
    let locator = DatasetLocator(environment: ["LANDSCAPE_REGISTRY": "/nowhere/r.tsv"])
    #expect(throws: DatasetError.missingRegistry(places: ["/nowhere/r.tsv"])) {
      try DatasetRegistry.read(locator: locator)
    }
  }
}
