// How one goes about in the map: by arrows, and by a cross-hair that follows.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** One stop for the tabulator; arrows, Home and End (with Control: of all) go about within, heads too. */
export function rove(table) {
  const first = table.querySelector("td button");
  for (const button of table.querySelectorAll("button")) button.tabIndex = button === first ? 0 : -1;
  table.addEventListener("keydown", (event) => {
    const target = targetOf(event, table);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
  table.addEventListener("focusin", ({ target }) => {
    for (const button of table.querySelectorAll('button[tabindex="0"]')) button.tabIndex = -1;
    target.tabIndex = 0;
  });
}

/** Where a key leads to, or undefined. */
function targetOf({ key, ctrlKey, target }, table) {
  const at = target.closest("td, th");
  const row = at?.parentElement;
  const step = STEPS[key];
  if (!row) return;
  if (step) return buttonIn(table.rows[row.rowIndex + step[0]]?.cells[at.cellIndex + step[1]]);
  const rows = [...table.rows];
  if (key === "Home") return buttonIn(ctrlKey ? rows[1].cells[1] : row.cells[row.rowIndex ? 0 : 1]);
  if (key === "End") return buttonIn((ctrlKey ? rows.at(-1) : row).cells[row.cells.length - 1]);
}

const buttonIn = (box) => box?.querySelector("button") ?? undefined;

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
