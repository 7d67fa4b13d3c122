"use strict";
// Tables that sort by any column, as they are or with rows and columns swapped.

/// table: { id, title, caption, corner, columns: [{ name, note }], rows: [{ name, note, cells: [{ text, value, isBest }] }] }.
function tableFigure(table) {
  const part = section(table.id, table.title, table.caption);
  const holder = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": `${table.id}-title` });
  let shown = table;
  let order = null;
  const draw = () => holder.replaceChildren(sortedTable(shown, order, sort));
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
  part.append(element("div", { class: "controls" }, swap), holder, downloads(table.id, rows, () => table, null));
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
    element("button", { type: "button", click: () => sort(column) }, name || "name"), note(text));
  const rows = order === null ? table.rows : [...table.rows].sort((a, b) => compared(a, b, order));
  return element("table", {},
    element("thead", {}, element("tr", {}, header(-1, table.corner), ...table.columns.map((column, k) => header(k, column.name, column.note)))),
    element("tbody", {}, ...rows.map((row) => element("tr", {}, element("th", { scope: "row" }, row.name, note(row.note)),
      ...row.cells.map((cell) => element("td", { class: cell.isBest ? "best" : null }, cell.text))))));
}

/// By value, texts by the alphabet; what is missing comes last either way.
function compared(a, b, { column, isDown }) {
  const key = (row) => (column < 0 ? row.name : row.cells[column].value ?? (row.cells[column].text || null));
  const [u, v] = [key(a), key(b)];
  if (u === null || v === null) return (u === null) - (v === null);
  const sign = typeof u === "number" && typeof v === "number" ? u - v : String(u).localeCompare(String(v), "en");
  return isDown ? -sign : sign;
}
