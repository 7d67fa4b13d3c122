import TestSupport

/// A notebook as Jupyter would run it, in its own folder.
enum NotebookRun {
  static let isPossible = Python.has("nbformat", "matplotlib", "safetensors", "numpy")

  /// Validates the notebook, runs its cells and gives what they print.
  @discardableResult
  static func cells(of path: String) throws -> String {
    try Python.run(script, path)
  }

  private static let script = """
    import os, sys, nbformat, matplotlib
    matplotlib.use("Agg")
    notebook = nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    os.chdir(os.path.dirname(sys.argv[1]))
    scope = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.execution_count and all(o.output_type == "display_data" for o in cell.outputs)
            exec(cell.source, scope)
    """
}
