import LinearAlgebra

/// Under which names public code keeps the tensors that Landscape knows.
public enum TensorAliases {
  /// (users, d)
  public static let userTable = "user_embedding.weight"
  /// (items, d)
  public static let itemTable = "item_embedding.weight"

  /// Names of the two tables elsewhere. Each pair comes from one code base, so that both are found together.
  static let tables: [(user: String, item: String)] = [
    (userTable, itemTable),  // canonical; RecBole: BPR, LightGCN, NGCF, SGL …
    ("user_embedding", "item_embedding"),
    ("user_embeddings.weight", "item_embeddings.weight"),  // Spotlight
    ("user_embeddings", "item_embeddings"),
    ("user_emb.weight", "item_emb.weight"),  // RecBole: SimpleX
    ("user_emb", "item_emb"),
    ("user_embeds.weight", "item_embeds.weight"),
    ("user_embeds", "item_embeds"),
    ("user_embed", "item_embed"),  // MixGCF
    ("user_embed.weight", "item_embed.weight"),
    ("embedding_user.weight", "embedding_item.weight"),  // LightGCN-PyTorch
    ("embed_user.weight", "embed_item.weight"),  // BPR-pytorch, NCF
    ("embedding_dict.user_emb", "embedding_dict.item_emb"),  // NGCF-PyTorch, SELFRec
    ("user_factors.weight", "item_factors.weight"),
    ("user_factors", "item_factors"),  // implicit
    ("u_factors", "i_factors"),  // Cornac
    ("users.weight", "items.weight"),
    ("users", "items"),
    ("user.weight", "item.weight"),
    ("user", "item"),
    ("U", "V"),
    ("P", "Q"),
  ]

  /// What wrappers put before the names of a model: DataParallel, Lightning, torch.compile.
  static let prefixes = ["module.", "model.", "_orig_mod."]

  private static let canonicalNames: [String: String] = {
    var names: [String: String] = [:]
    for pair in tables {
      names[pair.user] = userTable
      names[pair.item] = itemTable
    }
    return names
  }()

  /// The name that Landscape uses for a tensor; one that is not known keeps its name, without wrappers' prefixes.
  static func canonicalName(of name: String) -> String {
    if let known = canonicalNames[name] ?? layerAlias(name)?.canonical { return known }
    for prefix in prefixes where name.hasPrefix(prefix) {
      return canonicalName(of: String(name.dropFirst(prefix.count)))
    }
    return name
  }

  /// Names of NGCF's layers elsewhere: a prefix, the layer's number, an end; weights may be stored (out, in) there.
  static let layerTensors: [(prefix: String, suffix: String, kind: String, isOutIn: Bool)] = [
    ("weight_dict.W_gc_", "", "weight1", false),  // NGCF-PyTorch
    ("weight_dict.b_gc_", "", "bias1", false),
    ("weight_dict.W_bi_", "", "weight2", false),
    ("weight_dict.b_bi_", "", "bias2", false),
    ("W_gc_", "", "weight1", false),  // NGCF (TensorFlow)
    ("b_gc_", "", "bias1", false),
    ("W_bi_", "", "weight2", false),
    ("b_bi_", "", "bias2", false),
    ("GNNlayers.", ".linear.weight", "weight1", true),  // RecBole
    ("GNNlayers.", ".linear.bias", "bias1", false),
    ("GNNlayers.", ".interActTransform.weight", "weight2", true),
    ("GNNlayers.", ".interActTransform.bias", "bias2", false),
  ]

  /// The canonical name of a layer's tensor, and whether its rows are outputs.
  private static func layerAlias(_ name: String) -> (canonical: String, isOutIn: Bool)? {
    for alias in layerTensors where name.hasPrefix(alias.prefix) && name.hasSuffix(alias.suffix) {
      let middle = name.dropFirst(alias.prefix.count).dropLast(alias.suffix.count)
      guard let layer = Int(middle), layer >= 0, String(layer) == middle else { continue }
      return ("layers.\(layer).\(alias.kind)", alias.isOutIn)
    }
    return nil
  }

  /// Whether a file keeps a weight under this name as (out, in), where ours are (in, out).
  static func isOutIn(_ name: String) -> Bool {
    if let alias = layerAlias(name) { return alias.isOutIn }
    return prefixes.contains { name.hasPrefix($0) && isOutIn(String(name.dropFirst($0.count))) }
  }

  /// Whether a backbone has a tensor of this canonical name.
  static func belongs(_ name: String, to backbone: String) -> Bool {
    name == userTable || name == itemTable || (backbone == "ngcf" && layerTensor(name) != nil)
  }

  /// `layers.<number>.<kind>`, the weights of graph layers, taken apart.
  private static func layerTensor(_ name: String) -> (layer: Int, kind: String)? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "layers", let layer = Int(parts[1]), layer >= 0, String(layer) == parts[1],
      ["weight1", "weight2", "bias1", "bias2"].contains(parts[2])
    else { return nil }
    return (layer, String(parts[2]))
  }

  /// What one filter is, where no model says so: rows of tables, columns of layer weights (in, out), whole biases.
  static func filter(of name: String) -> FilterKind {
    guard let tensor = layerTensor(name) else { return .rows }
    return tensor.kind.hasPrefix("weight") ? .columns : .whole
  }

  /// The canonical order: user table, item table, then layer by layer.
  static func precedes(_ first: String, _ second: String) -> Bool {
    func rank(_ name: String) -> (Int, Int, String) {
      switch name {
      case userTable: (0, 0, "")
      case itemTable: (1, 0, "")
      default: (2, layerTensor(name)?.layer ?? 0, layerTensor(name)?.kind ?? name)
      }
    }
    return rank(first) < rank(second)
  }
}
