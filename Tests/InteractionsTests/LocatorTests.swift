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
      FileManager.default.createFile(atPath: place + "/train.txt", contents: Data())
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
    #expect { try locator.locate("toy") } throws: { "\($0)".contains("toy)") && "\($0)".contains("Data/toy") }
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

  @Test func missingRegistry() {
    let locator = DatasetLocator(environment: ["LANDSCAPE_REGISTRY": "/nowhere/r.tsv"])
    #expect(throws: DatasetError.missingRegistry(places: ["/nowhere/r.tsv"])) {
      try DatasetRegistry.read(locator: locator)
    }
  }
}
