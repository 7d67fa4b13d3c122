"use strict";
// Surfaces of equal value in a volume by marching tetrahedra, and the faces that close the region below the value.

/// Each cell as six tetrahedra around the diagonal from corner 0 to corner 7; bit k of a corner is a step along axis k.
const TETRAHEDRA = [[0, 1, 3, 7], [0, 3, 2, 7], [0, 2, 6, 7], [0, 6, 4, 7], [0, 4, 5, 7], [0, 5, 1, 7]];

/// volume: { axes: [3], values, shape: [3] }. Triangles are turned so that normals point to larger values.
///
/// Smooth normals: gradients of the grid, interpolated along the edges that the surface cuts.
function isoSurface(volume, level, color) {
  const { axes, values, shape } = volume;
  const strides = [shape[1] * shape[2], shape[2], 1];
  const offsets = Array.from({ length: 8 }, (_, c) => (c & 1) * strides[0] + (c >> 1 & 1) * strides[1] + (c >> 2) * strides[2]);
  const placed = axes.map((axis) => Array.from(axis, (value) => centred(axis, value)));
  const out = { positions: [], normals: [] };
  const point = (k) => {
    const place = [Math.floor(k / strides[0]), Math.floor(k / strides[1]) % shape[1], k % shape[2]];
    return place.map((p, axis) => placed[axis][p]);
  };
  const gradient = (k) => [0, 1, 2].map((axis) => {
    const p = Math.floor(k / strides[axis]) % shape[axis];
    return difference(values, k, strides[axis], p, shape[axis]) / difference1(axes[axis], p);
  });
  const crossing = (a, b) => {
    const t = (level - values[a]) / (values[b] - values[a]);
    const mix = (u, v) => u.map((part, k) => part + t * (v[k] - part));
    return { at: mix(point(a), point(b)), normal: mix(gradient(a), gradient(b)) };
  };
  for (let i = 0; i + 1 < shape[0]; i += 1) {
    for (let j = 0; j + 1 < shape[1]; j += 1) {
      for (let l = 0; l + 1 < shape[2]; l += 1) {
        const corners = offsets.map((offset) => i * strides[0] + j * strides[1] + l + offset);
        const low = corners.filter((k) => values[k] < level).length;
        if (low === 0 || low === 8 || corners.some((k) => !Number.isFinite(values[k]))) continue;
        for (const tetrahedron of TETRAHEDRA) cutTetrahedron(tetrahedron.map((c) => corners[c]), values, level, crossing, out);
      }
    }
  }
  return triangleMesh(out.positions, out.normals, () => color, true);
}

/// One or two triangles where the level passes between the corners.
function cutTetrahedron(corners, values, level, crossing, out) {
  const low = corners.filter((k) => values[k] < level);
  const high = corners.filter((k) => values[k] >= level);
  if (low.length === 0 || high.length === 0) return;
  if (low.length === 2) {
    const [a, b, c, d] = [crossing(low[0], high[0]), crossing(low[0], high[1]), crossing(low[1], high[1]), crossing(low[1], high[0])];
    emitTriangle(out, a, b, c);
    emitTriangle(out, a, c, d);
  } else {
    const [apex, base] = low.length === 1 ? [low[0], high] : [high[0], low];
    emitTriangle(out, ...base.map((k) => crossing(apex, k)));
  }
}

function emitTriangle(out, a, b, c) {
  const edge = (u, v) => v.at.map((part, k) => part - u.at[k]);
  const isTurned = dot3(cross(edge(a, b), edge(a, c)), a.normal) < 0;
  for (const vertex of isTurned ? [a, c, b] : [a, b, c]) {
    out.positions.push(...vertex.at);
    out.normals.push(...normalised(vertex.normal));
  }
}

function triangleMesh(positions, normals, tint, lit) {
  const tints = new Float32Array(positions.length);
  for (let k = 0; k < positions.length / 3; k += 1) tints.set(tint(k), 3 * k);
  return { kind: "triangles", positions: new Float32Array(positions), normals: new Float32Array(normals), tints, indices: null, lit };
}

/// The plane through the volume at a place of one axis.
function sliceOf(volume, axis, place) {
  const { axes, values, shape } = volume;
  const others = [0, 1, 2].filter((other) => other !== axis);
  const strides = [shape[1] * shape[2], shape[2], 1];
  const field = { axis1: axes[others[0]], axis2: axes[others[1]], values: new Float32Array(shape[others[0]] * shape[others[1]]), others };
  for (let i = 0; i < field.axis1.length; i += 1) {
    for (let j = 0; j < field.axis2.length; j += 1) {
      field.values[i * field.axis2.length + j] = values[place * strides[axis] + i * strides[others[0]] + j * strides[others[1]]];
    }
  }
  return field;
}

/// The part of a plane where values lie below the level, coloured by value.
function capMesh(volume, axis, place, level, tint) {
  const field = sliceOf(volume, axis, place);
  const [positions, heights] = [[], []];
  const at = centred(volume.axes[axis], volume.axes[axis][place]);
  const corner = (i, j) => {
    const point = [0, 0, 0];
    point[axis] = at;
    point[field.others[0]] = centred(field.axis1, field.axis1[i]);
    point[field.others[1]] = centred(field.axis2, field.axis2[j]);
    return { point, value: field.values[i * field.axis2.length + j] };
  };
  for (let i = 0; i + 1 < field.axis1.length; i += 1) {
    for (let j = 0; j + 1 < field.axis2.length; j += 1) {
      const [a, b, c, d] = [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)];
      for (const triangle of [[a, b, c], [a, c, d]]) {
        const polygon = clippedBelow(triangle, level);
        for (let k = 1; k + 1 < polygon.length; k += 1) {
          for (const vertex of [polygon[0], polygon[k], polygon[k + 1]]) { positions.push(...vertex.point); heights.push(vertex.value); }
        }
      }
    }
  }
  const normal = [0, 1, 2].map((k) => (k === axis ? 1 : 0));
  return triangleMesh(positions, heights.flatMap(() => normal), (k) => tint(heights[k]), false);
}

/// The part of a polygon whose values are at most the level.
function clippedBelow(polygon, level) {
  if (polygon.some((vertex) => !Number.isFinite(vertex.value))) return [];
  const kept = [];
  polygon.forEach((vertex, k) => {
    const next = polygon[(k + 1) % polygon.length];
    if (vertex.value <= level) kept.push(vertex);
    if ((vertex.value <= level) !== (next.value <= level)) {
      const t = (level - vertex.value) / (next.value - vertex.value);
      kept.push({ point: vertex.point.map((part, axis) => part + t * (next.point[axis] - part)), value: level });
    }
  });
  return kept;
}
