// What is shown, as the fragment of the page's address: whoever opens the link sees the same.

import { GROUPS } from "./filter.mjs";

/** Presses what the link says, of what the page has; gives the chosen pair, row or column, or null. */
export function follow(filter) {
  const link = new URLSearchParams(location.hash.slice(1));
  const { model } = filter;
  const pressed = GROUPS.map(({ key }) => [key, link.getAll(key)]);
  filter.restore(Object.fromEntries(pressed), link.get("case") ?? "");
  const place = (role, table) => (link.has(role) ? table.indexOf(link.get(role)) : undefined);
  const chosen = { client: place("client", model.clients), server: place("server", model.servers) };
  const places = Object.values(chosen).filter((at) => at !== undefined);
  return places.length && !places.includes(-1) ? chosen : null;
}

/** Keeps the address true; gives a function that is told what the sheet shows, `{}` when it is closed. */
export function keepLink(filter) {
  const { clients, servers } = filter.model;
  let shown = {};
  const write = () => {
    const link = new URLSearchParams();
    for (const { key } of GROUPS) for (const value of filter.pressed[key]) link.append(key, value);
    if (filter.text) link.set("case", filter.text);
    if (shown.client !== undefined) link.set("client", clients[shown.client]);
    if (shown.server !== undefined) link.set("server", servers[shown.server]);
    const fragment = link.toString();
    history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname);
  };
  filter.listen(write);
  addEventListener("hashchange", () => location.reload());
  return (chosen) => {
    shown = chosen;
    write();
  };
}
