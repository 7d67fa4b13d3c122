"use strict";
// Numbers: reading them, scales, ticks, texts.

/// Little-endian single precision in base64.
function decodeFloats(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let k = 0; k < bytes.length; k += 1) bytes[k] = characters.charCodeAt(k);
  return new Float32Array(bytes.buffer);
}

/// Four significant digits; 1.234·10⁻⁵ for what is very small or large.
function formatNumber(value, digits = 4) {
  if (value === null || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    const factor = { 1: "", "-1": "−" }[Number(mantissa)] ?? minus(String(Number(mantissa))) + "·";
    return factor + "10" + superscript(Number(exponent));
  }
  return minus(String(Number(value.toPrecision(digits))));
}

function minus(text) { return text.replace("-", "−"); }

function superscript(number) {
  return [...String(number)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("");
}

/// As many digits as single precision holds, for files.
function exactText(value) { return Number.isFinite(value) ? String(Number(value.toPrecision(9))) : String(value); }

/// What equal steps mean: differences, ratios, or ratios with a linear stretch of ±threshold around zero.
function makeScale(kind, threshold = 1) {
  if (kind === "log") {
    return { kind, forward: (x) => (x > 0 ? Math.log10(x) : NaN), inverse: (y) => 10 ** y };
  }
  if (kind === "symlog") {
    const forward = (x) => {
      const ratio = Math.abs(x) / threshold;
      return Math.sign(x) * (ratio <= 1 ? ratio : 1 + Math.log(ratio)) * Math.LOG10E;
    };
    const inverse = (y) => {
      const size = Math.abs(y) / Math.LOG10E;
      return Math.sign(y) * threshold * (size <= 1 ? size : Math.exp(size - 1));
    };
    return { kind, threshold, forward, inverse };
  }
  return { kind: "linear", forward: (x) => x, inverse: (y) => y };
}

/// Smallest and largest value that the scale has a place for; a range around a single value; null for none.
function rangeOf(arrays, scale) {
  let low = Infinity;
  let high = -Infinity;
  for (const values of arrays) {
    for (const value of values) {
      if (!Number.isFinite(value) || !Number.isFinite(scale.forward(value))) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return null;
  if (low < high) return [low, high];
  return scale.kind === "log" ? [low / 2, high * 2] : [low - Math.abs(low) * 0.1 - 1e-6, high + Math.abs(high) * 0.1 + 1e-6];
}

/// Round places of a scale between two values, about `count` of them.
function ticksOf([low, high], scale, count = 5) {
  if (scale.kind === "log") return logTicks(low, high, count);
  if (scale.kind === "symlog") return symlogTicks(low, high, scale.threshold);
  return linearTicks(low, high, count);
}

function linearTicks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) || 10);
  const ticks = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k += 1) ticks.push(Number((k * step).toPrecision(12)));
  return ticks;
}

function logTicks(low, high, count) {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, count).filter((tick) => tick > 0);
  const factors = decades < 2 ? [1, 2, 5] : decades < 4 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / (count + 2)));
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += every) {
    for (const factor of factors) {
      const tick = Number((factor * 10 ** power).toPrecision(6));
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

function symlogTicks(low, high, threshold) {
  const first = Math.ceil(Math.log10(threshold));
  const outer = Math.log10(Math.max(Math.abs(low), Math.abs(high), threshold));
  const every = Math.max(1, Math.ceil((outer - first) / 3));
  const sizes = [];
  for (let power = first; power <= outer; power += every) sizes.push(10 ** power);
  return [...sizes.map((size) => -size).reverse(), 0, ...sizes].filter((tick) => tick >= low && tick <= high);
}
