"use strict";
// Curves in a frame, with bands and a cursor that reads them.

class LineView extends View {
  /// model(): { curves: [{ name, color, dash, x, y, low, high }], xLabel, yLabel, xScale, yScale, yRange, floor }.
  constructor(canvas, model, onCursor = () => {}) {
    super(canvas);
    this.model = model;
    this.onCursor = onCursor;
    this.cursor = null;
    canvas.tabIndex = 0;
    canvas.className = "reads";
    const move = (event) => {
      if (!this.frame) return;
      this.setCursor(this.frame.xValue(placeOf(event, canvas)[0]));
    };
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerdown", move);
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  /// Puts the cursor on the nearest x of the curves.
  setCursor(value) {
    const places = this.places();
    if (places.length === 0) return;
    const scale = this.frame.xScale;
    const distance = (x) => Math.abs(scale.forward(x) - scale.forward(value));
    this.cursor = places.reduce((best, x) => (distance(x) < distance(best) ? x : best), places[0]);
    this.onCursor(this.cursor);
    redraw(this);
  }

  places() { return [...new Set(this.model().curves.flatMap((curve) => [...curve.x]))].sort((a, b) => a - b); }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || !this.frame) return;
    event.preventDefault();
    const places = this.places();
    const index = this.cursor === null ? Math.floor(places.length / 2) : places.indexOf(this.cursor);
    this.setCursor(places[Math.min(Math.max(index + step, 0), places.length - 1)]);
  }

  draw() {
    const model = this.model();
    const { context, width, height } = this.prepare((across) => Math.max(0.62 * across, 220));
    const range = model.yRange || rangeOf(model.curves.flatMap((curve) => [curve.y, curve.low || [], curve.high || []]), model.yScale);
    const xRange = rangeOf(model.curves.map((curve) => curve.x), model.xScale);
    if (!range || !xRange) { this.frame = null; return nothing(context, width, height); }
    const yRange = padded(model.floor > range[0] && model.floor < range[1] ? [model.floor, range[1]] : range, model.yScale);
    const left = leftRoom(context, yRange, model.yScale, height - 54);
    const rect = { x: left, y: 12, width: width - left - 14, height: height - 54 };
    this.frame = new Frame(rect, xRange, yRange, model.xScale, model.yScale);
    this.frame.drawAxes(context, model.xLabel, model.yLabel);
    context.save();
    context.beginPath();
    context.rect(rect.x - 4, rect.y - 4, rect.width + 8, rect.height + 8);
    context.clip();
    for (const curve of model.curves) this.drawBand(context, curve);
    for (const curve of model.curves) this.drawCurve(context, curve);
    if (this.cursor !== null) this.drawCursor(context, model.curves);
    context.restore();
  }

  drawCurve(context, curve) {
    context.strokeStyle = curve.color;
    context.lineWidth = 2;
    context.setLineDash(curve.dash.map((part) => part * 1.6));
    context.beginPath();
    let isDown = false;
    for (let k = 0; k < curve.x.length; k += 1) {
      const [x, y] = [this.frame.x(curve.x[k]), this.frame.y(curve.y[k])];
      if (!Number.isFinite(x) || !Number.isFinite(y)) { isDown = false; continue; }
      if (isDown) context.lineTo(x, y); else context.moveTo(x, y);
      isDown = true;
    }
    context.stroke();
    context.setLineDash([]);
    if (curve.x.length < 16) curve.x.forEach((x, k) => dot(context, this.frame.x(x), this.frame.y(curve.y[k]), 2.5, curve.color));
  }

  drawBand(context, curve) {
    if (!curve.low) return;
    const inside = (value) => { const y = this.frame.y(value); return Number.isFinite(y) ? y : this.frame.rect.y + this.frame.rect.height; };
    context.fillStyle = curve.color;
    context.globalAlpha = 0.18;
    context.beginPath();
    curve.x.forEach((x, k) => context.lineTo(this.frame.x(x), inside(curve.high[k])));
    for (let k = curve.x.length - 1; k >= 0; k -= 1) context.lineTo(this.frame.x(curve.x[k]), inside(curve.low[k]));
    context.fill();
    context.globalAlpha = 1;
  }

  drawCursor(context, curves) {
    const { y, height } = this.frame.rect;
    context.strokeStyle = theme().muted;
    context.lineWidth = 1;
    strokeLine(context, this.frame.x(this.cursor), y, this.frame.x(this.cursor), y + height);
    for (const curve of curves) {
      const k = curve.x.indexOf(this.cursor);
      if (k >= 0) dot(context, this.frame.x(this.cursor), this.frame.y(curve.y[k]), 4, curve.color);
    }
  }
}

function dot(context, x, y, radius, color) {
  if (!Number.isFinite(y)) return;
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/// A little room above and below.
function padded([low, high], scale) {
  const [a, b] = [scale.forward(low), scale.forward(high)];
  const room = 0.04 * (b - a);
  return [scale.inverse(a - room), scale.inverse(b + room)];
}

function nothing(context, width, height) {
  context.fillStyle = theme().muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("nothing to draw: no value is chosen, finite and on this scale", width / 2, height / 2, width - 20);
}
