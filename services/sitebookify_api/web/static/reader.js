// The reader: one text of the book at a time, its contents at the side, and the place kept.

import { mark } from "./find.js";
import * as flow from "./flow.js";
import * as look from "./look.js";
import { $, data, h, painted, say, t } from "./page.js";
import { palette } from "./palette.js";
import { distanceTo, placeIn, remember, remembered } from "./place.js";
import { Sheet, fetchText } from "./text.js";
import * as tools from "./tools.js";
import { Tree } from "./tree.js";

const { id, base, spine, stylesheet, forward } = data;
const bookTitle = document.title;
const WORDS_A_MINUTE = 230;
const LETTERS_A_MINUTE = 500; // of Chinese, Japanese and Korean
const SWIPE = 60;
const LINE = 60;
const ALL = 1e7; // pixels, more than any text has
const SCREEN = 0.9; // of what is in sight, with a key for a screen

const sheet = new Sheet($("text"), stylesheet);
const fetched = new Map(); // texts on their way or just read, by name
let current = ""; // the text that is shown
let wanted = ""; // the text that was last asked for
let minutes = 0;
let returns = []; // addresses from which links were followed
let words = ""; // what was looked for, marked in the texts

const textOf = (url) => decodeURIComponent(url.pathname.slice(base.length));
const addressOf = (name, hash = "") => `?at=${encodeURIComponent(name + hash)}`;
const inBook = (url) => url.origin === location.origin && url.pathname.startsWith(base) && spine.includes(textOf(url));
const edge = () => flow.view()[0];
const tree = new Tree($("toc"), spine, textOf);

/** The text and the fragment that the page's address names: ["spring.xhtml", "#heat"]. */
function addressed() {
  const at = new URLSearchParams(location.search).get("at") ?? "";
  const [name] = at.split("#", 1);
  return spine.includes(name) ? [name, at.slice(name.length)] : ["", ""];
}

function load(name) {
  if (!fetched.has(name)) {
    const loading = fetchText(base + encodeURIComponent(name));
    loading.catch(() => fetched.delete(name));
    fetched.set(name, loading);
  }
  return fetched.get(name);
}

/** Keep the texts on both sides at hand, and no others. */
function prefetch(index) {
  const near = [spine[index - 1], spine[index], spine[index + 1]];
  for (const name of fetched.keys()) if (!near.includes(name)) fetched.delete(name);
  if (spine[index + 1]) load(spine[index + 1]).catch(() => {});
}

/** Show a text at its beginning, at the element that the hash names, or at a place noted earlier. */
async function show(name, { hash = "", place = null } = {}) {
  wanted = name;
  if (name !== current) {
    let text;
    try {
      [text] = await Promise.all([load(name), sheet.ready]);
    } catch (error) {
      if (name === wanted) failed(name, error);
      return;
    }
    if (name !== wanted) return; // another one was asked for meanwhile
    sheet.show(text);
    arrived(name);
    scroll(hash, place);
    await painted(); // counting words and fetching the next text can wait until this one is seen
    if (name !== current) return;
    minutes = minutesOf(sheet.text.textContent);
    prefetch(spine.indexOf(name));
  } else {
    scroll(hash, place);
  }
  note();
}

function failed(name, error) {
  const again = h("button", { type: "button", onclick: () => show(name) }, t("reader.again"));
  $("trouble").replaceChildren(h("p", {}, error.message), again);
  $("trouble").hidden = false;
}

function scroll(hash, place) {
  const target = hash ? sheet.root.getElementById(decodeURIComponent(hash.slice(1))) : null;
  const distance = target ? flow.span(target)[0] - edge() - 12 : place ? distanceTo(sheet.text, place, edge()) : null;
  if (distance === null) flow.toBeginning();
  else flow.advance(distance);
}

function arrived(name) {
  current = name;
  const index = spine.indexOf(name);
  $("trouble").hidden = true;
  look.suit(sheet.text.lang, forward === "rtl" ? "vertical" : "horizontal");
  direct();
  const inside = tools.headings(sheet.text, (heading) => addressOf(name, `#${heading}`));
  tools.widen(sheet.text);
  if (sheet.text.querySelector(".translation")) $("languages").hidden = false;
  tree.mark(name, inside);
  const title = tree.titleOf(name) || sheet.text.querySelector("h1, h2")?.firstChild?.textContent || name;
  document.title = bookTitle.startsWith(`${title} ·`) ? bookTitle : `${title} · ${bookTitle}`;
  say("announce", title);
  point("previous", spine[index - 1]);
  point("next", spine[index + 1]);
  if (words) mark(sheet.root, words, !location.search.includes("%23"));
}

/** A link of the bar and the card at the text's end, which say where they lead. */
function point(which, name) {
  for (const link of [$(which), $(`${which}-card`)]) {
    if (name) link.href = addressOf(name);
    else link.removeAttribute("href");
  }
  const title = name ? tree.titleOf(name) : "";
  say(`${which}-title`, title === tree.titleOf(current) ? t("reader.continued", { title }) : title);
}

function minutesOf(text) {
  const letters = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  const spaced = text.match(/[^\s\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+/g)?.length ?? 0;
  return letters / LETTERS_A_MINUTE + spaced / WORDS_A_MINUTE;
}

/** Note where one is: in this browser, in the address's history, and on the page. */
function note() {
  if (!current) return;
  const [[begin, end], [near, far]] = [flow.span($("text")), flow.view()];
  const room = end - begin - (far - near);
  const share = room > 0 ? Math.max(0, Math.min(1, (near - begin) / room)) : 1;
  const index = spine.indexOf(current);
  const whole = (index + share) / spine.length;
  const place = placeIn(sheet.text, edge());
  remember(id, { text: current, title: tree.titleOf(current), place, share: whole });
  window.history.replaceState({ place }, "", location.href);
  $("line").style.setProperty("--share", whole);
  const left = Math.ceil(minutes * (1 - share));
  say("left", t(left ? "reader.left" : "reader.end", { count: left, share: Math.round(100 * whole) }));
}

/** Run a change of the page's looks; the paragraph that is being read stays where it is. */
function keeping(change) {
  const place = current && placeIn(sheet.text, edge());
  change();
  direct();
  if (current) tools.widen(sheet.text);
  if (place) scroll("", place);
}

/** Whether the next text is at the left. */
const leftward = () => flow.vertical() || (forward === "rtl" && !look.mayBeVertical());

/** Put both turns on the sides where the texts are. */
function direct() {
  document.documentElement.dataset.forward = leftward() ? "left" : "right";
  const arrows = { previous: leftward() ? "→" : "←", next: leftward() ? "←" : "→" };
  for (const [turn, arrow] of Object.entries(arrows)) $(turn).title = $(turn).title.replace(/[←→]/, arrow);
}

function go(name, hash = "") {
  if (!name) return;
  if (current) note();
  if (name !== wanted || hash) window.history.pushState({}, "", addressOf(name, hash));
  show(name, { hash });
}

/** Turn so many texts on; keys that come faster than the texts are all counted. */
function turn(steps) {
  go(spine[spine.indexOf(wanted) + steps]);
}

function follow(event) {
  const link = event.composedPath().find((element) => element.localName === "a" && element.href);
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const inText = event.composedPath().includes($("text"));
  const drawer = event.composedPath().includes($("contents")) && $("contents").matches(":popover-open");
  const url = new URL(link.href);
  if (inText && inBook(url) && tools.showNote(sheet.root, link)) return event.preventDefault();
  if (url.pathname === location.pathname && url.searchParams.has("at")) {
    event.preventDefault();
    const [name, ...rest] = url.searchParams.get("at").split("#");
    if (drawer) $("contents").hidePopover();
    go(name, rest.length ? `#${rest.join("#")}` : "");
  } else if (inBook(url)) {
    event.preventDefault();
    if (inText) returns.push(location.href);
    if (drawer) $("contents").hidePopover();
    showReturn();
    go(textOf(url), url.hash);
  } else if (inText && !/^(https?|mailto|tel):$/.test(url.protocol)) {
    event.preventDefault();
  }
}

function showReturn() {
  $("return").hidden = returns.length === 0;
}

function keys(event) {
  const typing = event.composedPath()[0].closest?.("input, textarea, select");
  const search = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  if (search || (event.key === "/" && !typing && !document.querySelector("dialog[open]"))) {
    event.preventDefault();
    return openPalette();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const [ahead, back] = leftward() ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const scroller = event.composedPath().some((element) => element.scrollWidth > element.clientWidth + 1 && element.tabIndex === 0);
  const act = {
    n: () => turn(1),
    p: () => turn(-1),
    j: () => flow.advance(LINE),
    k: () => flow.advance(-LINE),
    "?": () => $("help").showModal(),
    ...(!scroller && !event.shiftKey && { [ahead]: () => turn(1), [back]: () => turn(-1) }),
    ...(flow.vertical() && !scroller && sideways(event)),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** What the browser does downwards and has to be done to the side where lines are vertical. */
const sideways = (event) => ({
  ArrowDown: () => flow.advance(LINE),
  ArrowUp: () => flow.advance(-LINE),
  PageDown: () => flow.advanceScreen(SCREEN),
  PageUp: () => flow.advanceScreen(-SCREEN),
  Home: flow.toBeginning,
  End: () => flow.advance(ALL),
  ...(!event.composedPath()[0].closest?.("button, summary") && { " ": () => flow.advanceScreen(event.shiftKey ? -SCREEN : SCREEN) }),
});

/** A swipe turns; not one that scrolls a table, selects words or moves a part of an enlarged page. */
function swipes() {
  let from = null;
  $("text").addEventListener("touchstart", (event) => {
    const scrolls = event.composedPath().some((element) => element.scrollWidth > element.clientWidth + 1 && element.tabIndex === 0);
    const [touch] = event.touches;
    from = event.touches.length === 1 && !scrolls && !flow.vertical() && (visualViewport?.scale ?? 1) < 1.05 ? [touch.clientX, touch.clientY] : null;
  }, { passive: true });
  $("text").addEventListener("touchend", ({ changedTouches: [touch] }) => {
    if (!from || !getSelection().isCollapsed) return;
    const [x, y] = [touch.clientX - from[0], touch.clientY - from[1]];
    from = null;
    if (Math.abs(x) < SWIPE || Math.abs(x) < 2 * Math.abs(y)) return;
    turn((x < 0) !== leftward() ? 1 : -1);
  }, { passive: true });
}

const openPalette = palette(data, (name, hash, looked) => {
  words = looked;
  if ($("contents").matches(":popover-open")) $("contents").hidePopover();
  const there = name === current;
  if (current) returns.push(location.href);
  showReturn();
  go(name, hash);
  if (there && words) mark(sheet.root, words, !hash);
});

let waiting = 0;
addEventListener("scroll", () => {
  clearTimeout(waiting);
  waiting = setTimeout(note, 150);
}, { passive: true, capture: true }); // of the window, or of the box in it
let width = innerWidth;
addEventListener("resize", () => {
  const { place } = window.history.state ?? {};
  if ((flow.vertical() || width !== innerWidth) && place) { // not when a phone hides its address bar
    tools.widen(sheet.text);
    scroll("", place);
  }
  width = innerWidth;
});
addEventListener("popstate", ({ state }) => {
  const [name, hash] = addressed();
  returns = returns.filter((address) => address !== location.href);
  showReturn();
  show(name || spine[0], state?.place ? { place: state.place } : { hash });
});
addEventListener("pagehide", note);
document.addEventListener("click", follow);
document.addEventListener("keydown", keys);
$("return").addEventListener("click", () => window.history.back());
$("contents").addEventListener("toggle", () => tree.centre());
$("help").addEventListener("click", () => $("help").close());
for (const button of document.querySelectorAll(".ask")) button.addEventListener("click", openPalette);
window.history.scrollRestoration = "manual";
look.listen(keeping);
flow.listen();
tools.listen(sheet.root);
swipes();

const [name, hash] = addressed();
const last = remembered(id);
const here = name || (spine.includes(last?.text) ? last.text : spine[0]);
const place = window.history.state?.place ?? (name ? null : last?.place);
if (here) {
  window.history.replaceState(window.history.state, "", addressOf(here, hash));
  show(here, place ? { place } : { hash });
}
