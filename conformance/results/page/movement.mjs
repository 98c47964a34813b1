// How one goes about in the map: by arrows, and by a cross-hair that follows.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** One stop for the tabulator; arrows, Home and End (with Control: of all) go about within. */
export function rove(table, cells) {
  table.addEventListener("keydown", (event) => {
    const button = event.target.closest("td button");
    const target = button && targetOf(event, button, cells);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    if (!target.matches("td button")) return;
    for (const button of table.querySelectorAll('td button[tabindex="0"]')) button.tabIndex = -1;
    target.tabIndex = 0;
  });
}

/** Where a key leads to from a cell, or undefined. */
function targetOf({ key, ctrlKey }, button, cells) {
  const [row, column] = [Number(button.dataset.server), Number(button.dataset.client)];
  const step = STEPS[key];
  if (step) return cells[row + step[0]]?.[column + step[1]]?.button;
  if (key === "Home") return cells[ctrlKey ? 0 : row][0].button;
  if (key === "End") return cells[ctrlKey ? cells.length - 1 : row].at(-1).button;
}

/** Marks row and column of the cell that is pointed at or focused; `follow` is told each, or null. */
export function crossHair(table, follow) {
  const mark = (at) => {
    for (const box of table.querySelectorAll(".cross")) box.classList.remove("cross");
    for (const box of at ? crossOf(table, at) : []) box.classList.add("cross");
    follow(at);
  };
  for (const type of ["mouseover", "focusin"]) {
    table.addEventListener(type, ({ target }) => mark(target.closest("td, th")));
  }
  for (const type of ["mouseleave", "focusout"]) table.addEventListener(type, () => mark(null));
}

function crossOf(table, at) {
  const column = [...table.rows].map((row) => row.cells[at.cellIndex]);
  const row = at.parentElement.rowIndex > 0 ? [...at.parentElement.cells] : [];
  return at.cellIndex > 0 ? [...row, ...column] : row;
}
