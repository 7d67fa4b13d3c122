"use strict";
// Surfaces over three directions: the region below a value, cut open, and the contours of the cut.

const VOLUME_HALF = [1, 1, 1];

function volumeFigure(set) {
  const part = section(set.id, set.title, set.caption);
  const camera = new Camera(VOLUME_HALF);
  const shape = set.axes.map((axis) => axis.length);
  const steps = 200;
  let [level, axis, version] = [60, 2, 0];
  let place = nearest(set.axes[axis], 0);
  let cursor = [0, 1].map((k) => nearest(set.axes[k], 0));
  const all = [];
  const contours = [];
  const slices = new Map();
  const refresh = () => { version += 1; arrange(); levels.show(); all.forEach((view) => redraw(view)); };
  const choices = new SurfaceChoices(set, "rise", refresh);
  const linear = makeScale("linear");
  const isCut = () => axis < 3;
  const sliced = () => (isCut() ? axis : 2);
  const others = () => [0, 1, 2].filter((other) => other !== sliced());
  const volumeOf = (surface) => ({ axes: set.axes, shape, values: choices.values(surface) });
  /// The cut through each volume; the same object until the cut moves.
  const cutOf = (surface) => {
    const key = [choices.values(surface), sliced(), place];
    const known = slices.get(surface);
    if (known && key.every((part, k) => part === known.key[k])) return known.field;
    slices.set(surface, { key, field: sliceOf(volumeOf(surface), sliced(), place) });
    return slices.get(surface).field;
  };
  const levelOf = (range) => { const [low, high] = range.map(choices.scale.forward); return choices.scale.inverse(low + level / steps * (high - low)); };

  const sceneOf = (surface) => {
    let made = { version: -1 };
    return () => {
      const range = choices.range(surface);
      const axes = set.axes.map((values, k) => ({ range: [values[0], values[values.length - 1]], scale: linear, label: AXIS_NAMES[k] }));
      if (!range) return { meshes: [], axes };
      const sign = Math.sign(camera.eye()[sliced()]) || 1;
      if (made.version !== version || made.axis !== axis) {
        const [low, high] = range.map(choices.scale.forward);
        const tint = (value) => choices.map((choices.scale.forward(value) - low) / (high - low));
        const value = levelOf(range);
        const volume = volumeOf(surface);
        const faces = [0, 1, 2].flatMap((side) => [0, shape[side] - 1].map((end) => capMesh(volume, side, end, value, tint)));
        const shell = [isoSurface(volume, value, tint(value)), ...faces].map((mesh) => ({ ...mesh, clipped: isCut() }));
        made = { version, axis, place: null, shell, cap: (at) => (isCut() ? [capMesh(volume, axis, at, value, tint)] : []) };
      }
      if (made.place !== place) made = { ...made, place, meshes: [...made.shell, ...made.cap(place)] };
      const normal = [0, 1, 2].map((k) => (k === sliced() ? sign : 0));
      const at = centred(set.axes[sliced()], set.axes[sliced()][place]);
      return { meshes: made.meshes, axes, cut: [...normal, sign * at + 1e-4] };
    };
  };

  const setCursor = (where) => { cursor = where; showValues(); contours.forEach((view) => redraw(view)); };
  const cards = set.surfaces.map((surface) => {
    const scene = canvasOf(`Volume of ${surface.name}: the region where the value is below the chosen one; ${wordsOf(set, surface)} Arrow keys turn it.`);
    const contour = canvasOf(`Contours of the cut through ${surface.name}; arrow keys move the cursor that reads values.`);
    const view = painter && new SceneView(scene, camera, sceneOf(surface));
    if (view) {
      view.heightOf = (across) => 0.95 * across;
      all.push(view);
    }
    const cut = new ContourView(contour, () => ({
      field: cutOf(surface), range: choices.range(surface), scale: choices.scale, map: choices.map,
      labels: [...others().map((k) => AXIS_NAMES[k]), choices.quantity.label], cursor, strong: levelOf(choices.range(surface) || [0, 1]),
    }), setCursor);
    all.push(cut);
    contours.push(cut);
    return { surface, views: [view, cut], ...methodCard(surface.name, painter ? scene : noGraphics(), contour) };
  });
  const readout = element("p", { class: "readout" });
  const showValues = () => {
    const where = [0, 1, 2].map((k) => (k === sliced() ? place : cursor[others().indexOf(k)]));
    const at = (where[0] * shape[1] + where[1]) * shape[2] + where[2];
    showReadout(readout, set.axes.map((values, k) => `${AXIS_NAMES[k]} = ${formatNumber(values[where[k]])}`).join(", "),
      choices.shown.map((surface) => [surface.name, formatNumber(choices.values(surface)[at], 5)]));
  };
  const arrange = () => {
    for (const { surface, card, value } of cards) {
      card.hidden = !choices.methods.shown.has(surface.name);
      const range = choices.range(surface);
      value.textContent = range ? `${choices.quantity.label} ≤ ${formatNumber(levelOf(range))}` : "";
    }
    showValues();
  };
  const levels = sliderOf("Value", steps, level, () => {
    const range = choices.shown.length > 0 && choices.sharing === "shared" && choices.range(choices.shown[0]);
    return range ? `${choices.quantity.label} ≤ ${formatNumber(levelOf(range))}` : `${Math.round(100 * level / steps)} % of the range`;
  }, (value) => { level = value; refresh(); });
  const places = sliderOf("Cut at", shape[axis] - 1, place, () => `${AXIS_NAMES[sliced()]} = ${formatNumber(set.axes[sliced()][place])}`, (value) => { place = value; arrange(); all.forEach((view) => redraw(view)); });
  const cuts = selectOf("Cut", [["0", "across α"], ["1", "across β"], ["2", "across γ"], ["3", "none: whole"]], String(axis), (value) => {
    axis = Number(value);
    place = nearest(set.axes[sliced()], 0);
    cursor = others().map((k) => nearest(set.axes[k], 0));
    Object.assign(places.input, { max: shape[sliced()] - 1, value: place });
    refresh();
    places.show();
  });
  const panelsOf = (kind) => cards.filter(({ views }) => views[kind]).map(({ surface, value, views }) => ({
    title: `${surface.name}: ${kind === 0 ? value.textContent : `cut at ${AXIS_NAMES[sliced()]} = ${formatNumber(set.axes[sliced()][place])}`}`, view: views[kind],
  }));
  addControls(part, ...choices.controls(), levels.element, cuts, places.element,
    element("button", { type: "button", click: () => camera.reset() }, "Reset the view"));
  part.append(
    element("p", { class: "hint" }, "The solid is where the value is at most the chosen one; its faces and the cut show the values inside, and the thick line is its edge in the cut."),
    element("div", { class: "panels" }, ...cards.map(({ card }) => card)), readout,
    downloads(set.id, () => surfaceRows(set), () => surfaceJSON(set), () => ({
      title: set.title, caption: sheetCaption(set.caption), names: [], rows: [panelsOf(0), panelsOf(1)],
    })));
  arrange();
  levels.show();
}
