// What one does with a part of the text: copy code, enlarge a picture, read a note without leaving the line.

import { $, h, t } from "./page.js";

const MOST_WIDE = 2000;
const shut = (dialog) => dialog.addEventListener("click", () => dialog.close());

/** The headings of a text that have an address, each with a link to share: [{href, title}]. */
export function headings(text, address) {
  const found = [];
  for (const heading of text.querySelectorAll("h1[id], h2[id], h3[id], h4[id], h5[id], h6[id], section[id] > :is(h1, h2, h3, h4, h5, h6):first-child")) {
    const id = heading.id || heading.parentElement.id;
    const title = heading.textContent.trim();
    if (!title) continue;
    const href = address(id);
    if (["H2", "H3"].includes(heading.tagName.toUpperCase())) found.push({ href, title });
    heading.append(h("a", { href, className: "share", "aria-label": t("reader.share", { title }) }, "¶"));
  }
  return found;
}

const scrolls = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;

/** Tables and code that are wider than the lines may use the room beside them; what scrolls even so can be scrolled by keys. */
export function widen(text) {
  const boxes = [...text.querySelectorAll("pre, .table")].slice(0, MOST_WIDE);
  boxes.forEach((box) => box.classList.remove("wide"));
  const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth + 1); // all are measured before one is changed
  wide.forEach((box) => box.classList.add("wide"));
  const scrolling = new Set(boxes.filter(scrolls));
  for (const box of boxes) name(box, scrolling.has(box));
}

/** Let the Tab key stop at a box, and say what it is; or no more. */
function name(box, scrolling) {
  if (!scrolling) return ["tabindex", "role", "aria-label"].forEach((attribute) => box.removeAttribute(attribute));
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", box.tagName.toUpperCase() === "PRE" ? t("reader.code") : t("reader.table"));
}

/** Listen once, for every text that the tree will show. */
export function listen(root) {
  const copy = h("button", { type: "button", className: "copy" }, t("reader.copy"));
  let code = null;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.innerText.replace(/\n?$/, "\n"));
    copy.textContent = t("reader.copied");
    setTimeout(() => { copy.textContent = t("reader.copy"); }, 2000);
  });
  const offer = ({ target }) => {
    const pre = target.closest?.("pre");
    if (!pre || pre === code && copy.isConnected) return;
    code = pre;
    pre.before(h("div", { className: "tools" }, copy));
    root.querySelectorAll(".tools:empty").forEach((place) => place.remove());
  };
  if (navigator.clipboard) for (const kind of ["pointerover", "focusin", "click"]) root.addEventListener(kind, offer);
  root.addEventListener("click", enlarge);
}

function enlarge({ target }) {
  const picture = target.closest?.("img");
  if (!picture || target.closest("a") || picture.naturalWidth < 64) return;
  $("zoom").replaceChildren(h("img", { src: picture.currentSrc || picture.src, alt: picture.alt }));
  $("zoom").showModal();
}

/** Show the note that a link of the text leads to in a box; false where it leads to no note. */
export function showNote(root, link) {
  if (link.getAttribute("role") !== "doc-noteref") return false;
  const note = root.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!note) return false;
  const copy = note.cloneNode(true);
  copy.querySelectorAll("[role=doc-backlink]").forEach((back) => back.remove());
  copy.querySelectorAll("[id]").forEach((element) => element.removeAttribute("id"));
  $("note-text").replaceChildren(...copy.childNodes);
  $("note-text").lang = root.firstElementChild.lang;
  $("note").showModal();
  return true;
}

for (const id of ["zoom", "note"]) shut($(id));
