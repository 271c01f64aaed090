// The contents at the side: parts open and close, the way to the current text is open, its headings stand below it.

import { $, h, t } from "./page.js";

const MOST_OPEN = 60; // lines of a contents that is open as a whole

export class Tree {
  #lines = new Map(); // by the text they lead to, the first line of each
  #order;
  #current = null;
  #inside = null;

  /** `order` are the texts' names in reading order; `nameOf` gives the name of the text that a link leads to. */
  constructor(place, order, nameOf) {
    this.place = place;
    this.#order = order;
    for (const link of place.querySelectorAll("a")) {
      const name = nameOf(link);
      if (!this.#lines.has(name)) this.#lines.set(name, link);
    }
    const small = place.querySelectorAll("li").length <= MOST_OPEN;
    for (const list of place.querySelectorAll("li > ol")) this.#foldable(list.parentElement, small);
  }

  #foldable(item, open) {
    const button = h("button", { type: "button", className: "fold", "aria-expanded": String(open), "aria-label": t("reader.fold", { title: item.querySelector("a").textContent }) });
    button.addEventListener("click", () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")));
    item.prepend(button);
  }

  /** The line of a text: its own, or that of the nearest text before which has one. */
  lineOf(name) {
    for (let at = this.#order.indexOf(name); at >= 0; at -= 1) {
      const line = this.#lines.get(this.#order[at]);
      if (line) return line;
    }
    return null;
  }

  titleOf(name) {
    return this.lineOf(name)?.textContent ?? "";
  }

  /** Mark the line of the text, open the way to it, and put the text's headings below it: [{href, title}]. */
  mark(name, headings) {
    this.#current?.removeAttribute("aria-current");
    this.#inside?.remove();
    this.#current = this.lineOf(name);
    if (!this.#current) return;
    this.#current.setAttribute("aria-current", "true");
    for (let item = this.#current.closest("li"); item; item = item.parentElement.closest("li")) {
      item.querySelector(":scope > .fold")?.setAttribute("aria-expanded", "true");
    }
    const own = headings.filter(({ title }) => title !== this.#current.textContent);
    this.#inside = h("ul", { className: "inside" }, ...own.map(({ href, title }) => h("li", {}, h("a", { href }, title))));
    if (own.length) this.#current.after(this.#inside);
    this.centre();
  }

  /** Bring the current line into the middle of the panel, where it is out of sight. */
  centre() {
    const panel = this.place.closest(".side");
    if (!this.#current || !panel.clientHeight) return;
    const [line, box] = [this.#current.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (line.top >= box.top && line.bottom <= box.bottom) return;
    panel.scrollTop += line.top - box.top - box.height / 2;
  }
}
