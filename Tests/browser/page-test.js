"use strict";
// Put at the end of a report by the tests: uses the page as a reader would and writes what happened into the document.
// Expects a line, a plane and a volume of methods whose names it reads from the page, and a sharpness table.

(async () => {
  const results = {};
  const check = (name, holds, detail = "") => { results[name] = holds ? "ok" : `failed ${detail}`; };
  const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
  const settled = async () => { await pause(); redrawNow(); };
  const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const hash = (canvas) => {
    let sum = 7;
    for (const pixel of new Uint32Array(pixels(canvas).buffer)) sum = (Math.imul(sum, 31) + pixel) | 0;
    return sum;
  };
  const within = (id, selector) => [...document.querySelectorAll(`#${id} ${selector}`)];
  /// Share of pixels that are clearly coloured.
  const colored = (canvas) => {
    const data = pixels(canvas);
    let count = 0;
    for (let k = 0; k < data.length; k += 4) {
      const [red, green, blue] = [data[k], data[k + 1], data[k + 2]];
      if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) count += 1;
    }
    return count / (data.length / 4);
  };
  const change = (control, value) => { control.value = value; control.dispatchEvent(new Event(control.type === "range" ? "input" : "change")); };
  const choice = (id, label) => document.querySelector(`#${id} [data-choice="${label}"]`);
  const key = (target, name) => target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  try {
    await settled();
    const ids = [1, 2, 3].map((dimensions) => report.sets.find((set) => set.axes.length === dimensions).id);
    const [line, plane, volume] = ids;
    check("a painter", painter !== null && painter.constructor.name === window.expectedPainter, painter && painter.constructor.name);
    for (const canvas of document.querySelectorAll("main canvas")) {
      if (canvas.clientWidth === 0) continue;
      check(`drawn: ${canvas.getAttribute("aria-label").slice(0, 40)}`, new Set(new Uint32Array(pixels(canvas).buffer)).size > 8);
    }
    const scenes = within(plane, ".panels canvas.turns");
    check("a surface is seen", scenes.every((canvas) => colored(canvas) > 0.03), scenes.map(colored));
    check("a volume is seen", within(volume, "canvas.turns").every((canvas) => colored(canvas) > 0.03));

    // Turning one turns all; Home brings them back.
    const before = scenes.map(hash);
    key(scenes[0], "ArrowLeft");
    await settled();
    check("keys turn all surfaces", scenes.every((canvas, k) => hash(canvas) !== before[k]));
    key(scenes[0], "Home");
    await settled();
    check("Home turns back", scenes.every((canvas, k) => hash(canvas) === before[k]));
    const box = scenes[0].getBoundingClientRect();
    const pointer = (name, x, y) => scenes[0].dispatchEvent(new PointerEvent(name, { pointerId: 1, clientX: x, clientY: y, bubbles: true }));
    scenes[0].setPointerCapture = () => {};
    pointer("pointerdown", box.left + 40, box.top + 40);
    pointer("pointermove", box.left + 90, box.top + 60);
    pointer("pointerup", box.left + 90, box.top + 60);
    await settled();
    check("dragging turns", hash(scenes[1]) !== before[1]);
    key(scenes[0], "Home");
    await settled();

    // A finger that goes up or down scrolls the page; two belong to the picture, and spread they enlarge it.
    check("one finger may scroll", getComputedStyle(scenes[0]).touchAction === "pan-y");
    const touch = (count) => {
      const touches = Array.from({ length: count }, (_, identifier) => new Touch({ identifier, target: scenes[0], clientX: box.left, clientY: box.top }));
      const event = new TouchEvent("touchmove", { touches, bubbles: true, cancelable: true });
      scenes[0].dispatchEvent(event);
      return event.defaultPrevented;
    };
    check("one finger is the page's, two are the picture's", !touch(1) && touch(2));
    const finger = (name, pointerId, x, y) => scenes[0].dispatchEvent(new PointerEvent(name, { pointerId, pointerType: "touch", clientX: x, clientY: y, bubbles: true }));
    const camera = [...views].find((view) => view.canvas === scenes[0]).camera;
    finger("pointerdown", 1, 100, 100);
    finger("pointermove", 1, 101, 85);
    check("a finger about to scroll turns nothing", camera.elevation === Camera.rest.elevation);
    finger("pointermove", 1, 110, 100);
    check("a finger sideways turns", camera.azimuth !== Camera.rest.azimuth);
    finger("pointermove", 1, 100, 100);
    finger("pointerdown", 2, 140, 100);
    finger("pointermove", 1, 60, 100);
    finger("pointermove", 2, 180, 100);
    check("spreading fingers enlarges", Math.abs(camera.zoom - 3) < 1e-9 && Math.abs(camera.azimuth - Camera.rest.azimuth) < 1e-9, [camera.zoom, camera.azimuth]);
    finger("pointerup", 1, 60, 100);
    finger("pointerup", 2, 180, 100);
    key(scenes[0], "-");
    check("a key makes smaller", camera.zoom < 3);
    camera.reset();
    await settled();
    check("the view is reset", scenes.every((canvas, k) => hash(canvas) === before[k]));

    // Whoever draws, the picture is the same.
    const scenery = [...views].filter((view) => view instanceof SceneView && view.canvas.clientWidth > 0);
    const drawnBy = (hand, view) => {
      const { meshes, cut } = view.model();
      const copy = element("canvas", { width: 300, height: 260 });
      copy.getContext("2d").drawImage(hand.draw(meshes, view.camera, 300, 260, cut), 0, 0);
      return pixels(copy);
    };
    if (typeof THREE !== "undefined") {
      const other = new WebGLPainter();
      for (const view of [scenery[0], scenery[scenery.length - 1]]) {
        const [a, b] = [drawnBy(painter, view), drawnBy(other, view)];
        const different = a.filter((part, k) => Math.abs(part - b[k]) > 3).length / a.length;
        check(`three.js and WebGL draw alike: ${view.canvas.getAttribute("aria-label").slice(0, 20)}`, different < 0.002 && a.some((part) => part > 60), different);
      }
    }

    // The graphics card goes and comes back.
    const source = painter.canvas || painter.renderer.domElement;
    const loss = (source.getContext("webgl2") || source.getContext("webgl")).getExtension("WEBGL_lose_context");
    const heard = (name) => new Promise((resolve) => source.addEventListener(name, resolve, { once: true }));
    const [lost, restored] = [heard("webglcontextlost"), heard("webglcontextrestored")];
    loss.loseContext();
    await lost;
    await pause();
    loss.restoreContext();
    await restored;
    await settled();
    check("the pictures are back after the graphics card was away", scenes.every((canvas, k) => hash(canvas) === before[k]));

    // The cursor reads the values of the file.
    const contour = within(plane, ".panel canvas.reads")[0];
    const readout = () => within(plane, ".readout")[0].textContent;
    const first = readout();
    const set = report.sets.find((known) => known.id === plane);
    check("values at the checkpoint", first.includes(formatNumber(set.surfaces[0].loss[nearest(set.axes[0], 0) * set.axes[1].length + nearest(set.axes[1], 0)], 5)), first);
    const slice = within(plane, ".panels.wide canvas")[1];
    const sliceBefore = hash(slice);
    key(contour, "ArrowRight");
    await settled();
    const moved = set.surfaces[0].loss[(nearest(set.axes[0], 0) + 1) * set.axes[1].length + nearest(set.axes[1], 0)];
    check("the cursor moves", readout() !== first && readout().includes(formatNumber(moved, 5)), readout());
    check("the slice follows", hash(slice) !== sliceBefore);
    const place = contour.getBoundingClientRect();
    contour.dispatchEvent(new PointerEvent("pointermove", { clientX: place.left + place.width * 0.7, clientY: place.top + 30, bubbles: true }));
    check("hovering reads", readout() !== first && !readout().includes(`α = ${formatNumber(set.axes[0][nearest(set.axes[0], 0) + 1])},`), readout());

    // One z-axis for all, or each its own; numbers on the contours.
    const zRanges = () => scenery.filter((view) => scenes.includes(view.canvas)).map((view) => view.model().axes[2].range.join());
    check("one z-axis", new Set(zRanges()).size === 1, zRanges());
    const contourView = [...views].find((view) => view.canvas === contour);
    const numbers = () => [...contourView.svg("x").parts.join("").matchAll(/font-size="10"[^>]*>([^<]*)</g)].map((found) => found[1]);
    const { range, scale } = contourView.model();
    check("contours have numbers", numbers().length > 0 && numbers().every((text) => ticksOf(range, scale, 9).map((level) => formatNumber(level)).includes(text)), numbers());

    // Choices change what is drawn.
    const pictures = () => within(plane, ".panel canvas.reads").map(hash).join();
    for (const [label, value] of [["Quantity", "rise"], ["Value range", "own"], ["Colours", report.maps[1].name], ["Value scale", "log"]]) {
      const old = pictures();
      change(choice(plane, label), value);
      await settled();
      check(`${label} changes the pictures`, pictures() !== old);
      if (value === "own") check("each its own z-axis", new Set(zRanges()).size === scenes.length, zRanges());
    }
    change(choice(plane, "Value scale"), "auto");
    change(choice(plane, "Layout"), "together");
    await settled();
    const together = within(plane, ".together canvas")[0];
    check("together in one scene", together.clientWidth > 0 && colored(together) > 0.02 && scenes[0].clientWidth === 0);
    change(choice(plane, "Layout"), "side");

    // Toggles.
    for (const id of [line, plane, volume]) {
      const toggle = within(id, "input[data-method]")[0];
      const picture = id === line ? within(id, "canvas")[0] : within(id, ".readout")[0];
      const state = () => (id === line ? hash(picture) : picture.textContent);
      const old = state();
      toggle.click();
      await settled();
      check(`a toggle works in ${id}`, state() !== old && (id === line || within(id, ".panels .panel")[0].hidden));
      toggle.click();
      await settled();
      check(`a toggle works back in ${id}`, state() === old);
    }

    // Sliders.
    const solid = within(volume, "canvas.turns")[0];
    const slices = within(volume, "canvas.reads")[0];
    for (const [label, value, canvas] of [["Value", 150, solid], ["Cut at", 1, slices]]) {
      const old = hash(canvas);
      const slider = within(volume, `[data-slider="${label}"]`)[0];
      const words = slider.getAttribute("aria-valuetext");
      change(slider, value);
      await settled();
      check(`the slider ${label} changes the picture`, hash(canvas) !== old && slider.getAttribute("aria-valuetext") !== words, words);
    }
    // Ranges over all values are found once for a choice, not for a vertex.
    const original = window.rangeOf;
    let asked = 0;
    window.rangeOf = (...values) => { asked += 1; return original(...values); };
    change(within(volume, `[data-slider="Value"]`)[0], 120);
    await settled();
    window.rangeOf = original;
    check("few ranges are found", asked < 20, asked);
    const uncut = hash(solid);
    change(choice(volume, "Cut"), "0");
    await settled();
    check("another cut", hash(solid) !== uncut);

    // Tables sort, numbers as numbers, up and down.
    const table = report.tables.find((known) => known.title === "Sharpness");
    const column = table.columns.findIndex((known) => known.name === "λ_max");
    const cells = () => within(table.id, `.scroll tbody td:nth-of-type(${column + 1})`).map((cell) => cell.textContent);
    const expected = [...table.rows].map((row) => row.cells[column]).sort((a, b) => a.value - b.value).map((cell) => cell.text);
    const head = () => within(table.id, ".scroll thead th")[column + 1];
    head().querySelector("button").click();
    check("ascending", JSON.stringify(cells()) === JSON.stringify(expected) && head().getAttribute("aria-sort") === "ascending", cells());
    head().querySelector("button").click();
    check("descending", JSON.stringify(cells()) === JSON.stringify(expected.reverse()) && head().getAttribute("aria-sort") === "descending", cells());
    check("the focus stays", document.activeElement === head().querySelector("button"));

    check("paper shows every cell, in the order chosen", within(table.id, ".paper-only td").length === table.rows.length * table.columns.length
      && within(table.id, ".paper-only td").some((cell) => cell.textContent === expected[0]));

    // Downloads.
    const blobs = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => { blobs.push(blob); return make.call(URL, blob); };
    HTMLAnchorElement.prototype.click = () => {};
    const buttons = within(plane, ".downloads button");
    buttons.forEach((button) => button.click());
    for (let tries = 0; blobs.length < 4 && tries < 50; tries += 1) await pause();
    const lines = (await blobs[0].text()).trim().split("\n");
    check("CSV", lines[0].startsWith("method,alpha,beta,loss") && lines.length === 1 + set.surfaces.length * set.surfaces[0].loss.length, lines.slice(0, 2));
    const json = JSON.parse(await blobs[1].text());
    check("JSON", json.surfaces.length === set.surfaces.length && Math.fround(json.surfaces[0].loss[3]) === set.surfaces[0].loss[3]);
    const png = blobs.find((blob) => blob.type === "image/png");
    check("PNG", png && png.size > 20000, png && png.size);
    const svg = blobs.find((blob) => blob.type === "image/svg+xml");
    const drawing = new DOMParser().parseFromString(await svg.text(), "image/svg+xml");
    const texts = [...drawing.querySelectorAll("text")].map((text) => text.textContent);
    check("SVG", drawing.querySelector("parsererror") === null && drawing.querySelectorAll("path").length > 20 && drawing.querySelectorAll("image").length >= 3 * set.surfaces.length
      && set.surfaces.every((surface) => texts.includes(surface.name)) && texts.includes("α"), [drawing.querySelectorAll("image").length, ...texts].slice(0, 9));

    // Geometry: a sphere of radius 0.6 is closed (Euler number 2) and has its area; a circle has its length.
    const axis = Array.from({ length: 31 }, (_, k) => k / 15 - 1);
    const ball = Float64Array.from({ length: 31 ** 3 }, (_, k) => Math.hypot(axis[Math.floor(k / 961)], axis[Math.floor(k / 31) % 31], axis[k % 31]));
    const mesh = isoSurface({ axes: [axis, axis, axis], shape: [31, 31, 31], values: ball }, 0.6, [1, 1, 1]);
    const [points, edges] = [new Map(), new Map()];
    let [area, faces] = [0, 0];
    for (let k = 0; k < mesh.positions.length; k += 9) {
      const corners = [0, 3, 6].map((at) => [...mesh.positions.subarray(k + at, k + at + 3)]);
      const names = corners.map((corner) => corner.map((part) => Math.round(part * 1e5)).join());
      if (new Set(names).size < 3) continue;
      faces += 1;
      names.forEach((name) => points.set(name, true));
      [[0, 1], [1, 2], [2, 0]].forEach((pair) => { const edge = pair.map((at) => names[at]).sort().join(" "); edges.set(edge, (edges.get(edge) || 0) + 1); });
      const side = (at) => corners[at].map((part, n) => part - corners[0][n]);
      const normal = cross(side(1), side(2));
      area += Math.hypot(...normal) / 2;
      if (dot3(normal, corners[0]) < 0) results["normals point outwards"] = "failed";
    }
    check("a closed sphere", [...edges.values()].every((count) => count === 2) && points.size - edges.size + faces === 2, `${points.size} ${edges.size} ${faces}`);
    check("its area", Math.abs(area / (4 * Math.PI * 0.36) - 1) < 0.01, area);
    const disc = { axis1: axis, axis2: axis, values: Float64Array.from({ length: 961 }, (_, k) => Math.hypot(axis[Math.floor(k / 31)], axis[k % 31])) };
    let length = 0;
    contourSegments(disc, 0.6, (a, b, c, d) => { length += Math.hypot(c - a, d - b); });
    const circle = contourLines(disc, 0.6, (x, y) => [200 * x, 200 * y]);
    const arcs = arcsOf(circle[0]);
    const label = labelPlace(circle[0], arcs, 30, () => true);
    check("a circle is one line", circle.length === 1 && Math.abs(arcs[arcs.length - 1] / 200 / length - 1) < 1e-6, circle.length);
    check("its number stands on it", Math.abs(Math.hypot(...label.middle) - 120) < 3 && Math.abs(Math.cos(label.angle) * label.middle[0] + Math.sin(label.angle) * label.middle[1]) < 5, label.middle);
    check("a circle's length", Math.abs(length / (2 * Math.PI * 0.6) - 1) < 0.01, length);

    // Paper is white whatever the screen, and shows what is folded away.
    const closed = () => document.querySelectorAll("details:not([open])").length;
    const folded = closed();
    window.dispatchEvent(new Event("beforeprint"));
    check("printing is light and open", !theme().isDark && folded > 0 && closed() === 0);
    window.dispatchEvent(new Event("afterprint"));
    check("then all is as before", closed() === folded && !document.documentElement.classList.contains("paper"));
    check("nothing wider than the page", document.documentElement.scrollWidth <= document.documentElement.clientWidth, `${document.documentElement.scrollWidth} > ${document.documentElement.clientWidth}`);
    await pause();
  } catch (error) {
    results["the test ran to its end"] = `failed ${error.stack}`;
  }
  results.errors = window.pageErrors.length === 0 ? "ok" : `failed ${window.pageErrors}`;
  const requests = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => !name.startsWith("blob:"));
  results.requests = requests.length === 0 ? "ok" : `failed ${requests}`;
  const output = document.createElement("script");
  Object.assign(output, { type: "application/json", id: "page-test-results", textContent: JSON.stringify(results).replaceAll("<", "\\u003c") });
  document.body.append(output);
})();
