"use strict";
// Pieces of the page: elements, sections, controls.

/// An element with attributes (functions are listeners) and children.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/// A section with a heading, below which `addControls` puts what steers it; it stands in the navigation too.
function section(id, title, caption) {
  const made = element("section", { id, "aria-labelledby": `${id}-title` }, element("div", { class: "head" },
    element("h2", { id: `${id}-title` }, title), caption ? element("p", { class: "caption" }, caption) : null));
  document.getElementById("contents").append(made);
  document.getElementById("navigation").append(element("a", { href: `#${id}` }, title));
  return made;
}

function addControls(part, ...controls) { part.firstElementChild.append(element("div", { class: "controls" }, ...controls)); }

/// Check boxes of methods; calls `changed` with the names that are on.
function methodToggles(names, changed) {
  const shown = new Set(names);
  const boxes = names.map((name) => {
    const box = element("input", {
      type: "checkbox", checked: true, "data-method": name,
      change: () => { if (box.checked) shown.add(name); else shown.delete(name); changed(); },
    });
    return element("label", { class: "toggle" }, box, swatch(name), name);
  });
  return { shown, element: element("fieldset", {}, element("legend", {}, "Methods"), ...boxes) };
}

/// A stroke in the colour and the dashes of a method; style sheets choose the colour for the screen or for paper.
function swatch(name) {
  const holder = element("span", { class: "swatch", "aria-hidden": "true", style: `--light:${methodStyle(name, false)};--dark:${methodStyle(name, true)}` });
  holder.innerHTML = `<svg width="26" height="6"><line x2="26" y1="3" y2="3" stroke-dasharray="${methodDash(name).map((part) => part * 1.6).join(" ")}"/></svg>`;
  return holder;
}

function selectOf(label, options, value, changed) {
  const choice = element("select", { "data-choice": label, change: () => changed(choice.value) },
    ...options.map(([key, text]) => element("option", { value: key, selected: key === value }, text)));
  return element("label", {}, element("span", { class: "name" }, label), choice);
}

/// A slider over 0…steps; `text` words a position.
function sliderOf(label, steps, position, text, changed) {
  const output = element("output", {}, text(position));
  const input = element("input", {
    type: "range", min: 0, max: steps, value: position, "data-slider": label, "aria-valuetext": text(position),
    input: () => { changed(Number(input.value)); show(); },
  });
  const show = () => { output.textContent = text(Number(input.value)); input.setAttribute("aria-valuetext", output.textContent); };
  return {
    input, show, element: element("label", {}, element("span", { class: "name" }, label, ": ", output), input),
  };
}

function canvasOf(label) { return element("canvas", { role: "img", "aria-label": label }); }

/// Facts as a list of terms.
function factList(facts) {
  return element("dl", {}, ...facts.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)]));
}

let spoken = 0;
/// Reads a text to those who listen, not more than about once a second.
function announce(text) {
  clearTimeout(spoken);
  spoken = setTimeout(() => { document.getElementById("announcements").textContent = text; }, 600);
}
