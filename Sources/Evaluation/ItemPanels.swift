import CKernels
import LinearAlgebra
import Recommenders

/// The item table in the layout of the kernels: panels of a few items with equal columns side by side.
struct ItemPanels {
  let tables: FinalTables
  /// (panels, d, LK_PANEL)
  let storage: FloatBuffer

  private static let width = Int(LK_PANEL)
  private static let panelsPerStep = 16

  init(_ tables: FinalTables) {
    self.tables = tables
    let panels = (tables.items + Self.width - 1) / Self.width
    let storage = FloatBuffer(count: panels * Self.width * tables.dimension)
    self.storage = storage
    Parallel.chunks(of: Self.panelsPerStep, in: panels) { _, range in
      lk_pack_items(
        tables.itemTable, tables.items, tables.dimension, range.lowerBound, range.upperBound, storage.pointer)
    }
  }
}
