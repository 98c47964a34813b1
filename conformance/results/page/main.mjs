// Starts the page.

import { showControls, showTally } from "./controls.mjs";
import { load } from "./data.mjs";
import { byId } from "./dom.mjs";
import { Filter } from "./filter.mjs";
import { showFindings, showLead } from "./findings.mjs";
import { follow, keepLink } from "./link.mjs";
import { showMatrix } from "./matrix.mjs";
import { showRun } from "./run.mjs";
import { makeSheet } from "./sheet.mjs";

/** Light and dark: the system's, until the button is pressed. */
function showTheme() {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const button = byId("theme");
  const label = () => {
    button.textContent = dark() ? "Light colours" : "Dark colours";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    label();
  });
  system.addEventListener("change", label);
  button.hidden = false;
  label();
}

showTheme();
const model = await load(byId("data").textContent);
const filter = new Filter(model);
const linked = follow(filter);
const open = makeSheet(filter, keepLink(filter));
showLead(model);
showTally(model);
showFindings(model, open);
showControls(filter);
showMatrix(filter, open);
showRun(model);
if (linked) open(linked);
document.documentElement.dataset.ready = "";
