"use strict";
// Light and colour, the same whoever draws.

/// Lines and marks, which are not lit, stand a little nearer than the surface that they lie on.
const VERTEX_SHADER = `
attribute vec3 tint;
uniform float lit;
varying vec3 vTint;
varying vec3 vNormal;
varying vec3 vPosition;
void main() {
  vTint = tint;
  vNormal = normal;
  vPosition = position;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  if (lit < 0.5) gl_Position.z -= 0.004 * gl_Position.w;
}`;

/// Both sides are lit. \`cut\`: what lies beyond the plane is left out.
const FRAGMENT_SHADER = `
varying vec3 vTint;
varying vec3 vNormal;
varying vec3 vPosition;
uniform vec3 eye;
uniform vec4 cut;
uniform float lit;
void main() {
  if (dot(vPosition, cut.xyz) > cut.w) discard;
  vec3 color = vTint;
  if (lit > 0.5) {
    vec3 toEye = normalize(eye - vPosition);
    vec3 n = normalize(vNormal);
    if (dot(n, toEye) < 0.0) n = -n;
    vec3 light = normalize(0.6 * toEye + vec3(-0.3, 0.2, 0.8));
    float gloss = pow(max(dot(n, normalize(light + toEye)), 0.0), 48.0);
    color = vTint * (0.5 + 0.55 * max(dot(n, light), 0.0)) + 0.1 * gloss;
  }
  gl_FragColor = vec4(color, 1.0);
}`;

const NO_CUT = [0, 0, 0, 1];

/// Browsers may take the graphics card away, on phones above all; `prepare` and a redrawing when it is back.
function redrawAfterLoss(canvas, prepare) {
  canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
  canvas.addEventListener("webglcontextrestored", () => { prepare(); redraw(); });
}
