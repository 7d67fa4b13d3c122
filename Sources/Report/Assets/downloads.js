"use strict";
// Saving the data and the picture of a figure.

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
///   - sheet: a function to what `arranged` takes, null for no picture.
function downloads(name, rows, json, sheet) {
  const quoted = (cell) => (/[",\n]/.test(cell) ? `"${String(cell).replace(/"/g, '""')}"` : String(cell));
  const csv = () => rows().map((row) => row.map(quoted).join(",")).join("\n") + "\n";
  const button = (text, click) => element("button", { type: "button", click }, text);
  const pictures = sheet ? [
    button("Picture as PNG", () => onPaper(() => sheetPNG(sheet()).toBlob((blob) => save(`${name}.png`, "image/png", blob)))),
    button("Picture as SVG", () => onPaper(() => save(`${name}.svg`, "image/svg+xml", sheetSVG(sheet())))),
  ] : [];
  return element("div", { class: "downloads", role: "group", "aria-label": `Downloads of ${name}` },
    button("Data as CSV", () => save(`${name}.csv`, "text/csv", csv())),
    button("Data as JSON", () => save(`${name}.json`, "application/json", JSON.stringify(json()))), ...pictures);
}

/// Places of the parts of a sheet { title, caption, names, rows: [[{ title, view }]] } in CSS pixels; hidden views are left out.
function arranged(sheet) {
  const [margin, gap, heading] = [16, 14, 22];
  const cells = [];
  let [width, y] = [480, margin + (sheet.names.length > 0 ? 54 : 32)];
  for (const row of sheet.rows) {
    const seen = row.filter(({ view }) => view.canvas.clientWidth > 0);
    if (seen.length === 0) continue;
    let x = margin;
    for (const { title, view } of seen) {
      cells.push({ title, view, x, y, width: view.canvas.clientWidth, height: view.canvas.clientHeight });
      x += view.canvas.clientWidth + gap;
    }
    width = Math.max(width, x - gap + margin);
    y += heading + Math.max(...seen.map(({ view }) => view.canvas.clientHeight)) + gap;
  }
  return { margin, heading, cells, width: Math.round(width), height: Math.round(y + 24) };
}

/// Title, legend, titles of the panels and caption; `put` draws a view at a place.
function drawSheet(pen, sheet, { margin, heading, cells, width, height }, put) {
  pen.fillStyle = theme().plot;
  pen.fillRect(0, 0, width, height);
  const write = (text, x, y, font, color = theme().ink) => {
    pen.font = `${font} ${FONT}`;
    pen.fillStyle = color;
    pen.fillText(text, x, y, width - x - margin);
  };
  write(sheet.title, margin, margin + 14, "bold 17px");
  let x = margin;
  for (const name of sheet.names) {
    pen.strokeStyle = methodColor(name);
    pen.lineWidth = 2;
    pen.setLineDash(methodDash(name).map((part) => part * 1.6));
    strokeLine(pen, x, margin + 34, x + 26, margin + 34);
    pen.setLineDash([]);
    write(name, x + 32, margin + 38, "12px");
    x += 52 + pen.measureText(name).width;
  }
  for (const cell of cells) {
    write(cell.title, cell.x + 4, cell.y + 14, "bold 13px");
    put(cell.view, cell.x, cell.y + heading, cell.width, cell.height);
  }
  write(sheet.caption, margin, height - 12, "11px", theme().muted);
}

function sheetPNG(sheet) {
  const places = arranged(sheet);
  const density = 2;
  const picture = element("canvas", { width: places.width * density, height: places.height * density });
  const pen = picture.getContext("2d");
  pen.scale(density, density);
  drawSheet(pen, sheet, places, (view, ...box) => pen.drawImage(view.canvas, ...box));
  return picture;
}

/// Lines and texts stay what they are; the 3D pictures and the colours below contours are pictures inside.
function sheetSVG(sheet) {
  const places = arranged(sheet);
  const pen = new SVGPen("sheet");
  let count = 0;
  drawSheet(pen, sheet, places, (view, x, y) => { count += 1; pen.place(view.svg(`panel-${count}`), x, y); });
  return pen.document(places.width, places.height, sheet.title);
}

/// What stands below a picture: the figure's caption and the program.
function sheetCaption(caption) {
  const software = report.facts.find(([key]) => key === "Software");
  return [caption, software && software[1]].filter(Boolean).join(" · ");
}
