// The toggles above the matrix, and the tally at the page's head.

import { byId, el, symbol } from "./dom.mjs";
import { GROUPS } from "./filter.mjs";
import { counted, number, OUTCOMES, outcomeOf } from "./words.mjs";

/** Shows the toggles and keeps them true. */
export function showControls(filter) {
  const chips = GROUPS.map((group) => fieldset(filter, group));
  const named = el("input", {
    type: "search",
    id: "case",
    value: filter.text,
    placeholder: "part of a name",
    autocomplete: "off",
    spellcheck: "false",
  });
  named.addEventListener("input", () => filter.search(named.value.trim()));
  const clear = () => {
    named.value = "";
    filter.clear();
  };
  const reset = el("button", { type: "button", class: "quiet", onclick: clear }, "Show all");
  const search = el("div", { class: "search" }, el("label", { for: "case" }, "Case"), named);
  byId("controls").append(...chips.map(({ element }) => element), search);
  const update = () => {
    for (const { refresh } of chips) refresh();
    reset.hidden = !filter.active;
    const all = filter.model.count;
    const shown = filter.shown === all ? "All" : `${number(filter.shown)} of`;
    byId("shown").replaceChildren(`${shown} ${counted(all, "permutation")} shown. `, reset);
  };
  filter.listen(update);
  update();
}

function fieldset(filter, { key, title }) {
  const values = filter.values[key];
  const buttons = values.map((value) => chip(filter, key, value));
  const element = el("fieldset", {}, el("legend", {}, title), el("div", { class: "chips" }, buttons));
  element.hidden = values.length < 2;
  const refresh = () => {
    for (const [place, button] of buttons.entries()) {
      const count = filter.counts[key].get(values[place]) ?? 0;
      button.setAttribute("aria-pressed", filter.pressed[key].has(values[place]));
      button.classList.toggle("none", !count);
      button.lastElementChild.textContent = number(count);
    }
  };
  return { element, refresh };
}

function chip(filter, group, value) {
  const outcome = group === "outcome" ? outcomeOf(value) : null;
  const name = outcome?.name ?? (value === "none" ? "none (plaintext)" : value.replaceAll("_", " "));
  return el(
    "button",
    { type: "button", class: "chip", "data-value": value, onclick: () => filter.toggle(group, value) },
    outcome && el("span", { class: `dot ${value}` }, symbol(outcome.symbol)),
    `${name} `,
    el("span", { class: "count" }),
  );
}

/** All outcomes as one bar, with their numbers. */
export function showTally(model) {
  const counts = new Map();
  for (const outcome of model.column.outcome ?? []) {
    const key = model.outcomes[outcome];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const present = OUTCOMES.filter(({ key }) => counts.get(key)).reverse();
  const bar = el("div", { class: "bar", "aria-hidden": "true" });
  const legend = el("ul", { class: "legend" });
  for (const { key, symbol: sign, name } of present) {
    const part = el("span", { class: `part ${key}` });
    part.style.setProperty("flex-grow", counts.get(key));
    bar.append(part);
    const dot = el("span", { class: `dot ${key}` }, symbol(sign));
    legend.append(el("li", {}, dot, el("b", {}, number(counts.get(key))), ` ${name}`));
  }
  byId("tally").append(bar, legend);
}
