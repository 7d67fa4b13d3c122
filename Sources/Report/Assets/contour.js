"use strict";
// Coloured contours of values on a grid, with the cursor that all panels of a figure share.

class ContourView extends View {
  /// model(): { field: { axis1, axis2, values }, range, scale, map, labels: [x, y, value], cursor: [i, j],
  /// strong: a value whose line is thicker, or nothing }.
  constructor(canvas, model, onCursor) {
    super(canvas);
    this.model = model;
    this.onCursor = onCursor;
    canvas.tabIndex = 0;
    canvas.className = "reads";
    const move = (event) => this.point(placeOf(event, canvas));
    canvas.addEventListener("pointermove", move);
    canvas.addEventListener("pointerdown", move);
    canvas.addEventListener("keydown", (event) => this.key(event));
  }

  point([x, y]) {
    if (!this.frame) return;
    const { rect } = this.frame;
    if (x < rect.x - 6 || x > rect.x + rect.width + 6 || y < rect.y - 6 || y > rect.y + rect.height + 6) return;
    const { field } = this.model();
    this.onCursor([nearest(field.axis1, this.frame.xValue(x)), nearest(field.axis2, this.frame.yValue(y))]);
  }

  key(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { field, cursor } = this.model();
    const moved = (place, by, count) => Math.min(Math.max(place + by, 0), count - 1);
    this.onCursor([moved(cursor[0], step[0], field.axis1.length), moved(cursor[1], step[1], field.axis2.length)]);
  }

  draw() {
    const model = this.model();
    const { field, range } = model;
    const ends = (axis) => [axis[0], axis[axis.length - 1]];
    const pen = this.canvas.getContext("2d");
    pen.font = `12px ${FONT}`;
    const left = leftRoom(pen, ends(field.axis2), makeScale("linear"), this.canvas.clientWidth);
    const { context, width, height, density } = this.prepare((across) => across - left - 14 + 94);
    if (!range) { this.frame = null; return nothing(context, width, height); }
    const rect = { x: left, y: 10, width: width - left - 14, height: height - 94 };
    this.frame = new Frame(rect, ends(field.axis1), ends(field.axis2));
    if (this.recorder) this.drawStill(context, model, height);
    else context.drawImage(this.still(model, width, height, density), 0, 0, width, height);
    this.drawMarks(context, field);
    this.drawCursor(context, field, model.cursor);
  }

  /// What does not move with the cursor, drawn again when something of it has changed.
  still(model, width, height, density) {
    const key = [model.field.values, ...model.range, model.scale.kind, model.map, model.labels.join(), model.strong, width, density, theme().plot];
    if (!this.stillKey || key.some((part, k) => part !== this.stillKey[k])) {
      this.stillKey = key;
      this.picture = element("canvas", { width: Math.round(width * density), height: Math.round(height * density) });
      const context = this.picture.getContext("2d");
      context.scale(density, density);
      this.drawStill(context, model, height);
    }
    return this.picture;
  }

  drawStill(context, { field, range, scale, map, labels, strong }, height) {
    const { rect } = this.frame;
    const { x, y, width } = rect;
    context.drawImage(valuePicture(field, range, scale, map, 256), x, y, width, rect.height);
    this.drawLevels(context, field, range, scale, map, strong);
    this.frame.drawAxes(context, labels[0], labels[1], { grid: false });
    drawColorBar(context, { x, y: height - 30, width, height: 10 }, range, scale, map, labels[2]);
  }

  /// Lines with their numbers, which keep off the marks and each other; a thicker line at the value `strong`.
  drawLevels(context, field, range, scale, map, strong) {
    const placed = { ...field, values: Float64Array.from(field.values, scale.forward) };
    const [low, high] = range.map(scale.forward);
    const { rect } = this.frame;
    const marks = Object.values(this.marks(field)).filter(Boolean);
    const taken = marks.map((place) => [...place, 16]);
    // The cursor's lines begin at the origin.
    const isFree = (place, room) => marks.every(([x, y]) => Math.abs(place[0] - x) > room / 2 && Math.abs(place[1] - y) > 8) && place[0] > rect.x + 8 && place[0] < rect.x + rect.width - 8 && place[1] > rect.y + 8
      && place[1] < rect.y + rect.height - 8 && taken.every(([x, y, other]) => Math.hypot(place[0] - x, place[1] - y) > (room + other) / 2);
    context.font = `10px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const isApart = (level) => strong === undefined || Math.abs(scale.forward(level) - scale.forward(strong)) > 0.03 * (high - low);
    const levels = ticksOf(range, scale, 9).filter(isApart);
    for (const level of strong === undefined ? levels : [strong, ...levels]) {
      const at = scale.forward(level);
      const text = formatNumber(level);
      const ink = inkOn(map((at - low) / (high - low)));
      const room = context.measureText(text).width;
      for (const line of contourLines(placed, at, (x, y) => [this.frame.x(x), this.frame.y(y)])) {
        const arcs = arcsOf(line);
        const label = labelPlace(line, arcs, room, isFree);
        if (label) taken.push([...label.middle, room + 6]);
        Object.assign(context, { strokeStyle: ink, fillStyle: ink, globalAlpha: 0.6, lineWidth: level === strong ? 2.4 : 0.9 });
        drawPart(context, label ? stretchOf(line, arcs, 0, label.from) : line);
        if (label) drawPart(context, stretchOf(line, arcs, label.to, arcs[arcs.length - 1]));
        context.globalAlpha = 1;
        if (label) drawTurned(context, text, label.middle, label.angle);
      }
    }
  }

  /// Places of the origin and of the lowest point; null for what is outside or missing.
  marks(field) {
    const inside = (axis, value) => axis[0] <= value && value <= axis[axis.length - 1];
    const at = (x, y) => [this.frame.x(x), this.frame.y(y)];
    const lowest = lowestIndex(field);
    return {
      origin: inside(field.axis1, 0) && inside(field.axis2, 0) ? at(0, 0) : null,
      lowest: lowest < 0 ? null : at(field.axis1[Math.floor(lowest / field.axis2.length)], field.axis2[lowest % field.axis2.length]),
    };
  }

  /// A cross at the origin, a ring at the lowest point.
  drawMarks(context, field) {
    const { origin, lowest } = this.marks(field);
    context.lineWidth = 1.6;
    context.strokeStyle = "#ffffff";
    if (origin) {
      const [x, y] = origin;
      strokeLine(context, x - 5, y, x + 5, y);
      strokeLine(context, x, y - 5, x, y + 5);
    }
    if (!lowest) return;
    context.beginPath();
    context.arc(...lowest, 6, 0, 2 * Math.PI);
    context.stroke();
  }

  drawCursor(context, field, [i, j]) {
    const { x, y, width, height } = this.frame.rect;
    const [cx, cy] = [this.frame.x(field.axis1[i]), this.frame.y(field.axis2[j])];
    context.lineWidth = 1;
    context.strokeStyle = "#ffffff";
    context.globalAlpha = 0.85;
    context.setLineDash([4, 3]);
    strokeLine(context, cx, y, cx, y + height);
    strokeLine(context, x, cy, x + width, cy);
    context.setLineDash([]);
    context.globalAlpha = 1;
    dot(context, cx, cy, 4.5, "#ffffff");
    dot(context, cx, cy, 3, "#d0021b");
  }
}

/// Of equals the one nearest to the origin; −1 if none is finite.
function lowestIndex(field) {
  const distance = (k) => Math.hypot(field.axis1[Math.floor(k / field.axis2.length)], field.axis2[k % field.axis2.length]);
  let best = -1;
  for (let k = 0; k < field.values.length; k += 1) {
    const value = field.values[k];
    if (!Number.isFinite(value)) continue;
    const other = best < 0 ? Infinity : field.values[best];
    if (value < other || (value === other && distance(k) < distance(best))) best = k;
  }
  return best;
}

function nearest(axis, value) {
  let best = 0;
  for (let k = 1; k < axis.length; k += 1) if (Math.abs(axis[k] - value) < Math.abs(axis[best] - value)) best = k;
  return best;
}

/// The cell of an axis that holds a value, and the part of it below the value.
function cellOf(axis, value) {
  let k = 0;
  while (k < axis.length - 2 && axis[k + 1] <= value) k += 1;
  return [k, (value - axis[k]) / (axis[k + 1] - axis[k])];
}

function drawPart(context, line) {
  context.beginPath();
  line.forEach(([x, y], k) => { if (k === 0) context.moveTo(x, y); else context.lineTo(x, y); });
  context.stroke();
}

function drawTurned(context, text, [x, y], angle) {
  context.save();
  context.translate(x, y);
  context.rotate(angle);
  context.fillText(text, 0, 0);
  context.restore();
}

/// The colours of values, interpolated inside cells; clear where a corner has no value.
function valuePicture(field, range, scale, map, size) {
  const { axis1, axis2, values } = field;
  const picture = element("canvas", { width: size, height: size });
  const context = picture.getContext("2d");
  const image = context.createImageData(size, size);
  const [low, high] = range.map(scale.forward);
  const colors = Array.from({ length: 256 }, (_, k) => map(k / 255).map((part) => Math.round(255 * part)));
  const cells = (axis) => Array.from({ length: size }, (_, k) =>
    cellOf(axis, axis[0] + (k + 0.5) / size * (axis[axis.length - 1] - axis[0])));
  const [columns, rows] = [cells(axis1), cells(axis2)];
  const placed = Float64Array.from(values, scale.forward);
  for (let row = 0; row < size; row += 1) {
    const [j, v] = rows[size - 1 - row];
    for (let column = 0; column < size; column += 1) {
      const [i, u] = columns[column];
      const k = i * axis2.length + j;
      const value = (1 - u) * ((1 - v) * placed[k] + v * placed[k + 1])
        + u * ((1 - v) * placed[k + axis2.length] + v * placed[k + axis2.length + 1]);
      if (!Number.isFinite(value)) continue;
      image.data.set(colors[Math.round(Math.min(Math.max((value - low) / (high - low), 0), 1) * 255)], 4 * (row * size + column));
      image.data[4 * (row * size + column) + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return picture;
}

function drawColorBar(context, rect, range, scale, map, label) {
  const colors = theme();
  const strip = valuePicture({ axis1: [0, 1], axis2: [0, 1], values: [0, 0, 1, 1] }, [0, 1], makeScale("linear"), map, 256);
  context.drawImage(strip, rect.x, rect.y, rect.width, rect.height);
  const frame = new Frame(rect, range, [0, 1], scale);
  context.fillStyle = colors.ink;
  context.strokeStyle = colors.muted;
  context.lineWidth = 1;
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const tick of thinned(context, ticksOf(range, scale, Math.max(2, Math.floor(rect.width / 45))), (value) => frame.x(value))) {
    strokeLine(context, frame.x(tick), rect.y + rect.height, frame.x(tick), rect.y + rect.height + 3);
    context.fillText(formatNumber(tick), frame.x(tick), rect.y + rect.height + 5);
  }
  context.textAlign = "right";
  context.fillText(label, rect.x - 8, rect.y - 2, rect.x - 8);
}
