"use strict";
// Surfaces over a plane: lit meshes that turn, contours with a shared cursor, and the two slices through it.

const PLANE_HALF = [1, 1, 0.72];

function planeFigure(set) {
  const part = section(set.id, set.title, set.caption);
  const camera = new Camera(PLANE_HALF);
  let cursor = set.axes.map((axis) => nearest(axis, 0));
  let layout = "side";
  let version = 0;
  const all = [];
  const refresh = () => { version += 1; arrange(); all.forEach((view) => redraw(view)); };
  const choices = new SurfaceChoices(set, "loss", refresh);
  const labels = () => ["α", "β", choices.quantity.label];
  const fieldOf = (surface) => ({ axis1: set.axes[0], axis2: set.axes[1], values: choices.values(surface) });
  const linear = makeScale("linear");
  const ends = (axis) => [axis[0], axis[axis.length - 1]];
  const axesOf = (range) => [
    { range: ends(set.axes[0]), scale: linear, label: "α" }, { range: ends(set.axes[1]), scale: linear, label: "β" },
    { range: range || [0, 1], scale: choices.scale, label: choices.quantity.label },
  ];

  /// Meshes of surfaces in one scene, made again when a choice has changed; the mark follows the cursor.
  const scenes = (surfacesOf, isTogether) => {
    let made = { version: -1, meshes: [] };
    return () => {
      const surfaces = surfacesOf();
      const scale = choices.scale;
      const range = isTogether ? rangeOf(surfaces.map((surface) => choices.values(surface)), scale) : choices.range(surfaces[0]);
      if (!range) return { meshes: [], axes: axesOf(null) };
      if (made.version !== version || made.isDark !== theme().isDark) {
        const [low, high] = range.map(scale.forward);
        made = { version, isDark: theme().isDark, meshes: surfaces.flatMap((surface) => {
          const field = fieldOf(surface);
          // Black would show neither light nor lines.
          const own = parseColor(methodColor(surface.name)).map((channel) => Math.max(channel, 0.25));
          const tint = isTogether ? () => own : (value) => choices.map((scale.forward(value) - low) / (high - low));
          const mesh = surfaceMesh(field, range, scale, PLANE_HALF[2], tint);
          return [mesh, wireMesh(field, mesh, isTogether ? own.map((channel) => 0.45 * channel) : [0.12, 0.12, 0.12])];
        }) };
      }
      const marks = surfaces.flatMap((surface) => {
        const value = fieldOf(surface).values[cursor[0] * set.axes[1].length + cursor[1]];
        if (!Number.isFinite(scale.forward(value))) return [];
        const place = [centred(set.axes[0], set.axes[0][cursor[0]]), centred(set.axes[1], set.axes[1][cursor[1]]), heightOf(value, range, scale, PLANE_HALF[2])];
        return [pointMesh(place, 0.045, [0.82, 0.01, 0.11])];
      });
      return { meshes: [...made.meshes, ...marks], axes: axesOf(range) };
    };
  };

  const setCursor = (place) => { cursor = place; showValues(); all.forEach((view) => redraw(view)); };
  const cards = set.surfaces.map((surface) => {
    const scene = canvasOf(`3D surface of ${surface.name}; ${wordsOf(set, surface)} Arrow keys turn it, plus and minus zoom.`);
    const contour = canvasOf(`Contours of ${surface.name}; arrow keys move the cursor that reads values.`);
    const views = [painter && new SceneView(scene, camera, scenes(() => [surface], false)), new ContourView(contour, () => ({
      field: fieldOf(surface), range: choices.range(surface), scale: choices.scale, map: choices.map, labels: labels(), cursor,
    }), setCursor)];
    all.push(...views.filter(Boolean));
    return { surface, scene, views, ...methodCard(surface.name, painter ? scene : noGraphics(), contour) };
  });
  const together = canvasOf("The 3D surfaces of all methods shown, in one scene, each in its own colour.");
  const togetherCard = element("div", { class: "panel together", hidden: true }, element("h3", {}, "Together"), painter ? together : noGraphics());
  const togetherView = painter && new SceneView(together, camera, scenes(() => choices.shown, true));
  if (togetherView) {
    togetherView.heightOf = (across) => Math.min(Math.max(0.56 * across, Math.min(across, 380)), 620);
    all.push(togetherView);
  }
  const readout = element("p", { class: "readout" });
  const slices = [0, 1].map((axis) => {
    const canvas = canvasOf(`Slice along ${AXIS_NAMES[axis]} through the cursor, one curve for each method.`);
    const view = new LineView(canvas, () => sliceModel(axis), (value) => setCursor(cursor.map((place, k) => (k === axis ? nearest(set.axes[axis], value) : place))));
    all.push(view);
    return { canvas, view, heading: element("h3") };
  });
  const sliceModel = (axis) => {
    const stride = [set.axes[1].length, 1][axis];
    const start = cursor[1 - axis] * [set.axes[1].length, 1][1 - axis];
    slices[axis].view.cursor = set.axes[axis][cursor[axis]];
    return {
      xLabel: AXIS_NAMES[axis], yLabel: choices.quantity.label, xScale: linear, yScale: choices.scale,
      curves: choices.shown.map((surface) => {
        const values = choices.values(surface);
        return { name: surface.name, color: methodColor(surface.name), dash: methodDash(surface.name), x: set.axes[axis],
          y: set.axes[axis].map((_, k) => values[start + k * stride]) };
      }),
    };
  };
  const showValues = () => {
    const place = set.axes.map((axis, k) => `${AXIS_NAMES[k]} = ${formatNumber(axis[cursor[k]])}`);
    const at = cursor[0] * set.axes[1].length + cursor[1];
    const textOf = (surface) => formatNumber(choices.values(surface)[at], 5);
    showReadout(readout, place.join(", "), choices.shown.map((surface) => [surface.name, textOf(surface)]));
    for (const { surface, value } of cards) value.textContent = textOf(surface);
    slices.forEach((slice, axis) => { slice.heading.textContent = `Slice along ${AXIS_NAMES[axis]} at ${place[1 - axis]}`; });
  };
  const arrange = () => {
    togetherCard.hidden = layout !== "together";
    for (const { surface, card, scene } of cards) {
      card.hidden = !choices.methods.shown.has(surface.name);
      scene.hidden = layout === "together";
    }
    showValues();
  };
  const layouts = selectOf("Layout", [["side", "side by side"], ["together", "in one scene"]], layout, (value) => { layout = value; refresh(); });
  const panelsOf = (kind) => cards.filter(({ views }) => views[kind]).map(({ surface, views }) => ({ title: surface.name, view: views[kind] }));
  addControls(part, ...choices.controls(), layouts, element("button", { type: "button", click: () => camera.reset() }, "Reset the view"));
  part.append(
    element("p", { class: "hint" }, "Drag (a finger sideways, two fingers any way) or press the arrow keys to turn; pinch, press + and −, or roll the wheel after a click to zoom; Home resets. Move over the contours to read values: all panels follow. Cross: the checkpoint; ring: the lowest grid point."),
    togetherCard, element("div", { class: "panels" }, ...cards.map(({ card }) => card)), readout,
    element("div", { class: "panels wide" }, ...slices.map(({ canvas, heading }) => element("div", { class: "panel" }, heading, canvas))),
    downloads(set.id, () => surfaceRows(set), () => surfaceJSON(set), () => ({
      title: set.title, caption: sheetCaption(set.caption), names: choices.shown.map((surface) => surface.name),
      rows: [
        togetherView ? [{ title: "Together", view: togetherView }] : [], panelsOf(0), panelsOf(1),
        slices.map(({ view, heading }) => ({ title: heading.textContent, view })),
      ],
    })));
  arrange();
}

/// What an image of a surface says in words.
function wordsOf(set, surface) {
  const range = rangeOf([surface.loss], makeScale("linear"));
  return range
    ? `the loss is ${formatNumber(surface.origin)} at the checkpoint and ${formatNumber(range[0])} to ${formatNumber(range[1])} over the grid.`
    : "no value is finite.";
}

function noGraphics() { return element("p", { class: "missing" }, "This browser offers no WebGL, which the 3D picture needs; the contours below show the same values."); }
