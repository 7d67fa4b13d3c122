"use strict";
// What all canvases share: size, redrawing, axes.

const FONT = '"DejaVu Sans", "Liberation Sans", system-ui, sans-serif';
const views = new Set();
let isScheduled = false;

/// Redraws on the next frame; several calls before it are one.
function redraw(view) {
  if (view) view.isStale = true; else views.forEach((each) => { each.isStale = true; });
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => { isScheduled = false; redrawNow(); });
}

function redrawNow() {
  for (const view of views) {
    if (view.isStale && view.canvas.clientWidth > 0) { view.isStale = false; view.draw(); }
  }
}

/// Something that is drawn on a canvas and drawn again when its width or the theme changes.
class View {
  constructor(canvas) {
    this.canvas = canvas;
    this.isStale = true;
    views.add(this);
    new ResizeObserver(() => redraw(this)).observe(canvas);
  }

  /// Sizes the canvas for the screen, cleans it, and gives what to draw with; units are CSS pixels.
  prepare(heightOf) {
    const width = this.canvas.clientWidth;
    const height = Math.round(heightOf(width));
    const density = Math.min(Math.max(window.devicePixelRatio || 1, 2), 3);
    const context = this.recorder || this.canvas.getContext("2d");
    if (!this.recorder) {
      const size = [width * density, height * density].map(Math.round);
      // Style sheets leave the height to the canvas, so that no width of screen or paper stretches the picture.
      if (this.canvas.width !== size[0] || this.canvas.height !== size[1]) [this.canvas.width, this.canvas.height] = size;
      context.setTransform(density, 0, 0, density, 0, 0);
    }
    context.fillStyle = theme().plot;
    context.fillRect(0, 0, width, height);
    context.font = `12px ${FONT}`;
    return { context, width, height, density };
  }

  /// The picture as SVG.
  ///
  /// - Parameter name: of the picture in its file.
  svg(name) {
    const pen = this.recorder = new SVGPen(name);
    try { this.draw(); } finally { this.recorder = null; }
    return pen;
  }
}

/// A rectangle of the page with scales: places from values and back.
class Frame {
  constructor(rect, xRange, yRange, xScale = makeScale("linear"), yScale = makeScale("linear")) {
    Object.assign(this, { rect, xRange, yRange, xScale, yScale });
    [this.x0, this.x1] = xRange.map(xScale.forward);
    [this.y0, this.y1] = yRange.map(yScale.forward);
  }
  x(value) { return this.rect.x + (this.xScale.forward(value) - this.x0) / (this.x1 - this.x0) * this.rect.width; }
  y(value) { return this.rect.y + (1 - (this.yScale.forward(value) - this.y0) / (this.y1 - this.y0)) * this.rect.height; }
  xValue(x) { return this.xScale.inverse(this.x0 + (x - this.rect.x) / this.rect.width * (this.x1 - this.x0)); }
  yValue(y) { return this.yScale.inverse(this.y0 + (1 - (y - this.rect.y) / this.rect.height) * (this.y1 - this.y0)); }

  drawAxes(context, xLabel, yLabel, { grid = true } = {}) {
    const { x, y, width, height } = this.rect;
    const colors = theme();
    context.lineWidth = 1;
    context.font = `12px ${FONT}`;
    context.fillStyle = colors.ink;
    const xTicks = thinned(context, ticksOf(this.xRange, this.xScale, Math.max(2, Math.floor(width / 70))), (tick) => this.x(tick));
    const yTicks = ticksOf(this.yRange, this.yScale, Math.max(2, Math.floor(height / 45)));
    context.strokeStyle = grid ? colors.line : colors.muted;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const tick of xTicks) {
      strokeLine(context, this.x(tick), grid ? y : y + height, this.x(tick), y + height + 4);
      context.fillText(formatNumber(tick), this.x(tick), y + height + 6);
    }
    context.textAlign = "right";
    context.textBaseline = "middle";
    for (const tick of yTicks) {
      strokeLine(context, x - 4, this.y(tick), grid ? x + width : x, this.y(tick));
      context.fillText(formatNumber(tick), x - 7, this.y(tick));
    }
    context.strokeStyle = colors.muted;
    context.strokeRect(x, y, width, height);
    context.textAlign = "center";
    context.textBaseline = "top";
    context.fillText(xLabel, x + width / 2, y + height + 23);
    context.save();
    context.translate(13, y + height / 2);
    context.rotate(-Math.PI / 2);
    context.textBaseline = "middle";
    context.fillText(yLabel, 0, 0, height + 40);
    context.restore();
  }
}

/// The ticks whose labels do not meet their neighbours.
function thinned(context, ticks, place) {
  let end = -Infinity;
  return ticks.filter((tick) => {
    const half = context.measureText(formatNumber(tick)).width / 2;
    if (place(tick) - half < end + 6) return false;
    end = place(tick) + half;
    return true;
  });
}

/// Room that the numbers of a vertical axis need on its left, with its label.
function leftRoom(context, range, scale, height) {
  const ticks = ticksOf(range, scale, Math.max(2, Math.floor(height / 45)));
  return 32 + Math.max(8, ...ticks.map((tick) => context.measureText(formatNumber(tick)).width));
}

function strokeLine(context, x0, y0, x1, y1) {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/// Position of an event on a canvas in CSS pixels.
function placeOf(event, canvas) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());

/// Draws in the colours of paper, whatever those of the screen, or in those of the screen again.
function setPaper(isPaper) {
  const wasDark = theme().isDark;
  document.documentElement.classList.toggle("paper", isPaper);
  if (theme().isDark === wasDark) return;
  views.forEach((view) => { view.isStale = true; });
  redrawNow();
}

function onPaper(action) {
  setPaper(true);
  try { action(); } finally { setPaper(false); }
}

const opened = new Set();
window.addEventListener("beforeprint", () => {
  setPaper(true);
  for (const details of document.querySelectorAll("details:not([open])")) {
    details.open = true;
    opened.add(details);
  }
});
window.addEventListener("afterprint", () => {
  setPaper(false);
  opened.forEach((details) => { details.open = false; });
  opened.clear();
});
