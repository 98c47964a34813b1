// The heat map: a row for each server, a column for each client, a button for each pair.

import { programOf } from "./data.mjs";
import { byId, el, hidden, symbol } from "./dom.mjs";
import { cellKey } from "./filter.mjs";
import { crossHair, rove } from "./movement.mjs";
import { number, OUTCOMES, tallied } from "./words.mjs";

// More columns than this have narrow cells and upright names.
const MANY = 12;
// A share of bad permutations above this is marked as much.
const MUCH = 0.2;

/** Shows the map; `open(condition)` shows the permutations of a server, client or pair. */
export function showMatrix(filter, open) {
  const { model } = filter;
  const cells = model.servers.map((_, server) => model.clients.map((_, client) => cell(client, server)));
  const heads = model.clients.map((name, client) => columnHead(model, name, () => open({ client })));
  const corner = el("td", { class: "corner" }, el("span", {}, "server ↓"), el("span", {}, "client →"));
  const body = model.servers.map((name, server) =>
    el(
      "tr",
      {},
      rowHead(model, name, () => open({ server })),
      cells[server].map(({ td }) => td),
    ),
  );
  const caption = el(
    "caption",
    { class: "listen" },
    "Outcomes by server, a row each, and client, a column each",
  );
  const table = el("table", {}, caption, el("thead", {}, el("tr", {}, corner, heads)), el("tbody", {}, body));
  table.classList.toggle("many", model.clients.length > MANY);
  byId("grid").append(table);

  const refresh = () => {
    for (const row of cells) for (const one of row) fill(one, filter);
  };
  filter.listen(refresh);
  refresh();
  table.addEventListener("click", ({ target }) => {
    const button = target.closest("td button");
    if (button) open({ client: Number(button.dataset.client), server: Number(button.dataset.server) });
  });
  rove(table);
  crossHair(table, (at) => {
    const button = at?.querySelector(".cell");
    byId("readout").textContent = button ? describe(model, button) : "";
  });
}

function cell(client, server) {
  const attributes = { type: "button", class: "cell", "data-client": client, "data-server": server };
  const button = el("button", attributes);
  return { td: el("td", {}, button), button, client, server };
}

function columnHead(model, name, open) {
  return el(
    "th",
    { scope: "col" },
    headButton(name, "client", open),
    family(programOf(model, "client", name)),
  );
}

function rowHead(model, name, open) {
  return el(
    "th",
    { scope: "row" },
    headButton(name, "server", open),
    family(programOf(model, "server", name)),
  );
}

function headButton(name, role, open) {
  return el(
    "button",
    { type: "button", class: "name", onclick: open },
    name,
    hidden(` ${role}, all its cells`),
  );
}

/** HTTP/2 transport and TLS stack: what is alike fails alike. */
function family(program) {
  const { transport, tls_stack: tls } = program?.described ?? {};
  return el("span", { class: "family" }, el("span", {}, transport ?? ""), el("span", {}, tls ?? ""));
}

/** The worst outcome decides how a cell looks. */
function fill({ button, client, server }, filter) {
  const counts = filter.cells.get(cellKey(client, server)) ?? new Map();
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const worst = OUTCOMES.find(({ key }) => counts.get(key));
  const names = `${filter.model.clients[client]} client, ${filter.model.servers[server]} server`;
  button.setAttribute("aria-label", `${names}: ${tallied(counts)}`);
  button.className = `cell ${worst?.key ?? "empty"}`;
  if (!worst) {
    button.replaceChildren();
    return;
  }
  const count = counts.get(worst.key);
  button.classList.toggle("much", worst.bad && count / total > MUCH);
  button.style.setProperty("--share", count / total);
  button.replaceChildren(
    symbol(worst.symbol),
    el("span", { class: "number" }, number(count)),
    el("span", { class: "of" }, count === total ? "" : `of ${number(total)}`),
  );
}

function describe(model, button) {
  const said = (role, language) => {
    const { library, transport, tls_stack: tls } = programOf(model, role, language)?.described ?? {};
    return [library, transport, tls].filter(Boolean).join(", ");
  };
  const client = said("client", model.clients[button.dataset.client]);
  const server = said("server", model.servers[button.dataset.server]);
  return `${button.getAttribute("aria-label")}. ${client} → ${server}`;
}
