"use strict";
// Draws meshes with three.js, where the page holds it.

class ThreePainter {
  constructor() {
    this.renderer = new THREE.WebGLRenderer({ antialias: true, alpha: true, premultipliedAlpha: false });
    this.renderer.setPixelRatio(1);
    this.renderer.setClearColor(0x000000, 0);
    // Colours are given as they are to appear.
    if ("outputColorSpace" in this.renderer) this.renderer.outputColorSpace = THREE.LinearSRGBColorSpace;
    this.objects = new WeakMap();
    // The library prepares itself again before this is called.
    redrawAfterLoss(this.renderer.domElement, () => {});
  }

  objectOf(mesh) {
    const known = this.objects.get(mesh);
    if (known) return known;
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.BufferAttribute(mesh.positions, 3));
    geometry.setAttribute("normal", new THREE.BufferAttribute(mesh.normals, 3));
    geometry.setAttribute("tint", new THREE.BufferAttribute(mesh.tints, 3));
    if (mesh.indices) geometry.setIndex(new THREE.BufferAttribute(mesh.indices, 1));
    const material = new THREE.ShaderMaterial({
      vertexShader: VERTEX_SHADER, fragmentShader: FRAGMENT_SHADER, side: THREE.DoubleSide,
      uniforms: { eye: { value: new THREE.Vector3() }, cut: { value: new THREE.Vector4(...NO_CUT) }, lit: { value: mesh.lit ? 1 : 0 } },
    });
    const object = mesh.kind === "lines" ? new THREE.LineSegments(geometry, material) : new THREE.Mesh(geometry, material);
    object.frustumCulled = false;
    this.objects.set(mesh, object);
    return object;
  }

  release(mesh) {
    const object = this.objects.get(mesh);
    if (!object) return;
    object.geometry.dispose();
    object.material.dispose();
    this.objects.delete(mesh);
  }

  /// Draws meshes on a transparent picture of a size in pixels and returns the canvas that holds it.
  draw(meshes, camera, width, height, cut = NO_CUT) {
    this.renderer.setSize(width, height, false);
    const view = new THREE.Camera();
    view.up.set(0, 0, 1);
    view.position.set(...camera.eye());
    view.rotation.setFromRotationMatrix(new THREE.Matrix4().lookAt(view.position, new THREE.Vector3(), view.up));
    view.projectionMatrix.fromArray(camera.projectionMatrix(width / height));
    const scene = new THREE.Scene();
    for (const mesh of meshes) {
      const object = this.objectOf(mesh);
      object.material.uniforms.eye.value.set(...camera.eye());
      object.material.uniforms.cut.value.set(...(mesh.clipped ? cut : NO_CUT));
      scene.add(object);
    }
    this.renderer.render(scene, view);
    return this.renderer.domElement;
  }
}

/// three.js where there is one, else WebGL; null where the browser has neither.
const painter = (() => {
  try {
    return typeof THREE === "undefined" ? new WebGLPainter() : new ThreePainter();
  } catch (error) {
    return null;
  }
})();
