import ArgumentParser
import Foundation
import Interactions
import Storage

/// Data sets: what is known, what is here, what is in them.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Data sets: list them, describe one.", subcommands: [List.self, Info.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The registered data sets, and which are here.")

    func run() throws {
      let locator = DatasetLocator()
      print(try DatasetRegistry.read(locator: locator).listing(locator: locator), terminator: "")
    }
  }

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Users, items, interactions, density, degrees and duplicates of a data set.")

    @Argument(help: "A name, a path or synthetic[:users=…,items=…,interactions=…,seed=…].")
    var name: String

    @OptionGroup(title: "Data") var data: DatasetArguments
    @OptionGroup var common: CommonOptions

    func run() throws {
      _ = common.start()
      let dataset = try Dataset.load(name, options: data.options())
      let entry = (try? DatasetRegistry.read())?[name]
      print(dataset.report(registered: entry), terminator: "")
    }
  }
}
