"use strict";
// Tables that sort by any column, as they are or with rows and columns swapped.

/// table: { id, title, caption, corner, columns: [{ name, note }], rows: [{ name, note, cells: [{ text, value, isBest }] }] }.
function tableFigure(table) {
  const part = section(table.id, table.title, table.caption);
  const holder = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": `${table.id}-title` });
  let shown = table;
  let order = null;
  const paper = element("div", { class: "paper-only" });
  const draw = () => {
    holder.replaceChildren(sortedTable(shown, order, sort));
    paper.replaceChildren(...paperTables({ ...shown, rows: sortedRows(shown, order) }));
  };
  const sort = (column) => {
    order = { column, isDown: order !== null && order.column === column && !order.isDown };
    draw();
    holder.querySelectorAll("th button")[column + 1].focus();
    announce(`sorted by ${column < 0 ? "name" : shown.columns[column].name}, ${order.isDown ? "descending" : "ascending"}`);
  };
  const swap = element("button", { type: "button", "aria-pressed": "false", click: () => {
    [shown, order] = [shown === table ? swapped(table) : table, null];
    swap.setAttribute("aria-pressed", String(shown !== table));
    draw();
  } }, "Swap rows and columns");
  const rows = () => [[table.corner, ...table.columns.map((column) => column.name)],
    ...table.rows.map((row) => [row.name, ...row.cells.map((cell) => (cell.value === null ? cell.text : cell.value))])];
  draw();
  addControls(part, swap);
  part.append(holder, paper, downloads(table.id, rows, () => table, null));
}

function swapped(table) {
  return {
    ...table, columns: table.rows,
    rows: table.columns.map((column, k) => ({ ...column, cells: table.rows.map((row) => row.cells[k]) })),
  };
}

/// - Parameter order: { column, isDown }, −1 for the names; null for the order as given.
function sortedTable(table, order, sort) {
  const note = (text) => (text ? element("span", { class: "way" }, text) : null);
  const header = (column, name, text) => element("th",
    { scope: "col", "aria-sort": order === null || order.column !== column ? "none" : order.isDown ? "descending" : "ascending" },
    element("button", { type: "button", click: () => sort(column) }, ...withIndices(name || "name")), note(text));
  return element("table", {},
    element("thead", {}, element("tr", {}, header(-1, table.corner), ...table.columns.map((column, k) => header(k, column.name, column.note)))),
    element("tbody", {}, ...sortedRows(table, order).map((row) => element("tr", {}, element("th", { scope: "row" }, ...withIndices(row.name), note(row.note)),
      ...row.cells.map((cell) => element("td", { class: cell.isBest ? "best" : null }, cell.text))))));
}

function sortedRows(table, order) {
  return order === null ? table.rows : [...table.rows].sort((a, b) => compared(a, b, order));
}

/// "λ_max" with its index below the line.
function withIndices(text) {
  return text.split(/(?<=[α-ωΑ-Ω‖])_(\w+)/u).map((part, k) => (k % 2 === 1 ? element("sub", {}, part) : part)).filter((part) => part !== "");
}

/// A table as paper can hold it: with rows and columns swapped where that needs fewer parts, and in parts of some columns.
function paperTables(table) {
  const [given, turned] = [table, swapped(table)].map((each) => ({ table: each, parts: columnParts(each) }));
  const { table: chosen, parts } = turned.parts.length < given.parts.length ? turned : given;
  return parts.map(([from, to]) => sortedTable({
    ...chosen, columns: chosen.columns.slice(from, to), rows: chosen.rows.map((row) => ({ ...row, cells: row.cells.slice(from, to) })),
  }, null, () => {}));
}

/// Ranges of columns that fit beside the names on a page of about 144 characters.
function columnParts(table) {
  const longest = (texts) => Math.max(...texts.map((text) => (text || "").length));
  const room = 144 - longest([table.corner, ...table.rows.flatMap((row) => [row.name, row.note])]);
  const parts = [];
  let left = 0;
  table.columns.forEach((column, k) => {
    const width = 2 + longest([column.name, ...table.rows.map((row) => row.cells[k].text)]);
    if (k === 0 || left < width) { parts.push([k, k]); left = room; }
    parts[parts.length - 1][1] = k + 1;
    left -= width;
  });
  return parts;
}

/// By value, texts by the alphabet; what is missing comes last either way.
function compared(a, b, { column, isDown }) {
  const key = (row) => (column < 0 ? row.name : row.cells[column].value ?? (row.cells[column].text || null));
  const [u, v] = [key(a), key(b)];
  if (u === null || v === null) return (u === null) - (v === null);
  const sign = typeof u === "number" && typeof v === "number" ? u - v : String(u).localeCompare(String(v), "en");
  return isDown ? -sign : sign;
}
