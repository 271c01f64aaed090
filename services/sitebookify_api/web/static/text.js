// A text of the book: fetched, made harmless once more, and shown in a shadow tree with a style of its own. There is no
// frame, for Safari runs no listener inside one that may not run scripts: no key, click or swipe would arrive.

import { t } from "./page.js";

const ACTIVE = "script, style, link, meta, base, iframe, frame, object, embed, form, input, button, video, audio, template, dialog";
const ADDRESSES = ["href", "src"];
const XLINK = "http://www.w3.org/1999/xlink";

/**
 * The text at an address as an element; its links and pictures have absolute addresses.
 * Throws, with a sentence for people, where there is no such text or the server cannot be reached.
 */
export async function fetchText(url) {
  const response = await fetch(url).catch(() => { throw new Error(t("network")); });
  if (!response.ok) throw new Error(t("reader.failed", { why: String(response.status) }));
  const page = new DOMParser().parseFromString(await response.text(), "application/xhtml+xml");
  const body = page.querySelector("body");
  if (!body) throw new Error(t("reader.failed", { why: "XHTML" }));
  body.querySelectorAll(ACTIVE).forEach((element) => element.remove());
  for (const element of body.querySelectorAll("*")) settle(element, response.url);
  const text = document.createElement("div");
  text.className = "text";
  text.lang = page.documentElement.lang || page.documentElement.getAttribute("xml:lang") || "";
  text.dir = page.documentElement.dir || "auto";
  text.append(...document.importNode(body, true).childNodes);
  return text;
}

/** Without what acts, and with addresses that hold wherever the element stands. */
function settle(element, base) {
  for (const { name } of [...element.attributes]) {
    if (/^(on|style$|srcset$|ping$|autofocus$|popover)/i.test(name)) element.removeAttribute(name);
  }
  for (const name of ADDRESSES) {
    if (element.hasAttribute(name)) element.setAttribute(name, new URL(element.getAttribute(name), base));
  }
  if (element.hasAttributeNS(XLINK, "href")) element.setAttributeNS(XLINK, "href", new URL(element.getAttributeNS(XLINK, "href"), base));
}

/** Shows one text at a time in the shadow tree of an element. */
export class Sheet {
  #root;

  constructor(host, stylesheet) {
    this.#root = host.attachShadow({ mode: "open" });
    this.ready = this.#dress(stylesheet);
  }

  async #dress(stylesheet) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(await (await fetch(stylesheet)).text());
    this.#root.adoptedStyleSheets = [sheet];
  }

  get root() {
    return this.#root;
  }

  /** The element with the text's paragraphs; null before the first text. */
  get text() {
    return this.#root.firstElementChild;
  }

  show(text) {
    this.#root.replaceChildren(text);
  }
}
