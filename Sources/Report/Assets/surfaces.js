"use strict";
// What the figures of surfaces share: the quantities, the choices, the values under the cursor.

const AXIS_NAMES = ["α", "β", "γ"];

/// The quantities that all surfaces of a set have.
function quantitiesOf(set) {
  const all = (key) => set.surfaces.every((surface) => surface[key]);
  const known = [
    { key: "loss", label: "ℒ", name: "loss ℒ", of: (surface) => surface.loss },
    { key: "rise", label: "Δℒ", name: "rise ℒ − ℒ(θ*)", of: (surface) => surface.loss.map((value) => value - Math.fround(surface.origin)) },
    all("l2") && { key: "l2", label: "L2", name: "L2 term", of: (surface) => surface.l2 },
    all("l2") && { key: "total", label: "ℒ + L2", name: "ℒ + L2", of: (surface) => surface.loss.map((value, k) => value + surface.l2[k]) },
    all("error") && { key: "error", label: "s.e.", name: "standard error of ℒ", of: (surface) => surface.error },
  ].filter(Boolean);
  return known;
}

/// The state of a figure of surfaces, and its controls.
class SurfaceChoices {
  constructor(set, quantity, changed) {
    this.set = set;
    this.changed = () => { this.known.clear(); changed(); };
    this.known = new Map();
    this.quantities = quantitiesOf(set);
    this.quantity = this.quantities.find((known) => known.key === quantity);
    this.sharing = "shared";
    this.mapName = report.maps[0].name;
    this.kind = "auto";
    this.cache = new Map();
    this.methods = methodToggles(set.surfaces.map((surface) => surface.name), () => this.changed());
  }

  get shown() { return this.set.surfaces.filter((surface) => this.methods.shown.has(surface.name)); }
  get map() {
    if (!this.maps) this.maps = Object.fromEntries(report.maps.map((map) => [map.name, colorMap(map.points)]));
    return this.maps[this.mapName];
  }

  values(surface) {
    const key = `${this.quantity.key} ${surface.name}`;
    if (!this.cache.has(key)) this.cache.set(key, this.quantity.of(surface));
    return this.cache.get(key);
  }

  /// What is asked for at every vertex and only depends on the choices.
  once(key, make) {
    if (!this.known.has(key)) this.known.set(key, make());
    return this.known.get(key);
  }

  /// As chosen; by itself logarithmic for a loss that spans more than a factor of 50.
  get scale() {
    return this.once("scale", () => {
      if (this.kind !== "auto") return makeScale(this.kind);
      const range = rangeOf(this.set.surfaces.map((surface) => this.values(surface)), makeScale("log"));
      const isWide = this.quantity.key !== "rise" && range && range[1] / range[0] > 50;
      return makeScale(isWide ? "log" : "linear");
    });
  }

  /// Of all methods that are shown, or of one.
  range(surface) {
    return this.sharing === "shared" ? this.sharedRange : this.once(surface, () => rangeOf([this.values(surface)], this.scale));
  }

  get sharedRange() { return this.once("range", () => rangeOf(this.shown.map((each) => this.values(each)), this.scale)); }

  controls({ maps = true, sharing = true } = {}) {
    const set = (key) => (value) => { this[key] = value; this.changed(); };
    return [
      this.methods.element,
      selectOf("Quantity", this.quantities.map((known) => [known.key, known.name]), this.quantity.key, (key) => {
        this.quantity = this.quantities.find((known) => known.key === key);
        this.changed();
      }),
      selectOf("Value scale", [["auto", "automatic"], ["linear", "linear"], ["log", "logarithmic"]], this.kind, set("kind")),
      sharing ? selectOf("Value range", [["shared", "shared by all"], ["own", "each its own"]], this.sharing, set("sharing")) : null,
      maps ? selectOf("Colours", report.maps.map((map) => [map.name, map.name]), this.mapName, set("mapName")) : null,
    ].filter(Boolean);
  }
}

/// The lines of a CSV file with every stored quantity at every grid point.
function surfaceRows(set) {
  const stored = [["loss", "loss"], ["l2", "l2"], ["error", "standard_error"]].filter(([key]) => set.surfaces.every((surface) => surface[key]));
  const axes = set.axes.map((_, k) => ["alpha", "beta", "gamma"][k]);
  const rows = [["method", ...axes, ...stored.map(([, name]) => name)]];
  const counts = set.axes.map((axis) => axis.length);
  for (const surface of set.surfaces) {
    for (let k = 0; k < surface.loss.length; k += 1) {
      let rest = k;
      const place = counts.map((_, axis) => set.axes.length - 1 - axis).map((axis) => {
        const value = set.axes[axis][rest % counts[axis]];
        rest = Math.floor(rest / counts[axis]);
        return value;
      }).reverse();
      rows.push([surface.name, ...place, ...stored.map(([key]) => exactText(surface[key][k]))]);
    }
  }
  return rows;
}

function surfaceJSON(set) {
  const numbers = (values) => values && Array.from(values, (value) => (Number.isFinite(value) ? Number(exactText(value)) : null));
  return {
    title: set.title, axes: set.axes, shape: set.axes.map((axis) => axis.length),
    surfaces: set.surfaces.map((surface) => ({
      name: surface.name, loss_at_origin: surface.origin, loss: numbers(surface.loss), l2: numbers(surface.l2),
      standard_error: numbers(surface.error), provenance: Object.fromEntries(surface.facts),
    })),
  };
}

/// The card of a method: its name, a place for its value under the cursor, its pictures.
function methodCard(name, ...pictures) {
  const value = element("output", { class: "value" });
  const card = element("div", { class: "panel" }, element("h3", {}, name, value), ...pictures);
  return { card, value };
}

/// "α = 0.5, β = 0: BPR 0.42, SAM 0.69" as elements; returns the text.
function showReadout(target, place, values) {
  target.replaceChildren(element("span", {}, element("b", {}, place)),
    ...values.map(([name, text]) => element("span", {}, swatch(name), `${name} `, element("b", {}, text))));
  announce(`${place}: ${values.map((pair) => pair.join(" ")).join(", ")}`);
}
