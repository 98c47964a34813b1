// The run itself: programs, time, machine.

import { byId, el } from "./dom.mjs";
import { counted, duration } from "./words.mjs";

const COLUMNS = [
  ["program", (one) => `${one.language} ${one.role}`],
  ["library", (one) => one.described.library],
  ["runtime", (one) => one.described.runtime],
  ["HTTP/2", (one) => one.described.transport],
  ["TLS", (one) => one.described.tls_stack],
  ["start", (one) => (one.starts.length ? duration(1000 * Math.max(...one.starts)) : "never")],
  ["CPU", (one, run) => seconds(run.waterfall.cpu[`${one.language} ${one.role}`])],
];

const PHASES = {
  loading: "the runner loads",
  starting: "no pair is up yet",
  working: "a case is in flight",
  waiting: "only cases that wait on purpose are in flight",
  idle: "nothing is in flight",
  ending: "the programs end",
};

const seconds = (value) => (value === undefined ? "" : `${value.toFixed(2)} s`);

export function showRun({ run }) {
  byId("programs").append(programs(run));
  byId("time").append(waterfall(run.waterfall));
  const facts = { ...run.environment, started: run.started, profile: run.profile };
  byId("environment").append(...Object.entries(facts).map(([name, text]) => fact(name, text)));
}

function programs(run) {
  const heads = COLUMNS.map(([name]) => el("th", { scope: "col" }, name));
  const rows = run.programs.map((one) => {
    const [head, ...cells] = COLUMNS.map(([, text]) => text(one, run) ?? "");
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, head),
      cells.map((text) => el("td", {}, text)),
    );
  });
  const caption = el(
    "caption",
    { class: "listen" },
    "Programs of the run, with what they said of themselves",
  );
  const table = el(
    "table",
    { class: "plain" },
    caption,
    el("thead", {}, el("tr", {}, heads)),
    el("tbody", {}, rows),
  );
  return el("div", {}, table, logs(run.programs));
}

function logs(programs) {
  const told = programs.filter((one) => one.losses.length || one.log_tail);
  if (!told.length) return null;
  const summary = el("summary", {}, `What ${counted(told.length, "program")} logged last`);
  return el("details", { class: "fold" }, summary, told.map(logOf));
}

function logOf({ language, role, losses, log_tail: tail }) {
  const name = `${language} ${role}`;
  const pre = el("pre", { tabindex: "0", role: "group", "aria-label": `log of the ${name}` }, tail);
  const lost = losses.map((reason) => el("p", { class: "reason" }, `Lost: ${reason}`));
  return [el("h3", {}, name), lost, tail && pre].flat();
}

function waterfall({ wall, floor, efficiency, phases, channels, cpu }) {
  const total = Object.values(phases).reduce((sum, one) => sum + one, 0) || 1;
  let offset = 0;
  const rows = Object.entries(phases).map(([phase, took]) => {
    const bar = el("span", { class: "span" });
    bar.style.setProperty("--from", offset / total);
    bar.style.setProperty("--size", took / total);
    offset += took;
    const name = el("th", { scope: "row" }, phase, el("span", { class: "note" }, PHASES[phase] ?? ""));
    return el("tr", {}, name, el("td", { class: "amount" }, seconds(took)), el("td", { class: "lane" }, bar));
  });
  const caption = el("caption", { class: "listen" }, "Phases of the run, in order, and how long each took");
  const share = (cpu.runner ?? 0) / (Object.values(cpu).reduce((sum, one) => sum + one, 0) || 1);
  const slowest = Object.entries(channels).sort((a, b) => b[1] - a[1])[0];
  return el(
    "div",
    {},
    el(
      "p",
      { class: "lead" },
      `${seconds(wall)} in all, of which the machine needed ${seconds(floor)}: ${efficiency.toFixed(2)} times the least.`,
    ),
    el("table", { class: "waterfall" }, caption, el("tbody", {}, rows)),
    el(
      "dl",
      { class: "facts" },
      fact("runner's share of CPU", `${Math.round(100 * share)}%`),
      slowest && fact("slowest first call", `${duration(1000 * slowest[1])}: ${slowest[0]}`),
    ),
  );
}

const fact = (name, text) => el("div", {}, el("dt", {}, name), el("dd", {}, text));
