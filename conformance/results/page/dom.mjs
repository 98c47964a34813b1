// Makes elements. Texts go in as text, never as markup.

/** An element with attributes (`on*` are listeners, false and null are left out) and children. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A symbol that only eyes need. */
export const symbol = (text) => el("span", { class: "symbol", "aria-hidden": "true" }, text);

/** A text for those who listen. */
export const hidden = (text) => el("span", { class: "listen" }, text);

/** Copies a text; where the browser refuses, selects it in its element to be copied by hand. */
export async function copy(element, button) {
  const said = button.textContent;
  try {
    await navigator.clipboard.writeText(element.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(element);
    button.textContent = "Selected";
  }
  button.addEventListener("blur", () => button.replaceChildren(said), { once: true });
}
