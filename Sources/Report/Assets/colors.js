"use strict";
// Colours: the page's own, of methods, and colour maps.

/// The page's colours as they are now: light, dark, or light for paper.
function theme() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const plot = read("--plot");
  return {
    ink: read("--ink"), muted: read("--muted"), line: read("--line"), plot,
    isDark: parseInt(plot.slice(1, 3), 16) < 128,
  };
}

/// "#rrggbb" as three numbers in 0…1.
function parseColor(text) {
  return [1, 3, 5].map((start) => parseInt(text.slice(start, start + 2), 16) / 255);
}

function cssColor(color) { return `rgb(${color.map((part) => Math.round(255 * part)).join(",")})`; }

/// A function from 0…1 to colours, linear between the points of a map.
function colorMap(points) {
  const colors = points.map(parseColor);
  return (place) => {
    const position = Math.min(Math.max(Number.isNaN(place) ? 0 : place, 0), 1) * (colors.length - 1);
    const index = Math.min(Math.floor(position), colors.length - 2);
    const part = position - index;
    return colors[index].map((from, k) => from + part * (colors[index + 1][k] - from));
  };
}

/// The colour of a method, the same in all figures; on a dark page lighter, and white for black.
function methodColor(name) { return methodStyle(name, theme().isDark); }

function methodStyle(name, isDark) {
  const { color } = report.styles[report.names.indexOf(name) % report.styles.length];
  return !isDark ? color : color === "#000000" ? "#e8e8e6" : lighter(color);
}

function methodDash(name) { return report.styles[report.names.indexOf(name) % report.styles.length].dash; }

function lighter(text) {
  return "#" + parseColor(text).map((part) => Math.round(255 * (part + 0.25 * (1 - part))).toString(16).padStart(2, "0")).join("");
}

/// Black or white, whichever is read better on a colour.
function inkOn(color) { return 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2] > 0.45 ? "#000000" : "#ffffff"; }
