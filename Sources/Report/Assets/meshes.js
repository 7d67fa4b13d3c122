"use strict";
// Triangles and lines of what is drawn in 3D.
// A mesh: { kind: "triangles" | "lines", positions, normals, tints (3 numbers a vertex), indices or null, lit, clipped }.

/// A coordinate of an axis in −1…1.
function centred(axis, value) { return 2 * (value - axis[0]) / (axis[axis.length - 1] - axis[0]) - 1; }

/// The height of a value in a box of half height `half`, cut to the range.
function heightOf(value, range, scale, half) {
  const [low, high] = range.map(scale.forward);
  const place = (scale.forward(value) - low) / (high - low);
  return half * (2 * Math.min(Math.max(place, 0), 1) - 1);
}

/// A lit surface over a grid; cells with a corner without a value are left out.
///
/// - Parameter tint: colour of a value.
function surfaceMesh(field, range, scale, half, tint) {
  const { axis1, axis2, values } = field;
  const [n1, n2] = [axis1.length, axis2.length];
  const heights = Float64Array.from(values, (value) => (Number.isFinite(scale.forward(value)) ? heightOf(value, range, scale, half) : NaN));
  const positions = new Float32Array(3 * n1 * n2);
  const normals = new Float32Array(3 * n1 * n2);
  const tints = new Float32Array(3 * n1 * n2);
  for (let i = 0; i < n1; i += 1) {
    for (let j = 0; j < n2; j += 1) {
      const k = i * n2 + j;
      positions.set([centred(axis1, axis1[i]), centred(axis2, axis2[j]), heights[k] || 0], 3 * k);
      const slope1 = difference(heights, k, n2, i, n1) / difference1(axis1, i);
      const slope2 = difference(heights, k, 1, j, n2) / difference1(axis2, j);
      normals.set(normalised([-slope1 || 0, -slope2 || 0, 1]), 3 * k);
      tints.set(tint(values[k]), 3 * k);
    }
  }
  const whole = (k) => [k, k + 1, k + n2, k + n2 + 1].every((corner) => !Number.isNaN(heights[corner]));
  const indices = [];
  for (let i = 0; i + 1 < n1; i += 1) {
    for (let j = 0; j + 1 < n2; j += 1) {
      const k = i * n2 + j;
      if (whole(k)) indices.push(k, k + n2, k + n2 + 1, k, k + n2 + 1, k + 1);
    }
  }
  return { kind: "triangles", positions, normals, tints, indices: new Uint32Array(indices), lit: true };
}

/// Rise of heights about a grid point along one axis: central inside, one-sided at the ends and beside blanks.
function difference(heights, k, stride, place, count) {
  const forward = place + 1 < count && !Number.isNaN(heights[k + stride]);
  const backward = place > 0 && !Number.isNaN(heights[k - stride]);
  if (forward && backward) return (heights[k + stride] - heights[k - stride]) / 2;
  return forward ? heights[k + stride] - heights[k] : backward ? heights[k] - heights[k - stride] : 0;
}

function difference1(axis, place) {
  const [a, b] = [Math.max(place - 1, 0), Math.min(place + 1, axis.length - 1)];
  return (centred(axis, axis[b]) - centred(axis, axis[a])) / (b - a);
}

/// About 12 lines each way over a surface.
function wireMesh(field, mesh, color) {
  const [n1, n2] = [field.axis1.length, field.axis2.length];
  const drawn = new Uint8Array(n1 * n2);
  for (const k of mesh.indices) drawn[k] = 1;
  const indices = [];
  const steps = [Math.max(1, Math.round((n1 - 1) / 12)), Math.max(1, Math.round((n2 - 1) / 12))];
  for (let i = 0; i < n1; i += 1) {
    for (let j = 0; j < n2; j += 1) {
      const k = i * n2 + j;
      if (!drawn[k]) continue;
      if (i % steps[0] === 0 && j + 1 < n2 && drawn[k + 1]) indices.push(k, k + 1);
      if (j % steps[1] === 0 && i + 1 < n1 && drawn[k + n2]) indices.push(k, k + n2);
    }
  }
  return lineMesh(mesh.positions, new Uint32Array(indices), color);
}

function lineMesh(positions, indices, color) {
  const tints = new Float32Array(positions.length);
  for (let k = 0; k < positions.length; k += 3) tints.set(color, k);
  return { kind: "lines", positions, normals: positions, tints, indices, lit: false };
}

/// The twelve edges of a box.
function boxMesh(half, color) {
  const corners = [];
  for (let k = 0; k < 8; k += 1) corners.push(...half.map((size, axis) => (k >> axis & 1 ? size : -size)));
  const indices = [];
  for (let k = 0; k < 8; k += 1) for (const bit of [1, 2, 4]) if (!(k & bit)) indices.push(k, k | bit);
  return lineMesh(new Float32Array(corners), new Uint32Array(indices), color);
}

/// A small octahedron that marks a point.
function pointMesh(center, radius, color) {
  const positions = [];
  const indices = [];
  for (const [axis, sign] of [[0, 1], [0, -1], [1, 1], [1, -1], [2, 1], [2, -1]]) {
    positions.push(...center.map((part, k) => (k === axis ? part + sign * radius : part)));
  }
  for (const a of [0, 1]) for (const b of [2, 3]) for (const c of [4, 5]) indices.push(a, b, c);
  const mesh = lineMesh(new Float32Array(positions), new Uint32Array(indices), color);
  return { ...mesh, kind: "triangles" };
}
