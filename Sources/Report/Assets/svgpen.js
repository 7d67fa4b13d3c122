"use strict";
// What is drawn on a canvas, as SVG: the part of CanvasRenderingContext2D that the figures use.

class SVGPen {
  static state = ["fillStyle", "strokeStyle", "lineWidth", "font", "textAlign", "textBaseline", "globalAlpha", "dash", "matrix", "clipName"];

  /// - Parameter name: begins the names of clips, which must differ within a file.
  constructor(name) {
    this.name = name;
    this.parts = [];
    this.stack = [];
    this.path = "";
    Object.assign(this, {
      fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, font: `12px ${FONT}`, textAlign: "left", textBaseline: "alphabetic",
      globalAlpha: 1, dash: [], matrix: [1, 0, 0, 1, 0, 0], clipName: null,
    });
  }

  static number(value) { return String(Number(value.toFixed(2))); }
  static escaped(text) { return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;"); }

  emit(name, attributes, content = "") {
    const all = {
      ...attributes, opacity: this.globalAlpha === 1 ? null : this.globalAlpha, "clip-path": this.clipName && `url(#${this.clipName})`,
      transform: this.matrix.join() === "1,0,0,1,0,0" ? null : `matrix(${this.matrix.map((part) => Number(part.toFixed(4))).join(" ")})`,
    };
    const text = Object.entries(all).filter(([, value]) => value !== null)
      .map(([key, value]) => ` ${key}="${typeof value === "number" ? SVGPen.number(value) : SVGPen.escaped(value)}"`).join("");
    this.parts.push(content ? `<${name}${text}>${content}</${name}>` : `<${name}${text}/>`);
  }

  // State

  save() { this.stack.push(Object.fromEntries(SVGPen.state.map((key) => [key, this[key]]))); }
  restore() { Object.assign(this, this.stack.pop()); }
  setLineDash(dash) { this.dash = dash; }
  transform(a, b, c, d, e, f) {
    const [A, B, C, D, E, F] = this.matrix;
    this.matrix = [A * a + C * b, B * a + D * b, A * c + C * d, B * c + D * d, A * e + C * f + E, B * e + D * f + F];
  }
  translate(x, y) { this.transform(1, 0, 0, 1, x, y); }
  rotate(angle) { this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0); }

  // Paths

  points(...values) { return values.map(SVGPen.number).join(" "); }
  beginPath() { this.path = ""; }
  moveTo(x, y) { this.path += `M${this.points(x, y)}`; }
  lineTo(x, y) { this.path += `${this.path ? "L" : "M"}${this.points(x, y)}`; }
  rect(x, y, width, height) { this.path += `M${this.points(x, y)}h${SVGPen.number(width)}v${SVGPen.number(height)}h${SVGPen.number(-width)}z`; }
  /// Whole circles alone.
  arc(x, y, radius) {
    const half = (to) => `A${this.points(radius, radius)} 0 1 1 ${this.points(to, y)}`;
    this.path += `M${this.points(x + radius, y)}${half(x - radius)}${half(x + radius)}`;
  }

  get strokes() {
    return {
      fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": "round",
      "stroke-dasharray": this.dash.length > 0 ? this.points(...this.dash) : null,
    };
  }

  stroke() { if (this.path) this.emit("path", { d: this.path, ...this.strokes }); }
  fill() { if (this.path) this.emit("path", { d: this.path, fill: this.fillStyle }); }
  clip() {
    this.clipName = `${this.name}-clip-${this.parts.length}`;
    this.parts.push(`<clipPath id="${this.clipName}"><path d="${this.path}"/></clipPath>`);
  }
  fillRect(x, y, width, height) { this.emit("rect", { x, y, width, height, fill: this.fillStyle }); }
  strokeRect(x, y, width, height) { this.emit("rect", { x, y, width, height, ...this.strokes }); }

  // Texts and pictures

  static measurer = document.createElement("canvas").getContext("2d");
  measureText(text) {
    SVGPen.measurer.font = this.font;
    return SVGPen.measurer.measureText(text);
  }

  fillText(text, x, y, greatestWidth = Infinity) {
    if (!text) return;
    const [, kind, size, family] = /^(bold |italic )?([\d.]+)px (.*)$/.exec(this.font);
    const down = { top: 0.82, middle: 0.35 }[this.textBaseline] || 0;
    this.emit("text", {
      x, y: y + down * Number(size), fill: this.fillStyle, "font-family": family, "font-size": size,
      "font-weight": kind === "bold " ? "bold" : null, "font-style": kind === "italic " ? "italic" : null,
      "text-anchor": { center: "middle", right: "end" }[this.textAlign] || null,
      textLength: this.measureText(text).width > greatestWidth ? greatestWidth : null, lengthAdjust: "spacingAndGlyphs",
    }, SVGPen.escaped(text));
  }

  drawImage(canvas, x, y, width, height) {
    this.emit("image", { x, y, width, height, preserveAspectRatio: "none", href: canvas.toDataURL("image/png") });
  }

  /// Puts what another pen drew at a place.
  place(pen, x, y) { this.parts.push(`<g transform="translate(${this.points(x, y)})">`, ...pen.parts, "</g>"); }

  document(width, height, title) {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n`
      + `<title>${SVGPen.escaped(title)}</title>\n${this.parts.join("\n")}\n</svg>\n`;
  }
}
