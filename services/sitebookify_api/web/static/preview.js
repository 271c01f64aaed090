// What a look at the site found, before the book is ordered.

import { choices } from "./chapters.js";
import { $, duration, h, inWords, money, number, short, t, web } from "./page.js";

const SECONDS_A_PAGE = 0.15; // extracting and typesetting, by the project's benchmarks
const SECONDS_AROUND = 5;
const byDefault = (id) => Number($(id).placeholder);

const TOKENS_A_SECOND = 400; // that a language model writes, to eight requests at a time

/** Seconds the book will take: pages come one delay after another, then each is worked on. */
function estimate(pages, spec, crawlDelay, tokens) {
  const wanted = spec.requestDelay === undefined ? byDefault("delay") : parseFloat(spec.requestDelay);
  const delay = Math.max(wanted, crawlDelay);
  return SECONDS_AROUND + pages * (Math.max(delay, 0.05) + SECONDS_A_PAGE) + tokens / TOKENS_A_SECOND;
}

/** What the book could contain; a click on a choice takes it and looks again. */
function choice(offer, chosen) {
  const button = h("button", { type: "button", className: "plain", "aria-pressed": String(offer.scope === chosen) },
    inWords(offer.description, offer.localizedDescription));
  button.addEventListener("click", () => {
    $("scope").value = offer.scope;
    $("look").click();
  });
  return h("li", {}, button, h("span", {}, number(offer.pages)));
}

/** The start page in other languages or versions; a click on one takes it and looks again. */
function others(heading, variants) {
  if (!variants.length) return [];
  const items = variants.map(({ name, url }) => {
    const button = h("button", { type: "button", className: "plain", title: url }, name);
    button.addEventListener("click", () => {
      $("url").value = url;
      $("look").click();
    });
    return h("li", {}, button);
  });
  return [h("h4", {}, heading), h("ul", { className: "chapters choices" }, ...items)];
}

const notesOf = ({ notes, localizedNotes }) => notes.map((note, place) => inWords(note, localizedNotes[place]));

/** The address of the cover that a book has, made or not. */
export const coverOf = (title, url) => `/cover.svg?${new URLSearchParams({ title: title.slice(0, 400), url })}`;

/** The site's own contents as nested lists; `tick` makes the line of a chapter that can be left out. */
function nested(entries, tick) {
  const root = h("ol", {});
  const lists = [root];
  entries.forEach(({ title, depth }, line) => {
    while (lists.length > depth + 1) lists.pop();
    if (lists.length === depth && lists.at(-1).lastElementChild) {
      lists.push(h("ol", {}));
      lists.at(-2).lastElementChild.append(lists.at(-1));
    }
    lists.at(-1).append(h("li", {}, tick(title, line)));
  });
  return root;
}

/** A chapter's title with its tick, where it can be left out. */
const ticked = (chapters, changed) => (title, line) => {
  if (!chapters?.has(line)) return title;
  const box = h("input", { type: "checkbox", checked: chapters.chosen(line) });
  box.addEventListener("change", () => {
    chapters.choose(line, box.checked);
    changed();
  });
  return h("label", { className: "chapter" }, box, title);
};

/** "About 112 pages in 24 chapters, some 30 seconds to make." */
function sentence(found, pages, spec) {
  const tokens = modelled(spec) ? found.estimatedOutputTokens * shareOf(found, pages) : 0;
  const seconds = estimate(pages, spec, parseFloat(found.crawlDelay), tokens);
  const counted = t(found.atLeast ? "preview.at_least" : "preview.counted", { count: found.estimatedPages });
  if (modelled(spec) && spec.batch) return t("preview.in_batches", { pages: counted });
  return t("preview.sentence", { pages: counted, time: duration(seconds) });
}

/** Whether a language model would work on the book. */
export const modelled = (spec) => [spec.tocEngine, spec.renderEngine].includes("ENGINE_OPENAI");

/** The share of the pages found that the book has. */
const shareOf = (found, pages) => (found.estimatedPages ? pages / found.estimatedPages : 1);

/** "The language model costs about $0.12 to $0.31.", of so many of the pages found. */
function cost(found, pages) {
  const share = shareOf(found, pages);
  const dollars = (value) => money(value * share);
  if (found.estimatedCostUsd === undefined) {
    const tokens = (found.estimatedInputTokens + found.estimatedOutputTokens) * share;
    return t("preview.tokens", { tokens: number(Math.ceil(tokens / 1000) * 1000) });
  }
  return t("preview.cost", { least: dollars(found.estimatedCostUsd), most: dollars(found.estimatedCostMaxUsd) });
}

/** Shows it, and answers in a sentence what it says. */
export function showPreview(place, found, spec) {
  const limit = spec.maxPages ?? byDefault("pages");
  const pages = Math.min(found.estimatedPages, limit);
  const notes = notesOf(found);
  if (found.estimatedPages > limit) notes.unshift(t("preview.more", { count: limit }));
  const title = spec.title || found.title || short(found.url);
  const chapters = choices(found);
  const all = () => sentence(found, pages, spec);
  const left = () => found.contents.map((_, line) => line).filter((line) => chapters?.has(line) && !chapters.chosen(line));
  const pagesOf = (lines) => lines.reduce((sum, line) => sum + chapters.pages(line), 0);
  const whole = pages + pagesOf(left()); // the look left out what was left out already
  const changed = () => {
    const lines = left();
    place.querySelector(".sentence").textContent = lines.length ? t("preview.left", { count: whole - pagesOf(lines), chapters: lines.length }) : all();
  };
  const contents = found.contents.length ? nested(found.contents, ticked(chapters, changed))
    : h("ol", {}, ...found.chapters.map((chapter) => h("li", { className: "counted" }, h("span", {}, inWords(chapter.title, chapter.localizedTitle)), h("span", {}, number(chapter.pages)))));
  const said = all();
  place.replaceChildren(
    h("div", { className: "plan" },
      h("img", { className: "cover", src: coverOf(title, found.url), alt: "", width: 200, height: 300 }),
      h("div", {},
        h("h3", {}, title),
        h("p", { className: "sentence" }, said),
        ...(modelled(spec) ? [h("p", { className: "sentence" }, cost(found, pages))] : []),
        h("ul", { className: "notes" }, ...notes.map((note) => h("li", {}, note))),
        h("h4", {}, t("preview.choices")),
        h("ul", { className: "chapters choices" }, ...found.choices.map((offer) => choice(offer, found.scope))),
        ...others(t("preview.languages"), found.languages),
        ...others(t("preview.versions"), found.versions))),
    h("details", { hidden: contents.children.length < 2, open: contents.children.length <= 12 || matchMedia("(min-width: 60rem)").matches },
      h("summary", {}, t(chapters ? "preview.choose" : "preview.contents")),
      h("div", { className: "outline", tabIndex: 0, role: "group", "aria-label": t("preview.contents") }, contents)),
    h("details", {},
      h("summary", {}, t("preview.samples")),
      h("ul", { className: "samples" }, ...found.sampleUrls.map((url) =>
        h("li", {}, h("a", { href: web(url), rel: "noopener noreferrer", target: "_blank" }, url))))),
  );
  return `${title}. ${said}`;
}
