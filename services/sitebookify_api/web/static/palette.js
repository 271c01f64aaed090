// The palette: titles, headings and words of the whole book, as one types.

import { call } from "./api.js";
import { Index } from "./index.js";
import { $, h, say, t } from "./page.js";

const PAUSE = 180; // milliseconds without a key before the server is asked
const QUOTED = 20; // hits that show what stands around the words

/**
 * `go(name, hash, words)` shows a place of the book. Answers a function that opens the palette.
 */
export function palette({ id, indexed }, go) {
  const index = indexed ? new Index((name) => call("GET", `/jobs/${id}/index/${name}`)) : null;
  let asked = 0;
  let timer = 0;
  let hits = [];
  let chosen = -1;

  function choose(at) {
    const items = $("hits").children;
    if (chosen >= 0) items[chosen]?.setAttribute("aria-selected", "false");
    chosen = items.length ? (at + items.length) % items.length : -1;
    const item = items[chosen];
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) $("words").setAttribute("aria-activedescendant", item.id);
    else $("words").removeAttribute("aria-activedescendant");
  }

  function open(at) {
    const hit = hits[at];
    if (!hit) return;
    $("palette").close();
    go(hit.name, hit.id ? `#${hit.id}` : "", hit.id ? "" : $("words").value.trim());
  }

  function line({ title, within, excerpt }, at) {
    const item = h("li", { id: `hit-${at}`, role: "option", "aria-selected": "false" },
      h("span", { className: "name" }, title), h("small", {}, ...(within ? [within] : quoted(excerpt))));
    item.addEventListener("click", () => open(at));
    item.addEventListener("pointermove", () => at !== chosen && choose(at));
    return item;
  }

  function show(found, count, complete = true) {
    hits = found;
    $("hits").hidden = hits.length === 0;
    $("words").setAttribute("aria-expanded", String(hits.length > 0));
    $("hits").replaceChildren(...hits.map(line));
    $("hits").scrollTop = 0;
    choose(0);
    say("found", t(!complete ? "reader.part" : count ? "reader.found" : "reader.none", { count }));
  }

  /** What stands around the words, for the hits that one sees first. */
  async function quote(words, mine) {
    const first = hits.slice(0, QUOTED).filter(({ id }) => !id);
    if (!first.length) return;
    const query = new URLSearchParams({ q: words });
    first.forEach(({ name }) => query.append("at", name));
    const { hits: quotes } = await call("GET", `/jobs/${id}/search?${query}`);
    if (mine !== asked) return;
    const found = new Map(quotes.map((quote) => [quote.place, quote]));
    hits.slice(0, QUOTED).forEach((hit, at) => {
      if (!hit.id) $("hits").children[at].querySelector("small").replaceChildren(...quoted(found.get(hit.name)));
    });
  }

  /** A book without an index, as one that is still being made: the server reads it. */
  async function askServer(words, mine) {
    say("found", t("reader.searching"));
    const { hits: found, complete } = await call("GET", `/jobs/${id}/search?q=${encodeURIComponent(words)}`);
    if (mine !== asked) return;
    show(found.map((hit) => {
      const [name, ...rest] = hit.place.split("#");
      return { name, id: rest.join("#"), title: hit.title, within: "", excerpt: hit };
    }), found.length, complete);
  }

  async function search() {
    const words = $("words").value.trim();
    const mine = ++asked;
    clearTimeout(timer);
    if (!words) {
      show([], 0);
      return say("found", t("reader.search.hint"));
    }
    const later = (work) => { timer = setTimeout(() => work(words, mine).catch((error) => mine === asked && say("found", error.message)), PAUSE); };
    if (!index) return later(askServer);
    try {
      const { hits: found, count } = await index.search(words);
      if (mine !== asked) return;
      show(found, count);
      later(quote);
    } catch (error) {
      if (mine === asked) say("found", error.message);
    }
  }

  const KEYS = { ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Enter: () => open(Math.max(0, chosen)), Escape: () => $("palette").close() };
  $("words").addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.isComposing) return; // an input method has these keys for itself
    event.preventDefault();
    KEYS[event.key]();
  });
  $("words").addEventListener("input", search);
  $("palette").addEventListener("click", ({ target }) => target === $("palette") && $("palette").close());
  $("search").addEventListener("submit", (event) => event.preventDefault());

  return () => {
    if (!$("palette").open) $("palette").showModal();
    $("words").select();
    index?.open().catch(() => {}); // at hand when the first letter comes
    if (!$("words").value) say("found", t("reader.search.hint"));
  };
}

function quoted(excerpt) {
  if (!excerpt?.match) return [];
  const { before, match, after } = excerpt;
  return [before && `…${before}`, h("mark", {}, match), after && `${after}…`];
}
