"use strict";
// Curves: surfaces along one direction, training, spectra, rises.

/// Panels of curves with toggles; panelsOf(): [{ title, model }], where a model is that of a LineView without colours.
function chartFigure(part, { id, caption }, names, panels, extraControls, json) {
  const all = [];
  const toggles = methodToggles(names, () => all.forEach((view) => redraw(view)));
  const readout = element("p", { class: "readout" });
  const cards = panels.map((panel) => {
    const canvas = canvasOf(`${panel.title || part.querySelector("h2").textContent}: one curve for each method; arrow keys move the cursor that reads values.`);
    const model = () => {
      const made = panel.model();
      const curves = made.curves.filter((curve) => toggles.shown.has(curve.name));
      return { ...made, curves: curves.map((curve) => ({ ...curve, color: methodColor(curve.name), dash: methodDash(curve.name) })) };
    };
    const view = new LineView(canvas, model, (value) => {
      const made = model();
      const values = made.curves.filter((curve) => curve.x.includes(value))
        .map((curve) => [curve.name, formatNumber(curve.y[curve.x.indexOf(value)], 5)]);
      showReadout(readout, `${panel.title ? `${panel.title}, ` : ""}${made.xLabel} = ${formatNumber(value)}`, values);
    });
    all.push(view);
    return { panel, view, card: element("div", { class: "panel" }, panel.title ? element("h3", {}, panel.title) : null, canvas) };
  });
  const rows = () => [["panel", "method", "x", "y", "low", "high"], ...panels.flatMap((panel) => panel.model().curves.flatMap((curve) =>
    curve.x.map((x, k) => [panel.title, curve.name, x, exactText(curve.y[k]), curve.low ? exactText(curve.low[k]) : "", curve.high ? exactText(curve.high[k]) : ""])))];
  addControls(part, toggles.element, ...extraControls(() => all.forEach((view) => redraw(view))));
  part.append(
    element("div", { class: "panels wide" }, ...cards.map(({ card }) => card)), readout,
    downloads(id, rows, json || (() => panels.map((panel) => ({ title: panel.title, ...panel.model() }))),
      () => ({
        title: part.querySelector("h2").textContent, caption: sheetCaption(caption), names: names.filter((name) => toggles.shown.has(name)),
        rows: Array.from({ length: Math.ceil(cards.length / 3) }, (_, row) => cards.slice(3 * row, 3 * row + 3).map(({ panel, view }) => ({ title: panel.title, view }))),
      })));
}

/// Loss along one direction.
function lineFigure(set) {
  const part = section(set.id, set.title, set.caption);
  let refresh = () => {};
  const choices = new SurfaceChoices(set, "loss", () => refresh());
  const model = () => ({
    xLabel: "α", yLabel: choices.quantity.label, xScale: makeScale("linear"), yScale: choices.scale,
    curves: set.surfaces.map((surface) => {
      const y = Array.from(choices.values(surface));
      const error = surface.error && ["loss", "rise"].includes(choices.quantity.key) && surface.error;
      return { name: surface.name, x: set.axes[0], y, low: error && y.map((value, k) => value - error[k]), high: error && y.map((value, k) => value + error[k]) };
    }),
  });
  chartFigure(part, set, set.surfaces.map((surface) => surface.name), [{ title: "", model }], (redrawAll) => {
    refresh = redrawAll;
    return choices.controls({ maps: false, sharing: false }).slice(1);
  }, () => surfaceJSON(set));
}

/// Curves as they were given.
function givenChart(chart) {
  const part = section(chart.id, chart.title, chart.caption);
  const names = [...new Set(chart.panels.flatMap((panel) => panel.curves.map((curve) => curve.name)))];
  let kind = "given";
  const panels = chart.panels.map((panel) => ({
    title: panel.title,
    model: () => ({
      xLabel: panel.xLabel, yLabel: panel.yLabel, floor: panel.floor, xScale: makeScale(panel.xScale, panel.threshold),
      yScale: makeScale(kind === "given" ? panel.yScale : kind), curves: panel.curves,
    }),
  }));
  chartFigure(part, chart, names, panels, (refresh) => [
    selectOf("Value scale", [["given", "automatic"], ["linear", "linear"], ["log", "logarithmic"]], kind, (value) => { kind = value; refresh(); }),
  ]);
}
