import Foundation
import Storage
import TestSupport
import Testing

/// Models other than matrix factorisation, as users run them.
@Suite("Backbones on the command line")
struct BackboneTests {
  let place = try! Workplace()

  private func object(_ text: String) throws -> [String: JSONValue] {
    try #require(try JSONValue(parsing: text.trimmingCharacters(in: .whitespacesAndNewlines)).object)
  }

  @Test(
    "Every backbone trains, and its checkpoint has metrics, a surface and sharpness",
    arguments: [
      "lightgcn", "ngcf", "simgcl", "mixgcf",
    ]) func everyCommand(_ backbone: String) throws
  {
    let checkpoint = try place.train("run", "--backbone", backbone, "--objective", "gsam", "--layers", "2")
    let metadata = try place.open(checkpoint).metadata
    #expect(metadata["landscape.backbone"] == backbone)
    let hyperparameters = try object(metadata["landscape.hyperparameters"] ?? "")
    #expect(hyperparameters["layers"]?.integer == 2)
    let recorded = try object(metadata["landscape.metrics"] ?? "")
    let found = try object(try place.succeed("evaluate", checkpoint, "--cutoffs", "10,20", "--json"))
    #expect(found["metrics"]?.object?["ndcg@20"]?.double == recorded["ndcg@20"]?.double)
    try place.succeed(checkpoint, "--dims", "2", "--points", "5", "--range", "0.5")
    let surface = try place.open("run/checkpoint-2d.safetensors")
    let (loss, center) = (try surface.doubles(of: "loss"), try surface.doubles(of: "loss_at_origin")[0])
    #expect(loss.count == 25 && abs(loss[12] - center) < 1e-5 * center)
    #expect(Set(loss).count > 20 && surface.metadata["landscape.backbone"] == backbone)
    let text = try place.succeed("sharpness", checkpoint, "--effort", "quick", "--no-held-out")
    #expect(text.contains("λ_max"))
  }

  @Test("Options that a model does not have are named")
  func wrongOptions() throws {
    let data = ["--dataset", Workplace.data, "--epochs", "1", "--quiet"]
    func message(_ options: String...) throws -> String {
      let outcome = try place.run(["train"] + data + options)
      #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(outcome.message)")
      return outcome.message
    }
    #expect(try message("--backbone", "transformer").contains("there is no backbone transformer: use mf, lightgcn"))
    #expect(
      try message("--backbone", "lightgcn", "--option", "epsilon=0.2").contains("lightgcn has no option epsilon"))
    #expect(try message("--layers", "2").contains("mf has no option layers"))
    #expect(try message("--backbone", "lightgcn", "--layers", "99").contains("a whole number from 0 to 8"))
  }

  @Test("--runs trains several seeds and compares them; what is there is taken up")
  func runs() throws {
    let options = [
      "train", "--backbone", "lightgcn", "--dataset", Workplace.data, "--dim", "8", "--epochs", "6", "--evaluate-every",
      "2", "--validation", "0.2", "--stop-on", "ndcg@10", "--cutoffs", "10", "--refit", "--runs", "3", "--output",
      "all",
    ]
    let first = try place.run(options)
    try #require(first.status == 0, "\(first.message)")
    #expect(first.text.contains("± ") && first.text.contains("all/seed-3/checkpoint.bin"))
    let table = try place.text("all/runs.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(table.count == 4 && table[0].contains("recall@10"))
    let column = try #require(table[0].firstIndex(of: "ndcg@10"))
    let values = table.dropFirst().compactMap { Double($0[column]) }
    #expect(Set(values).count == 3)
    let checkpoints = (1...3).map { "all/seed-\($0)/checkpoint.bin" }
    let epochs = try place.open(checkpoints[0]).metadata["landscape.epoch"]
    #expect(epochs == (try place.open("all/seed-1/selection/checkpoint.bin").metadata["landscape.epoch"]))
    let bytes = try checkpoints.map { try place.bytes($0) }
    try FileManager.default.removeItem(atPath: place.folder.path("all/seed-3"))
    let second = try place.run(options + ["--resume"])
    try #require(second.status == 0, "\(second.message)")
    #expect(try checkpoints.map { try place.bytes($0) } == bytes)
    // A refitted checkpoint finds its data again: train and validation together.
    #expect(try place.succeed("evaluate", "all", "--cutoffs", "10").contains("±"))
  }

  @Test("--layers fills in what a file does not say and is never passed over")
  func layersOfAFile() throws {
    let checkpoint = try place.train("graph", "--backbone", "lightgcn", "--layers", "2")
    try place.succeed("evaluate", checkpoint, "--layers", "2")
    #expect(try place.refuse("evaluate", checkpoint, "--layers", "3").contains("trained with layers = 2"))
    let plain = try place.train("plain")
    #expect(try place.refuse("evaluate", plain, "--layers", "3").contains("mf has no option layers"))
  }

  @Test("Ctrl-C keeps the points of a surface that goes point by point, and the same command goes on")
  func interruptedSurface() throws {
    let checkpoint = try place.train("run", "--backbone", "ngcf", "--layers", "1")
    let options = [checkpoint, "--dims", "2", "--points", "81", "--format", "none", "--no-sharpness"]
    let running = try Program.Running(options, in: place.folder.path, environment: [:])
    try running.wait(until: "loaded")
    usleep(200_000)
    running.interrupt()
    let stopped = try running.wait()
    #expect(stopped.status == 130 && stopped.message.contains("the same command goes on"), "\(stopped.message)")
    #expect(try !place.names("run").contains("checkpoint-2d.safetensors"))
    let resumed = try place.run(options)
    try #require(resumed.status == 0, "\(resumed.message)")
    #expect(resumed.message.contains("going on with"))
    let bytes = try place.bytes("run/checkpoint-2d.safetensors")
    #expect(try !place.names("run").contains("checkpoint-2d.partial"))
    #expect(try place.run(options).status == 0)
    #expect(try place.bytes("run/checkpoint-2d.safetensors") == bytes)
  }

  // MARK: - Tables from elsewhere

  private static let modules = ["numpy", "safetensors.numpy"]

  /// Writes LightGCN's tables under the names of its PyTorch code, propagates them in numpy and ranks.
  private static let lightGCN = """
    import sys, json, numpy as np
    from safetensors.numpy import save_file
    folder = sys.argv[1]
    rng = np.random.default_rng(3)
    users, items, d = 30, 40, 8
    train = [sorted(rng.choice(items, 6, replace=False).tolist()) for _ in range(users)]
    test = [sorted(set(rng.choice(items, 4, replace=False).tolist()) - set(t)) for t in train]
    test[0] = test[0] or [(train[0][0] + 1) % items]
    def write(name, rows):
      with open(folder + "/" + name, "w") as f:
        for u, row in enumerate(rows):
          if row: f.write(" ".join(map(str, [u] + row)) + "\\n")
    train[0] = sorted(set(train[0]) | {items - 1})
    test[0] = [i for i in test[0] if i not in train[0]]
    write("train.txt", train); write("test.txt", test)
    e = rng.normal(size=(users + items, d)).astype(np.float32)
    save_file({"embedding_user.weight": e[:users].copy(), "embedding_item.weight": e[users:].copy()}, folder + "/x.bin")
    a = np.zeros((users + items, users + items))
    for u, row in enumerate(train):
      for i in row: a[u, users + i] = a[users + i, u] = 1
    degree = a.sum(1); scale = np.where(degree > 0, 1 / np.sqrt(np.maximum(degree, 1)), 0)
    a = scale[:, None] * a * scale[None]
    layers = [e.astype(np.float64)]
    for _ in range(3): layers.append(a @ layers[-1])
    final = sum(layers) / 4
    scores = final[:users] @ final[users:].T
    recall = []
    for u in range(users):
      if not test[u]: continue
      s = scores[u].copy(); s[train[u]] = -np.inf
      top = np.argsort(-s, kind="stable")[:5].tolist()
      recall.append(len(set(top) & set(test[u])) / len(test[u]))
    print(json.dumps({"recall": float(np.mean(recall)), "users": len(recall)}))
    """

  @Test(
    "Tables of a PyTorch LightGCN are propagated as there",
    .enabled(if: Python.has("numpy", "safetensors.numpy"), "Python has no numpy and safetensors"))
  func lightGCNFromPython() throws {
    let expected = try object(try Python.run(Self.lightGCN, place.folder.path))
    let text = try place.succeed(
      "evaluate", "x.bin", "--backbone", "lightgcn", "--layers", "3", "--dataset", ".", "--cutoffs", "5", "--json")
    let found = try object(text)
    #expect(found["users"]?.integer == expected["users"]?.integer)
    let recall = try #require(found["metrics"]?.object?["recall@5"]?.double)
    #expect(abs(recall - (expected["recall"]?.double ?? 9)) < 1e-9)
    #expect(recall > 0)
    let plain = try object(
      try place.succeed("evaluate", "x.bin", "--backbone", "mf", "--dataset", ".", "--cutoffs", "5", "--json"))
    #expect(plain["metrics"]?.object?["recall@5"]?.double != recall)
    try place.succeed(
      "x.bin", "--backbone", "lightgcn", "--dataset", ".", "--dims", "1", "--points", "5", "--no-sharpness")
  }
}
