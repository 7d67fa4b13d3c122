"use strict";
// Draws meshes with WebGL alone, for pages made where three.js was not installed.

class WebGLPainter {
  constructor() {
    this.canvas = document.createElement("canvas");
    const gl = this.canvas.getContext("webgl", { antialias: true, alpha: true, premultipliedAlpha: false });
    if (!gl) throw new Error("no WebGL");
    this.gl = gl;
    redrawAfterLoss(this.canvas, () => this.prepare());
    this.prepare();
  }

  prepare() {
    const { gl } = this;
    gl.getExtension("OES_element_index_uint");
    this.buffers = new WeakMap();
    this.program = this.link(
      "precision highp float; attribute vec3 position; attribute vec3 normal; uniform mat4 projectionMatrix; uniform mat4 modelViewMatrix;" + VERTEX_SHADER,
      "precision highp float;" + FRAGMENT_SHADER);
    this.places = {};
    for (const name of ["position", "normal", "tint"]) this.places[name] = gl.getAttribLocation(this.program, name);
    for (const name of ["projectionMatrix", "modelViewMatrix", "eye", "cut", "lit"]) this.places[name] = gl.getUniformLocation(this.program, name);
  }

  link(vertex, fragment) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader) || "shader");
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) || "program");
    return program;
  }

  upload(mesh) {
    const { gl } = this;
    const known = this.buffers.get(mesh);
    if (known) return known;
    const make = (target, values) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(target, buffer);
      gl.bufferData(target, values, gl.STATIC_DRAW);
      return buffer;
    };
    const made = {
      position: make(gl.ARRAY_BUFFER, mesh.positions), normal: make(gl.ARRAY_BUFFER, mesh.normals), tint: make(gl.ARRAY_BUFFER, mesh.tints),
      indices: mesh.indices && make(gl.ELEMENT_ARRAY_BUFFER, mesh.indices),
    };
    this.buffers.set(mesh, made);
    return made;
  }

  release(mesh) {
    const known = this.buffers.get(mesh);
    if (known) Object.values(known).forEach((buffer) => buffer && this.gl.deleteBuffer(buffer));
    this.buffers.delete(mesh);
  }

  /// Draws meshes on a transparent picture of a size in pixels and returns the canvas that holds it.
  draw(meshes, camera, width, height, cut = NO_CUT) {
    const { gl, places } = this;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.enable(gl.DEPTH_TEST);
    gl.useProgram(this.program);
    gl.uniformMatrix4fv(places.projectionMatrix, false, camera.projectionMatrix(width / height));
    gl.uniformMatrix4fv(places.modelViewMatrix, false, camera.viewMatrix());
    gl.uniform3fv(places.eye, camera.eye());
    for (const mesh of meshes) this.drawMesh(mesh, cut);
    return this.canvas;
  }

  drawMesh(mesh, cut) {
    const { gl, places } = this;
    const buffers = this.upload(mesh);
    for (const name of ["position", "normal", "tint"]) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[name]);
      gl.enableVertexAttribArray(places[name]);
      gl.vertexAttribPointer(places[name], 3, gl.FLOAT, false, 0, 0);
    }
    gl.uniform4fv(places.cut, mesh.clipped ? cut : NO_CUT);
    gl.uniform1f(places.lit, mesh.lit ? 1 : 0);
    const kind = mesh.kind === "lines" ? gl.LINES : gl.TRIANGLES;
    if (mesh.indices) {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.indices);
      gl.drawElements(kind, mesh.indices.length, gl.UNSIGNED_INT, 0);
    } else {
      gl.drawArrays(kind, 0, mesh.positions.length / 3);
    }
  }
}
