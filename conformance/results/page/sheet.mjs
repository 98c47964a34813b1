// The sheet at the side: permutations of a cell, a row, a column or a finding, worst first.

import { permutation, programOf } from "./data.mjs";
import { byId, copy, el, symbol } from "./dom.mjs";
import {
  configName,
  counted,
  duration,
  expectation,
  number,
  OUTCOMES,
  outcomeOf,
  tallied,
} from "./words.mjs";

// So many are shown at once, and so many transcripts open.
const PAGE = 50;
const OPEN = 3;

/**
 * A function that opens the sheet on what `{client, server, cases, clients, servers, bad}` chooses; `shows` is told
 * of it, and of `{}` when it is closed.
 */
export function makeSheet(filter, shows) {
  const dialog = byId("sheet");
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => shows({}));
  return (chosen) => {
    shows(chosen);
    const found = filter.select(chooser(filter.model, chosen));
    dialog.replaceChildren(...content(filter, chosen, found));
    dialog.showModal();
    dialog.scrollTop = 0;
  };
}

function chooser(model, { client, server, clients, servers, cases, bad }) {
  const { column } = model;
  const among = (names, table) => names && new Set(names.map((name) => table.indexOf(name)));
  const inClients = client === undefined ? among(clients, model.clients) : new Set([client]);
  const inServers = server === undefined ? among(servers, model.servers) : new Set([server]);
  const names = model.cases.map(({ name }) => name);
  const inCases = among(cases, names);
  return (i) =>
    (!inClients || inClients.has(column.client[i])) &&
    (!inServers || inServers.has(column.server[i])) &&
    (!inCases || inCases.has(column.case[i])) &&
    (!bad || outcomeOf(model.outcomes[column.outcome[i]]).bad);
}

function content(filter, chosen, found) {
  const { model } = filter;
  const groups = new Map(OUTCOMES.map(({ key }) => [key, []]));
  for (const i of found) groups.get(model.outcomes[model.column.outcome[i]]).push(i);
  const counts = new Map([...groups].map(([key, members]) => [key, members.length]));
  const title = el("h2", { id: "sheet-title", tabindex: "-1", autofocus: "" }, titleOf(model, chosen));
  const close = el(
    "button",
    { type: "button", class: "quiet", onclick: () => byId("sheet").close() },
    "Close",
  );
  const told = filter.active ? `${tallied(counts)}, of what the toggles show.` : `${tallied(counts)}.`;
  return [
    el("div", { class: "sheet-head" }, title, close),
    ...families(model, chosen),
    chosen.sentence && el("p", { class: "reason" }, chosen.sentence),
    el("p", { class: "lead" }, found.length ? told : "Nothing here is shown by the toggles."),
    ...[...groups]
      .filter(([, members]) => members.length)
      .map(([key, members]) => group(model, key, members, chosen)),
  ].filter(Boolean);
}

function titleOf(model, { client, server, sentence }) {
  const [from, to] = [model.clients[client], model.servers[server]];
  if (from && to) return `${from} client → ${to} server`;
  if (from) return `${from} client, with every server`;
  return to ? `${to} server, with every client` : sentence.split(":")[0];
}

function families(model, { client, server }) {
  const lines = [
    ["client", model.clients[client]],
    ["server", model.servers[server]],
  ].flatMap(([role, language]) => {
    const said = programOf(model, role, language)?.described;
    if (!said) return [];
    const parts = [said.library, said.runtime, said.transport && `HTTP/2 by ${said.transport}`];
    const words = [...parts, said.tls_stack && `TLS by ${said.tls_stack}`].filter(Boolean).join(" · ");
    return [el("div", {}, el("dt", {}, role), el("dd", {}, words))];
  });
  return lines.length ? [el("dl", { class: "facts" }, lines)] : [];
}

/** One outcome: what is bad stands open, the rest is folded. */
function group(model, key, members, chosen) {
  const { symbol: sign, name, bad } = outcomeOf(key);
  const heading = [el("span", { class: `dot ${key}` }, symbol(sign)), ` ${number(members.length)} ${name}`];
  const list = el("div", { class: "entries" });
  const fill =
    key === "passed"
      ? () => list.append(passes(model, members))
      : () => more(model, members, chosen, list, 0);
  if (bad) {
    fill();
    return el("section", {}, el("h3", {}, heading), list);
  }
  const fold = el("details", { class: "fold" }, el("summary", {}, heading), list);
  fold.addEventListener("toggle", fill, { once: true });
  return fold;
}

function more(model, members, chosen, list, from) {
  const next = members.slice(from, from + PAGE);
  list.append(...next.map((i, place) => entry(permutation(model, i), chosen, from + place < OPEN)));
  const left = members.length - from - next.length;
  if (!left) return;
  const button = el(
    "button",
    { type: "button", class: "quiet" },
    `Show ${Math.min(left, PAGE)} more of ${number(left)}`,
  );
  button.addEventListener("click", () => {
    button.remove();
    more(model, members, chosen, list, from + PAGE);
    list.children[from + PAGE]?.querySelector("h4")?.focus();
  });
  list.append(button);
}

function entry(one, { client, server }, open) {
  const pair = client === undefined || server === undefined ? `${one.client} → ${one.server}` : null;
  const facts = [pair, configName(one.security, one.keyType), one.milliseconds && duration(one.milliseconds)];
  if (one.clause) facts.push(`checks ${one.clause}`);
  return el(
    "article",
    { class: `entry ${one.outcome}` },
    el("h4", { tabindex: "-1" }, one.case),
    el("p", { class: "meta" }, facts.filter(Boolean).join(" · ")),
    why(one),
    one.transcript && transcript(one.transcript, open && outcomeOf(one.outcome).bad),
    command(one),
  );
}

function why({ outcome, reason }) {
  const parts = outcome === "known_failing" ? null : expectation(reason);
  if (!parts) return reason ? el("p", { class: "reason" }, reason) : null;
  const line = (name, text) => el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, text)));
  const rows = [line("expected", parts.expected), line("got", parts.got)];
  return el(
    "div",
    {},
    parts.what && el("p", { class: "reason" }, parts.what),
    el("dl", { class: "contrast" }, rows),
  );
}

function transcript(text, open) {
  const lines = text.split("\n").map((line) => el("span", { class: `line ${lineKind(line)}` }, `${line}\n`));
  const pre = el("pre", { tabindex: "0", role: "region", "aria-label": "transcript" }, lines);
  return el("details", { class: "transcript", open: open ? "" : null }, el("summary", {}, "Transcript"), pre);
}

function lineKind(line) {
  const [, sign] = /^\s*(-->|<--|at )/.exec(line) ?? [];
  return { "-->": "sent", "<--": "came", "at ": "where" }[sign] ?? "plain";
}

function command(one) {
  const code = el("code", {}, one.reproduce);
  const button = el(
    "button",
    { type: "button", class: "quiet", "aria-label": `Copy the command that runs ${one.case}` },
    "Copy",
  );
  button.addEventListener("click", () => copy(code, button));
  return el("div", { class: "command" }, code, button);
}

function passes(model, members) {
  const rows = members.map((i) => {
    const one = permutation(model, i);
    const cells = [
      `${one.client} → ${one.server}`,
      configName(one.security, one.keyType),
      duration(one.milliseconds),
    ];
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, one.case),
      cells.map((text) => el("td", {}, text)),
    );
  });
  const heads = ["case", "pair", "config", "took"].map((name) => el("th", { scope: "col" }, name));
  const caption = el("caption", { class: "listen" }, counted(members.length, "permutation"));
  return el(
    "table",
    { class: "plain" },
    caption,
    el("thead", {}, el("tr", {}, heads)),
    el("tbody", {}, rows),
  );
}
