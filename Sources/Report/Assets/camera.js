"use strict";
// A camera on a sphere around the origin; z is up. Matrices are column by column, as WebGL takes them.

class Camera {
  static rest = { azimuth: -60, elevation: 30, zoom: 1 };

  constructor(half) {
    /// Half sizes of the box that is looked at.
    this.half = half;
    this.listeners = [];
    Object.assign(this, Camera.rest);
  }

  turn(azimuth, elevation) {
    this.azimuth = (this.azimuth + azimuth) % 360;
    this.elevation = Math.min(Math.max(this.elevation + elevation, -89), 89);
    this.changed();
  }

  scale(factor) {
    this.zoom = Math.min(Math.max(this.zoom * factor, 0.4), 6);
    this.changed();
  }

  reset() {
    Object.assign(this, Camera.rest);
    this.changed();
  }

  changed() { this.listeners.forEach((listener) => listener()); }

  static fieldOfView = 26;

  /// Where the eye stands: far enough for the box to fit, whichever way it is turned.
  eye() {
    const distance = this.distance();
    const [a, e] = [this.azimuth * Math.PI / 180, this.elevation * Math.PI / 180];
    return [distance * Math.cos(e) * Math.cos(a), distance * Math.cos(e) * Math.sin(a), distance * Math.sin(e)];
  }

  distance() { return Math.hypot(...this.half) * 1.02 / Math.sin(Camera.fieldOfView / 2 * Math.PI / 180) / this.zoom; }

  viewMatrix() {
    const eye = this.eye();
    const back = normalised(eye);
    const right = normalised(cross([0, 0, 1], back));
    const up = cross(back, right);
    return [
      right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0,
      -dot3(right, eye), -dot3(up, eye), -dot3(back, eye), 1,
    ];
  }

  /// - Parameter aspect: width over height; the narrower side sees the whole box. It stands a little above the middle,
  ///   which leaves room for the numbers below.
  projectionMatrix(aspect) {
    const f = 1 / Math.tan(Camera.fieldOfView / 2 * Math.PI / 180) * Math.min(1, aspect);
    const reach = 1.1 * Math.hypot(...this.half);
    const [near, far] = [Math.max(this.distance() - reach, 0.05), this.distance() + reach];
    return [f / aspect, 0, 0, 0, 0, f, 0, 0, 0, -0.1, (far + near) / (near - far), -1, 0, 0, 2 * far * near / (near - far), 0];
  }

  /// Place of a point on a picture of a size.
  project(point, width, height) {
    const view = transformed(this.viewMatrix(), [...point, 1]);
    const clip = transformed(this.projectionMatrix(width / height), view);
    return [(clip[0] / clip[3] + 1) / 2 * width, (1 - clip[1] / clip[3]) / 2 * height];
  }
}

function transformed(matrix, vector) {
  return [0, 1, 2, 3].map((row) => vector.reduce((sum, part, column) => sum + matrix[4 * column + row] * part, 0));
}
function dot3(a, b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
function cross(a, b) { return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]; }
function normalised(a) { const size = Math.hypot(...a) || 1; return a.map((part) => part / size); }

/// Turns a camera by mouse, finger, wheel and keys on a canvas.
///
/// Style sheets leave a finger that moves up or down to the page, which scrolls; sideways it turns. Two fingers, spread or
/// moved, belong to the picture.
function steer(camera, canvas) {
  const touches = new Map();
  let waiting = null;
  const spread = () => { const [a, b] = [...touches.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    const isFinger = event.pointerType === "touch";
    if (!isFinger) canvas.focus({ preventScroll: true });
    touches.set(event.pointerId, [event.clientX, event.clientY]);
    // A finger that goes up or down first is about to scroll.
    waiting = isFinger && touches.size === 1 ? event.clientX : null;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = touches.get(event.pointerId);
    if (!before) return;
    if (waiting !== null && Math.abs(event.clientX - waiting) < 6) return;
    waiting = null;
    const width = touches.size === 2 ? spread() : 0;
    touches.set(event.pointerId, [event.clientX, event.clientY]);
    if (touches.size === 2) camera.scale(spread() / Math.max(width, 1));
    camera.turn((before[0] - event.clientX) * 0.5 / touches.size, (event.clientY - before[1]) * 0.5 / touches.size);
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    canvas.addEventListener(name, (event) => touches.delete(event.pointerId));
  }
  for (const name of ["touchstart", "touchmove"]) {
    canvas.addEventListener(name, (event) => { if (event.touches.length > 1 && event.cancelable) event.preventDefault(); }, { passive: false });
  }
  // The wheel scrolls the page until the picture has been clicked.
  canvas.addEventListener("wheel", (event) => {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    camera.scale(Math.exp(-event.deltaY * 0.0015));
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const action = {
      ArrowLeft: () => camera.turn(6, 0), ArrowRight: () => camera.turn(-6, 0), ArrowUp: () => camera.turn(0, 6),
      ArrowDown: () => camera.turn(0, -6), "+": () => camera.scale(1.15), "=": () => camera.scale(1.15),
      "-": () => camera.scale(1 / 1.15), Home: () => camera.reset(), 0: () => camera.reset(),
    }[event.key];
    if (!action || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    action();
  });
  canvas.addEventListener("dblclick", () => camera.reset());
}
