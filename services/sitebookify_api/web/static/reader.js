// The reader: the texts are shown in a sandboxed frame of this origin; links of the contents lead into it by themselves.

import { mark, unmark } from "./find.js";
import { $, data, h, say, t } from "./page.js";
import { call } from "./api.js";

const { id, base, spine } = data;
const KEY = `sitebookify.place.${id}`;
const frame = $("book");
const title = document.title;
let words = "";
let asked = 0;

const inner = () => frame.contentWindow;
const textOf = (path) => decodeURIComponent(path.slice(base.length));

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function remember() {
  const path = inner().location.pathname;
  if (!path.startsWith(base)) return;
  const page = inner().document.documentElement;
  const share = inner().scrollY / Math.max(1, page.scrollHeight - inner().innerHeight);
  try {
    localStorage.setItem(KEY, JSON.stringify({ text: textOf(path), share }));
  } catch {
    // Storage is full or forbidden: the place is not remembered.
  }
}

function point(link, place) {
  if (place) link.href = base + encodeURIComponent(place);
  else link.removeAttribute("href");
}

/** The line of the contents for a text: its own, or that of the text before which has one. */
function lineOf(index) {
  const lines = new Map([...$("toc").querySelectorAll("a")].reverse().map((link) => [textOf(link.pathname), link]));
  for (let at = index; at >= 0; at -= 1) if (lines.has(spine[at])) return lines.get(spine[at]);
  return null;
}

function arrived() {
  const { pathname, hash } = inner().location;
  if (!pathname.startsWith(base)) return;
  const text = textOf(pathname);
  const index = spine.indexOf(text);
  point($("previous"), spine[index - 1]);
  point($("next"), spine[index + 1]);
  $("toc").querySelector("[aria-current]")?.removeAttribute("aria-current");
  const line = lineOf(index);
  line?.setAttribute("aria-current", "true");
  line?.scrollIntoView({ block: "nearest" });
  const name = line?.textContent ?? text;
  document.title = `${name} · ${title}`;
  say("announce", name);
  window.history.replaceState(null, "", `?at=${encodeURIComponent(text + hash)}`);
  if ($("contents").matches(":popover-open")) $("contents").hidePopover();
  dress();
  if (words) mark(inner(), words, !hash);
  inner().document.addEventListener("keydown", keys);
  inner().addEventListener("scroll", later, { passive: true });
  remember();
}

function dress() {
  const page = inner().document.documentElement;
  page.dataset.theme = document.documentElement.dataset.theme;
}

let waiting = 0;
function later() {
  clearTimeout(waiting);
  waiting = setTimeout(remember, 300);
}

function keys(event) {
  const typing = event.target.closest?.("input, textarea, select");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (getComputedStyle($("contents")).display === "none") $("contents").showPopover();
    $("words").select();
  } else if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey) {
    if (event.key === "ArrowLeft") $("previous").click();
    if (event.key === "ArrowRight") $("next").click();
  }
}

function hit({ place, title: name, count, before, match, after }) {
  const excerpt = h("small", {}, before && `…${before}`, h("mark", {}, match), after && `${after}…`);
  return h("li", {}, h("a", { href: base + encodeURIComponent(place), target: "book" }, `${name} `, count > 1 ? h("span", { className: "hint" }, t("reader.times", { count })) : null, excerpt));
}

async function search() {
  words = $("words").value.trim();
  const mine = ++asked;
  if (!words) {
    unmark(inner());
    $("hits").hidden = true;
    return say("found", "");
  }
  say("found", t("reader.searching"));
  try {
    const { hits, complete } = await call("GET", `/jobs/${id}/search?q=${encodeURIComponent(words)}`);
    if (mine !== asked) return;
    const count = hits.length;
    say("found", t(!complete ? "reader.part" : count ? "reader.found" : "reader.none", { count }));
    $("hits").hidden = count === 0;
    $("hits").replaceChildren(...hits.map(hit));
    mark(inner(), words, false);
  } catch (error) {
    if (mine === asked) say("found", error.message);
  }
}

$("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
$("words").addEventListener("search", search); // the cross that empties the field
frame.addEventListener("load", arrived);
document.addEventListener("keydown", keys);
document.addEventListener("themechange", dress);
addEventListener("pagehide", remember);
addEventListener("beforeprint", () => {
  frame.style.height = `${inner().document.documentElement.scrollHeight}px`;
});
addEventListener("afterprint", () => {
  frame.style.height = "";
});

const place = remembered();
const wanted = new URLSearchParams(location.search).get("at");
if (!wanted && place && spine.includes(place.text)) {
  frame.addEventListener("load", () => {
    const page = inner().document.documentElement;
    inner().scrollTo(0, place.share * (page.scrollHeight - inner().innerHeight));
  }, { once: true });
  inner().location.replace(base + encodeURIComponent(place.text));
} else if (inner().document.readyState === "complete" && inner().location.pathname.startsWith(base)) {
  arrived();
}
