"use strict";
// A box seen from a camera, with numbers along its edges.

class SceneView extends View {
  /// model(): { meshes, axes: [{ range, scale, label }, …], cut }. Meshes that are new objects are sent to the graphics card.
  constructor(canvas, camera, model) {
    super(canvas);
    this.camera = camera;
    this.model = model;
    this.meshes = [];
    this.heightOf = (across) => 0.86 * across;
    canvas.tabIndex = 0;
    canvas.className = "turns";
    camera.listeners.push(() => redraw(this));
    steer(camera, canvas);
  }

  draw() {
    const { context, width, height, density } = this.prepare(this.heightOf);
    const model = this.model();
    for (const mesh of this.meshes) if (!model.meshes.includes(mesh)) painter.release(mesh);
    this.meshes = model.meshes;
    const box = this.box && this.boxColor === theme().muted ? this.box : boxMesh(this.camera.half, parseColor(theme().muted));
    [this.box, this.boxColor] = [box, theme().muted];
    const pixels = [Math.round(width * density), Math.round(height * density)];
    context.drawImage(painter.draw([box, ...model.meshes], this.camera, ...pixels, model.cut), 0, 0, width, height);
    this.drawLabels(context, width, height, model.axes);
  }

  /// Numbers along the two lower edges in front and the upright edge on the left.
  drawLabels(context, width, height, axes) {
    const eye = this.camera.eye();
    const half = this.camera.half;
    const front = half.map((size, axis) => (eye[axis] >= 0 ? size : -size));
    const bottom = eye[2] >= 0 ? -half[2] : half[2];
    const uprights = [[front[0], -front[1]], [-front[0], front[1]]].map((corner) => [...corner, 0]);
    const left = uprights.reduce((a, b) => (this.camera.project(a, width, height)[0] < this.camera.project(b, width, height)[0] ? a : b));
    const kept = [];
    this.drawEdge(context, width, height, axes[2], 2, left, kept);
    this.drawEdge(context, width, height, axes[0], 0, [0, front[1], bottom], kept);
    this.drawEdge(context, width, height, axes[1], 1, [front[0], 0, bottom], kept);
  }

  /// Leaves out numbers that would meet one of those `kept`.
  drawEdge(context, width, height, { range, scale, label }, axis, place, kept) {
    const half = this.camera.half[axis];
    const [low, high] = range.map(scale.forward);
    const at = (part, outward) => {
      const point = place.map((value, k) => (k === axis ? (2 * part - 1) * half : k === 2 ? value : value * outward));
      return this.camera.project(point, width, height);
    };
    context.fillStyle = theme().ink;
    context.font = `11px ${FONT}`;
    context.textAlign = axis === 2 ? "right" : "center";
    context.textBaseline = "middle";
    for (const tick of ticksOf(range, scale, 4)) {
      const size = context.measureText(formatNumber(tick)).width;
      const [across, y] = at((scale.forward(tick) - low) / (high - low), axis === 2 ? 1.04 : 1.14);
      const x = axis === 2 ? Math.max(across, size + 1) : across;
      const box = [axis === 2 ? x - size : x - size / 2, y - 6, size, 12];
      if (kept.some((other) => areClose(box, other))) continue;
      kept.push(box);
      context.fillText(formatNumber(tick), x, y);
    }
    context.font = `italic 13px ${FONT}`;
    const [x, y] = axis === 2 ? at(1.12, 1.04) : at(0.5, 1.4);
    context.fillText(label, x, y);
  }
}

/// Whether less than 4 pixels part two boxes [x, y, width, height].
function areClose(a, b) {
  return a[0] < b[0] + b[2] + 4 && b[0] < a[0] + a[2] + 4 && a[1] < b[1] + b[3] + 2 && b[1] < a[1] + a[3] + 2;
}
