"use strict";
// Filled contours of values on a grid, with the cursor that all panels of a figure share.

class ContourView extends View {
  /// model(): { field: { axis1, axis2, values }, range, scale, map, labels: [x, y, value], cursor: [i, j] }.
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
    const { field, range, scale, map } = model;
    const ends = (axis) => [axis[0], axis[axis.length - 1]];
    const pen = this.canvas.getContext("2d");
    pen.font = `12px ${FONT}`;
    const left = leftRoom(pen, ends(field.axis2), makeScale("linear"), this.canvas.clientWidth);
    const { context, width, height } = this.prepare((across) => across - left - 14 + 106);
    if (!range) { this.frame = null; return nothing(context, width, height); }
    const rect = { x: left, y: 10, width: width - left - 14, height: height - 106 };
    this.frame = new Frame(rect, ends(field.axis1), ends(field.axis2));
    this.drawBands(context, field, range, scale, map);
    this.drawLevels(context, field, ticksOf(range, scale, 9));
    this.frame.drawAxes(context, model.labels[0], model.labels[1], { grid: false });
    this.drawMarks(context, field);
    this.drawCursor(context, field, model.cursor);
    drawColorBar(context, { x: rect.x, y: height - 44, width: rect.width, height: 10 }, range, scale, map, model.labels[2]);
  }

  /// Colours in steps of a twenty-fourth of the range, interpolated inside cells; blank where a corner has no value.
  drawBands(context, field, range, scale, map) {
    const size = 240;
    const key = [field.values, ...range, scale.kind, map];
    if (!this.picture || key.some((part, k) => part !== this.key0[k])) {
      this.key0 = key;
      this.picture = bandPicture(field, range, scale, map, size);
    }
    const { x, y, width, height } = this.frame.rect;
    context.imageSmoothingEnabled = true;
    context.drawImage(this.picture, x, y, width, height);
  }

  drawLevels(context, field, levels) {
    context.strokeStyle = "rgba(0,0,0,0.45)";
    context.lineWidth = 0.8;
    context.beginPath();
    for (const level of levels) {
      contourSegments(field, level, (x0, y0, x1, y1) => {
        context.moveTo(this.frame.x(x0), this.frame.y(y0));
        context.lineTo(this.frame.x(x1), this.frame.y(y1));
      });
    }
    context.stroke();
  }

  /// A cross at the origin, a ring at the lowest point.
  drawMarks(context, field) {
    const inside = (axis, value) => axis[0] <= value && value <= axis[axis.length - 1];
    context.lineWidth = 1.6;
    context.strokeStyle = "#ffffff";
    if (inside(field.axis1, 0) && inside(field.axis2, 0)) {
      const [x, y] = [this.frame.x(0), this.frame.y(0)];
      strokeLine(context, x - 5, y, x + 5, y);
      strokeLine(context, x, y - 5, x, y + 5);
    }
    const lowest = lowestIndex(field);
    if (lowest < 0) return;
    context.beginPath();
    context.arc(this.frame.x(field.axis1[Math.floor(lowest / field.axis2.length)]),
      this.frame.y(field.axis2[lowest % field.axis2.length]), 6, 0, 2 * Math.PI);
    context.stroke();
  }

  drawCursor(context, field, [i, j]) {
    const { x, y, width, height } = this.frame.rect;
    const [cx, cy] = [this.frame.x(field.axis1[i]), this.frame.y(field.axis2[j])];
    context.lineWidth = 1;
    context.strokeStyle = "rgba(255,255,255,0.85)";
    context.setLineDash([4, 3]);
    strokeLine(context, cx, y, cx, y + height);
    strokeLine(context, x, cy, x + width, cy);
    context.setLineDash([]);
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

function bandPicture(field, range, scale, map, size) {
  const { axis1, axis2, values } = field;
  const picture = document.createElement("canvas");
  picture.width = picture.height = size;
  const context = picture.getContext("2d");
  const image = context.createImageData(size, size);
  const [low, high] = range.map(scale.forward);
  const bands = 24;
  const colors = Array.from({ length: bands }, (_, k) => map((k + 0.5) / bands).map((part) => Math.round(255 * part)));
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
      const band = Math.min(Math.max(Math.floor((value - low) / (high - low) * bands), 0), bands - 1);
      image.data.set(colors[band], 4 * (row * size + column));
      image.data[4 * (row * size + column) + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return picture;
}

/// Marching squares: calls `emit` with the two ends of each piece of the level line; saddles are parted by their mean.
function contourSegments(field, level, emit) {
  const { axis1, axis2, values } = field;
  const n2 = axis2.length;
  for (let i = 0; i + 1 < axis1.length; i += 1) {
    for (let j = 0; j + 1 < n2; j += 1) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
      const heights = corners.map(([a, b]) => values[a * n2 + b] - level);
      if (heights.some((height) => !Number.isFinite(height))) continue;
      const crossings = [];
      for (let side = 0; side < 4; side += 1) {
        const next = (side + 1) % 4;
        if ((heights[side] < 0) === (heights[next] < 0)) continue;
        const t = heights[side] / (heights[side] - heights[next]);
        const [[a, b], [c, d]] = [corners[side], corners[next]];
        crossings.push([axis1[a] + t * (axis1[c] - axis1[a]), axis2[b] + t * (axis2[d] - axis2[b])]);
      }
      if (crossings.length === 2) emit(...crossings[0], ...crossings[1]);
      if (crossings.length === 4) {
        const isLow = heights.reduce((sum, height) => sum + height, 0) < 0;
        const turned = isLow === (heights[0] < 0);
        const order = turned ? [0, 1, 2, 3] : [3, 0, 1, 2];
        emit(...crossings[order[0]], ...crossings[order[1]]);
        emit(...crossings[order[2]], ...crossings[order[3]]);
      }
    }
  }
}

function drawColorBar(context, rect, range, scale, map, label) {
  const colors = theme();
  for (let k = 0; k < rect.width; k += 1) {
    context.fillStyle = cssColor(map(k / (rect.width - 1)));
    context.fillRect(rect.x + k, rect.y, 1.5, rect.height);
  }
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
