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
  const refresh = () => { version += 1; arrange(); levels.show(); all.forEach((view) => redraw(view)); };
  const choices = new SurfaceChoices(set, "rise", refresh);
  const linear = makeScale("linear");
  const isCut = () => axis < 3;
  const sliced = () => (isCut() ? axis : 2);
  const others = () => [0, 1, 2].filter((other) => other !== sliced());
  const volumeOf = (surface) => ({ axes: set.axes, shape, values: choices.values(surface) });
  const levelOf = (range) => { const [low, high] = range.map(choices.scale.forward); return choices.scale.inverse(low + level / steps * (high - low)); };

  const sceneOf = (surface) => {
    let made = { version: -1 };
    return () => {
      const range = choices.range(surface);
      const axes = set.axes.map((values, k) => ({ range: [values[0], values[values.length - 1]], scale: linear, label: AXIS_NAMES[k] }));
      if (!range) return { meshes: [], axes };
      const sign = Math.sign(camera.eye()[sliced()]) || 1;
      if (made.version !== version) {
        const [low, high] = range.map(choices.scale.forward);
        const tint = (value) => choices.map((choices.scale.forward(value) - low) / (high - low));
        const value = levelOf(range);
        const volume = volumeOf(surface);
        const faces = [0, 1, 2].flatMap((side) => [0, shape[side] - 1].map((end) => capMesh(volume, side, end, value, tint)));
        const shell = [isoSurface(volume, value, tint(value)), ...faces].map((mesh) => ({ ...mesh, clipped: isCut() }));
        made = { version, meshes: isCut() ? [...shell, capMesh(volume, axis, place, value, tint)] : shell };
      }
      const normal = [0, 1, 2].map((k) => (k === sliced() ? sign : 0));
      const at = centred(set.axes[sliced()], set.axes[sliced()][place]);
      return { meshes: made.meshes, axes, cut: [...normal, sign * at + 1e-4] };
    };
  };

  const setCursor = (where) => { cursor = where; showValues(); all.forEach((view) => redraw(view)); };
  const cards = set.surfaces.map((surface) => {
    const scene = canvasOf(`Volume of ${surface.name}: the region where the value is below the chosen one; ${wordsOf(set, surface)} Arrow keys turn it.`);
    const contour = canvasOf(`Contours of the cut through ${surface.name}; arrow keys move the cursor that reads values.`);
    if (painter) {
      const view = new SceneView(scene, camera, sceneOf(surface));
      view.aspect = 0.95;
      all.push(view);
    }
    all.push(new ContourView(contour, () => ({
      field: sliceOf(volumeOf(surface), sliced(), place), range: choices.range(surface), scale: choices.scale, map: choices.map,
      labels: [...others().map((k) => AXIS_NAMES[k]), choices.quantity.label], cursor,
    }), setCursor));
    return { surface, scene, contour, card: element("div", { class: "panel" }, element("h3", {}, surface.name), painter ? scene : noGraphics(), contour) };
  });
  const readout = element("p", { class: "readout" });
  const showValues = () => {
    const where = [0, 1, 2].map((k) => (k === sliced() ? place : cursor[others().indexOf(k)]));
    const at = (where[0] * shape[1] + where[1]) * shape[2] + where[2];
    showReadout(readout, set.axes.map((values, k) => `${AXIS_NAMES[k]} = ${formatNumber(values[where[k]])}`).join(", "),
      choices.shown.map((surface) => [surface.name, formatNumber(choices.values(surface)[at], 5)]));
  };
  const arrange = () => {
    for (const { surface, card } of cards) card.hidden = !choices.methods.shown.has(surface.name);
    showValues();
  };
  const levels = sliderOf("Value", steps, level, () => {
    const range = choices.shown.length > 0 && choices.sharing === "shared" && choices.range(choices.shown[0]);
    return range ? `${choices.quantity.label} ≤ ${formatNumber(levelOf(range))}` : `${Math.round(100 * level / steps)} % of the range`;
  }, (value) => { level = value; refresh(); });
  const places = sliderOf("Cut at", shape[axis] - 1, place, () => `${AXIS_NAMES[sliced()]} = ${formatNumber(set.axes[sliced()][place])}`, (value) => { place = value; refresh(); });
  const cuts = selectOf("Cut", [["0", "across α"], ["1", "across β"], ["2", "across γ"], ["3", "none: whole"]], String(axis), (value) => {
    axis = Number(value);
    place = nearest(set.axes[sliced()], 0);
    cursor = others().map((k) => nearest(set.axes[k], 0));
    Object.assign(places.input, { max: shape[sliced()] - 1, value: place });
    refresh();
    places.show();
  });
  const visible = () => cards.filter(({ card }) => !card.hidden);
  part.append(
    element("div", { class: "controls" }, ...choices.controls(), levels.element, cuts, places.element,
      element("button", { type: "button", click: () => camera.reset() }, "Reset the view")),
    element("p", { class: "hint" }, "The solid is where the value is at most the chosen one; its faces and the cut show the values inside."),
    element("div", { class: "panels" }, ...cards.map(({ card }) => card)), readout,
    downloads(set.id, () => surfaceRows(set), () => surfaceJSON(set), () => [
      ...visible().map(({ surface, scene }) => ({ title: surface.name, canvas: scene })),
      ...visible().map(({ surface, contour }) => ({ title: surface.name, canvas: contour })),
    ].filter(({ canvas }) => canvas.width > 0)));
  arrange();
  levels.show();
}
