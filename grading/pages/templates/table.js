// Sorting by a column and filtering of every table that is "sortable". Without this, all rows show.
"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const rows = [...body.rows];

  const value = (row, column) => {
    const cell = row.cells[column];
    const number = cell.dataset.sort;
    return number === undefined ? cell.textContent.trim() : Number(number);
  };
  const compare = (one, other) =>
    typeof one === "number" ? one - other : one.localeCompare(other, undefined, { numeric: true });

  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const sign = up ? 1 : -1;
      body.append(
        ...rows.sort((one, other) => sign * compare(value(one, column), value(other, column))),
      );
    });
  });

  const bar = document.createElement("p");
  bar.className = "filters";
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "find a student";
  search.setAttribute("aria-label", "find a student");
  const select = (name, values) => {
    const choice = document.createElement("select");
    choice.setAttribute("aria-label", name);
    choice.append(new Option(name, ""), ...[...values].sort().map((one) => new Option(one, one)));
    return choice;
  };
  const states = (row) => (row.dataset.states ?? "").split("|").filter(Boolean);
  const state = select("every state", new Set(rows.flatMap(states)));
  const sections = new Set(rows.map((row) => row.dataset.section).filter(Boolean));
  const section = select("every section", sections);
  const count = document.createElement("output");
  const filter = () => {
    const text = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden =
        !row.cells[0].textContent.toLowerCase().includes(text) ||
        (state.value !== "" && !states(row).includes(state.value)) ||
        (section.value !== "" && row.dataset.section !== section.value);
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = `${shown} of ${rows.length}`;
  };
  for (const field of [search, state, section]) field.addEventListener("input", filter);
  bar.append(search, state, ...(sections.size ? [section] : []), count);
  table.parentElement.before(bar);
  filter();
}
