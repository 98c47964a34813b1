// What failed together, and the verdict in words.

import { byId, el } from "./dom.mjs";
import { counted, number } from "./words.mjs";

const LOOK = { case: "Case", server: "Server", client: "Client", pair: "Pair" };
const SHOWN = 8;

/** Shows the findings; each opens its permutations by `open`. */
export function showFindings(model, open) {
  const { findings } = model;
  byId("together").hidden = !findings.length;
  const list = byId("findings");
  const show = (some) => list.append(...some.map((finding) => item(finding, open)));
  show(findings.slice(0, SHOWN));
  if (findings.length <= SHOWN) return;
  const rest = findings.slice(SHOWN);
  const button = el(
    "button",
    { type: "button", class: "quiet" },
    `Show ${counted(rest.length, "more finding")}`,
  );
  button.addEventListener("click", () => {
    button.remove();
    show(rest);
    list.children[SHOWN].querySelector("button").focus();
  });
  list.after(button);
}

function item(finding, open) {
  const { kind, sentence, clients, servers, cases, failures } = finding;
  const show = () => open({ clients, servers, cases, bad: true, sentence });
  const button = el("button", { type: "button", class: "quiet", onclick: show }, `Show ${number(failures)}`);
  return el("li", {}, el("span", { class: "kind" }, LOOK[kind]), el("p", {}, sentence), button);
}

/** Shows when and of what the run was. */
export function showLead(model) {
  const { profile, started, executed, missing } = model.run;
  const servers = counted(model.servers.length, "server");
  const clients = counted(model.clients.length, "client");
  const when = new Date(started).toLocaleString("en-GB", {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  const what = `${counted(executed, "permutation")} of ${clients} and ${servers} in ${counted(model.configs.length, "config")}`;
  byId("lead").textContent = `Profile ${profile}: ${what}. ${when.replaceAll(" ", "\u00a0")}\u00a0UTC.`;
  for (const [language, reason] of Object.entries(missing)) {
    byId("complaints").append(el("li", {}, `${language} was not run: ${reason}`));
  }
}
