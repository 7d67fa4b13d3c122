"use strict";
// Pieces of the page: elements, sections, controls, downloads.

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

/// A section with a heading; it stands in the navigation too.
function section(id, title, caption) {
  const made = element("section", { id, "aria-labelledby": `${id}-title` },
    element("h2", { id: `${id}-title` }, title), caption ? element("p", { class: "caption" }, caption) : null);
  document.getElementById("contents").append(made);
  document.getElementById("navigation").append(element("a", { href: `#${id}` }, title));
  return made;
}

/// Check boxes of methods; calls `changed` with the names that are on.
function methodToggles(names, changed) {
  const shown = new Set(names);
  const boxes = names.map((name) => {
    const box = element("input", {
      type: "checkbox", checked: true, "data-method": name,
      change: () => { if (box.checked) shown.add(name); else shown.delete(name); changed(); },
    });
    return element("label", { class: "toggle" }, box, element("span", { class: "swatch", style: `background:${methodColor(name)}` }), name);
  });
  return { shown, element: element("fieldset", {}, element("legend", {}, "Methods"), ...boxes) };
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

function save(name, type, content) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/// Buttons for the data and the picture of a figure.
///
/// - Parameters:
///   - rows: a function to the lines of a table, the first its header.
///   - panels: a function to the canvases of the picture with their titles, null for none.
function downloads(name, rows, json, panels) {
  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${String(cell).replace(/"/g, '""')}"` : String(cell));
  const csv = () => rows().map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  const button = (text, click) => element("button", { type: "button", click }, text);
  return element("div", { class: "downloads", role: "group", "aria-label": `Downloads of ${name}` },
    button("Data as CSV", () => save(`${name}.csv`, "text/csv", csv())),
    button("Data as JSON", () => save(`${name}.json`, "application/json", JSON.stringify(json()))),
    panels && button("Picture as PNG", () => composed(panels()).toBlob((blob) => save(`${name}.png`, "image/png", blob))));
}

/// Canvases with titles as one picture, up to three in a row.
function composed(panels) {
  const columns = Math.min(3, panels.length);
  const cell = { width: Math.max(...panels.map((panel) => panel.canvas.width)), height: 60 + Math.max(...panels.map((panel) => panel.canvas.height)) };
  const picture = element("canvas", { width: columns * cell.width, height: Math.ceil(panels.length / columns) * cell.height });
  const context = picture.getContext("2d");
  context.fillStyle = theme().plot;
  context.fillRect(0, 0, picture.width, picture.height);
  panels.forEach((panel, k) => {
    const [x, y] = [k % columns * cell.width, Math.floor(k / columns) * cell.height];
    context.fillStyle = theme().ink;
    context.font = `bold 28px ${FONT}`;
    context.fillText(panel.title, x + 20, y + 40);
    context.drawImage(panel.canvas, x, y + 56);
  });
  return picture;
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
