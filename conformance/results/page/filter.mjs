// Which permutations are shown, and how many each toggle would show.

import { OUTCOMES } from "./words.mjs";

/** The toggles. Of each group any of the pressed values may match; where none is pressed, all do. */
export const GROUPS = [
  { key: "outcome", title: "Outcome" },
  { key: "security", title: "Security" },
  { key: "keyType", title: "Key type" },
  { key: "suite", title: "Suite" },
];

export class Filter {
  #codes;
  // What the names of shown cases contain.
  text = "";
  // For each case whether it is shown; null where all are.
  #cases = null;
  #listeners = [];

  constructor(model) {
    this.model = model;
    this.values = valuesOf(model);
    this.pressed = Object.fromEntries(GROUPS.map(({ key }) => [key, new Set()]));
    this.#codes = codesOf(model, this.values);
    this.#count();
  }

  /** Calls back after every change. */
  listen(callback) {
    this.#listeners.push(callback);
  }

  toggle(group, value) {
    const chosen = this.pressed[group];
    if (!chosen.delete(value)) chosen.add(value);
    this.#changed();
  }

  /** Begins with what a link says; values that this run does not have are passed over. */
  restore(pressed, text) {
    for (const { key } of GROUPS) {
      for (const value of pressed[key]) if (this.values[key].includes(value)) this.pressed[key].add(value);
    }
    this.search(text);
  }

  /** Shows only cases whose names contain a text. */
  search(text) {
    this.text = text;
    this.#cases = text ? this.model.cases.map(({ name }) => name.includes(text)) : null;
    this.#changed();
  }

  clear() {
    for (const { key } of GROUPS) this.pressed[key].clear();
    this.search("");
  }

  get active() {
    return Boolean(this.#cases) || GROUPS.some(({ key }) => this.pressed[key].size);
  }

  /** Whether a permutation is shown. */
  shows(i) {
    return this.#named(i) && GROUPS.every(({ key }) => this.#fits(key, i));
  }

  /** Numbers of the shown permutations for which a condition holds. */
  select(condition) {
    const found = [];
    for (let i = 0; i < this.model.count; i++) if (this.shows(i) && condition(i)) found.push(i);
    return found;
  }

  #fits(group, i) {
    const chosen = this.pressed[group];
    return !chosen.size || chosen.has(this.values[group][this.#codes[group](i)]);
  }

  #named(i) {
    return !this.#cases || this.#cases[this.model.column.case[i]];
  }

  #changed() {
    this.#count();
    for (const callback of this.#listeners) callback();
  }

  /** Counts by value for each toggle, as if its own group had none pressed, and by cell and outcome. */
  #count() {
    const { model } = this;
    const { client, server, outcome } = model.column;
    this.counts = Object.fromEntries(GROUPS.map(({ key }) => [key, new Map()]));
    this.cells = new Map();
    this.shown = 0;
    for (let i = 0; i < model.count; i++) {
      if (!this.#named(i)) continue;
      const missed = GROUPS.filter(({ key }) => !this.#fits(key, i));
      if (missed.length > 1) continue;
      for (const { key } of missed.length ? missed : GROUPS) {
        increase(this.counts[key], this.values[key][this.#codes[key](i)]);
      }
      if (missed.length) continue;
      this.shown++;
      const at = cellKey(client[i], server[i]);
      if (!this.cells.has(at)) this.cells.set(at, new Map());
      increase(this.cells.get(at), model.outcomes[outcome[i]]);
    }
  }
}

/** The key of a pair in `cells`. */
export const cellKey = (client, server) => server * 1000 + client;

function increase(counts, value) {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function valuesOf(model) {
  const present = new Set(model.column.outcome);
  const keys = OUTCOMES.map(({ key }) => key);
  return {
    outcome: keys.filter((key) => present.has(model.outcomes.indexOf(key))),
    security: [...new Set(model.configs.map(({ security }) => security))],
    keyType: [...new Set(model.configs.map(({ keyType }) => keyType))],
    suite: [...new Set(model.cases.map(({ suite }) => suite))].sort(),
  };
}

/** For each group a function from a permutation to the place of its value. */
function codesOf(model, values) {
  const { column } = model;
  const outcome = model.outcomes.map((key) => values.outcome.indexOf(key));
  const security = model.configs.map((config) => values.security.indexOf(config.security));
  const keyType = model.configs.map((config) => values.keyType.indexOf(config.keyType));
  const suite = model.cases.map((one) => values.suite.indexOf(one.suite));
  return {
    outcome: (i) => outcome[column.outcome[i]],
    security: (i) => security[column.config[i]],
    keyType: (i) => keyType[column.config[i]],
    suite: (i) => suite[column.case[i]],
  };
}
