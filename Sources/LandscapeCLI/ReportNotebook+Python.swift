extension ReportNotebook {
  static let preamble = """
    import csv
    import json
    import matplotlib.pyplot as plt
    import numpy as np
    from safetensors import safe_open

    def read(path):
        \"\"\"Tensors and metadata of a safetensors file.\"\"\"
        with safe_open(path, framework="np") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
    """

  static let lines = """
    fig, ax = plt.subplots()
    for name, path in files.items():
        surface, _ = read(path)
        ax.plot(surface["axis1"], surface["loss"], label=name)
    ax.set(xlabel="α", ylabel="loss")
    ax.legend();
    """

  static let planes = """
    surfaces = {name: read(path)[0] for name, path in files.items()}
    low = min(np.nanmin(s["loss"]) for s in surfaces.values())
    high = max(np.nanmax(s["loss"]) for s in surfaces.values())
    count = len(surfaces)
    fig = plt.figure(figsize=(3 * count, 6), layout="constrained")
    for k, (name, s) in enumerate(surfaces.items()):
        a, b = np.meshgrid(s["axis1"], s["axis2"], indexing="ij")
        ax = fig.add_subplot(2, count, k + 1)
        ax.contourf(a, b, s["loss"], levels=np.linspace(low, high + 1e-12, 21))
        ax.set(title=name, xlabel="α", ylabel="β", aspect="equal")
        ax = fig.add_subplot(2, count, count + k + 1, projection="3d")
        ax.plot_surface(a, b, s["loss"], cmap="coolwarm", vmin=low, vmax=high)
        ax.set(zlim=(low, high), xlabel="α", ylabel="β");
    """

  static let volumes = """
    fig, rows = plt.subplots(len(files), 3, figsize=(9, 2.8 * len(files)), squeeze=False, layout="constrained")
    for axes, (name, path) in zip(rows, files.items()):
        s, _ = read(path)
        rise = s["loss"] - s["loss_at_origin"]
        for k, ax in enumerate(axes):  # the slices through the middle
            kept = [n for n in range(3) if n != k]
            plane = np.take(rise, rise.shape[k] // 2, axis=k)
            picture = ax.contourf(s[f"axis{kept[0] + 1}"], s[f"axis{kept[1] + 1}"], plane.T, levels=20)
            ax.set(xlabel="αβγ"[kept[0]], ylabel="αβγ"[kept[1]], title=name if k == 1 else "", aspect="equal")
        fig.colorbar(picture, ax=axes, label="rise of the loss")
    """

  static let training = """
    fig, ax = plt.subplots()
    for name, path in files.items():
        with open(path) as file:
            log = [json.loads(line) for line in file]
        ax.semilogy([e["epoch"] for e in log], [e["loss"] for e in log], marker=".", label=name)
    ax.set(xlabel="epoch of the run", ylabel="training objective")
    ax.legend();
    """

  static let ranking = """
    for name, path in files.items():
        _, metadata = read(path)
        print(name, {key: round(value, 4) for key, value in json.loads(metadata.get("landscape.metrics", "{}")).items()})
    """

  static let table = """
    with open(path, newline="") as file:
        for row in csv.reader(file):
            print(*row, sep="\\t")
    """

  static let sharpness = """
    with open(path) as file:
        groups = json.load(file)["groups"]
    for group in groups:
        for report in group["reports"]:
            print(group["name"], {v["measure"]: v["value"] for v in report["values"] if v["split"] == "train"})
    """
}
