"use strict";
// Level lines of values on a grid, joined and with their numbers.

/// Marching squares: calls `emit` with the two ends of each piece of the level line; saddles are parted by their mean.
function contourSegments(field, level, emit) {
  const { axis1, axis2, values } = field;
  const n2 = axis2.length;
  for (let i = 0; i + 1 < axis1.length; i += 1) {
    for (let j = 0; j + 1 < n2; j += 1) {
      const k = i * n2 + j;
      const [low, high] = [Math.min(values[k], values[k + 1], values[k + n2], values[k + n2 + 1]), Math.max(values[k], values[k + 1], values[k + n2], values[k + n2 + 1])];
      if (!(low < level && high >= level)) continue;
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

/// The pieces of a level line joined end to end, as lists of points on the picture; closed ones end where they begin.
///
/// - Parameter place: the point of the picture for two values.
function contourLines(field, level, place) {
  const key = ([x, y]) => `${Math.round(64 * x)} ${Math.round(64 * y)}`;
  const pieces = [];
  const meeting = new Map();
  contourSegments(field, level, (x0, y0, x1, y1) => {
    const ends = [place(x0, y0), place(x1, y1)];
    for (const end of ends) {
      if (!meeting.has(key(end))) meeting.set(key(end), []);
      meeting.get(key(end)).push(pieces.length);
    }
    pieces.push(ends);
  });
  const isUsed = new Uint8Array(pieces.length);
  const walk = (from) => {
    const points = [];
    for (let end = from; ;) {
      const next = meeting.get(key(end)).find((k) => !isUsed[k]);
      if (next === undefined) return points;
      isUsed[next] = 1;
      const [a, b] = pieces[next];
      end = key(a) === key(end) ? b : a;
      points.push(end);
    }
  };
  return pieces.flatMap(([a, b], k) => {
    if (isUsed[k]) return [];
    isUsed[k] = 1;
    const after = walk(b);
    return [[...walk(a).reverse(), a, b, ...after]];
  });
}

/// Lengths along a line up to each of its points.
function arcsOf(line) {
  let sum = 0;
  return line.map(([x, y], k) => { if (k > 0) sum += Math.hypot(x - line[k - 1][0], y - line[k - 1][1]); return sum; });
}

/// The part of a line between two lengths along it.
function stretchOf(line, arcs, from, to) {
  const at = (length) => {
    const k = Math.min(Math.max(arcs.findIndex((arc) => arc >= length), 1), line.length - 1);
    const part = (length - arcs[k - 1]) / (arcs[k] - arcs[k - 1] || 1);
    return [0, 1].map((axis) => line[k - 1][axis] + part * (line[k][axis] - line[k - 1][axis]));
  };
  return [at(from), ...line.filter((_, k) => arcs[k] > from && arcs[k] < to), at(to)];
}

/// Where a number of a width stands on a line: on its straightest and most level stretch that is free; null for none.
///
/// - Parameter isFree: whether a number may be at a point, asked for its middle and its ends.
function labelPlace(line, arcs, width, isFree) {
  const whole = arcs[arcs.length - 1];
  const room = width + 6;
  let best = null;
  const count = Math.min(48, Math.floor((whole - room) / 4));
  for (let k = 0; k <= count; k += 1) {
    const from = k / Math.max(count, 1) * (whole - room);
    const stretch = stretchOf(line, arcs, from, from + room);
    const [[x0, y0], [x1, y1]] = [stretch[0], stretch[stretch.length - 1]];
    const straight = Math.hypot(x1 - x0, y1 - y0) / room;
    const middle = [(x0 + x1) / 2, (y0 + y1) / 2];
    if (straight < 0.88 || !isFree(middle, room) || !isFree([x0, y0], 8) || !isFree([x1, y1], 8)) continue;
    const angle = Math.atan((y1 - y0) / (x1 - x0 || 1e-9));
    const score = straight - 0.15 * Math.abs(angle);
    if (best === null || score > best.score) best = { score, middle, angle, from, to: from + room };
  }
  return best;
}
