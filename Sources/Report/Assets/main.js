"use strict";
// Puts the page together from the data that it holds.

const report = JSON.parse(document.getElementById("report-data").textContent);

for (const set of report.sets) {
  for (const surface of set.surfaces) {
    for (const key of ["loss", "l2", "error"]) surface[key] = surface[key] && decodeFloats(surface[key]);
  }
  [null, lineFigure, planeFigure, volumeFigure][set.axes.length](set);
}
report.tables.forEach(tableFigure);
report.charts.forEach(givenChart);

document.getElementById("summary").textContent = report.summary;
document.getElementById("provenance").append(
  element("h2", {}, "Where this comes from"), factList(report.facts),
  ...report.sources.map((source) => element("details", {}, element("summary", {}, source.title), factList(source.facts))),
  ...report.licences.map((licence) => element("details", {}, element("summary", {}, licence.title), element("pre", {}, licence.text))));
redrawNow();
