// What a look at the site found, before the book is ordered.

import { $, duration, h, inWords, number, t, web } from "./page.js";

const SECONDS_A_PAGE = 0.15; // extracting and typesetting, by the project's benchmarks
const SECONDS_AROUND = 5;
const byDefault = (id) => Number($(id).placeholder);

/** Seconds the book will take: pages come one delay after another, then each is worked on. */
export function estimate(pages, spec, crawlDelay = 0) {
  const wanted = spec.requestDelay === undefined ? byDefault("delay") : parseFloat(spec.requestDelay);
  const delay = Math.max(wanted, crawlDelay);
  return SECONDS_AROUND + pages * (Math.max(delay, 0.05) + SECONDS_A_PAGE);
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

const figure = (value, label) => h("div", {}, h("strong", {}, value), h("span", {}, label));

const notesOf = ({ notes, localizedNotes }) => notes.map((note, place) => inWords(note, localizedNotes[place]));

export function showPreview(place, found, spec) {
  const limit = spec.maxPages ?? byDefault("pages");
  const pages = Math.min(found.estimatedPages, limit);
  const notes = [t(`preview.source.${found.source}`), t("preview.robots"), ...notesOf(found)];
  if (found.estimatedPages > limit) notes.push(t("preview.more", { count: limit }));
  const about = found.atLeast ? "≥" : "≈";
  place.replaceChildren(
    h("p", {}, h("strong", {}, found.title || found.url)),
    h("div", { className: "numbers" },
      figure(`${about} ${number(found.estimatedPages)}`, t("preview.pages", { count: found.estimatedPages })),
      figure(`≈ ${number(found.estimatedChapters)}`, t("preview.chapters", { count: found.estimatedChapters })),
      figure(duration(estimate(pages, spec, parseFloat(found.crawlDelay))), t("preview.time"))),
    h("h3", {}, t("preview.choices")),
    h("ul", { className: "chapters choices" }, ...found.choices.map((offer) => choice(offer, found.scope))),
    h("ul", { className: "notes" }, ...notes.map((note) => h("li", {}, note))),
    h("details", { open: found.chapters.length > 0 && found.chapters.length <= 12 },
      h("summary", {}, t("preview.groups")),
      h("ul", { className: "chapters" }, ...found.chapters.map((chapter) =>
        h("li", {}, h("span", {}, chapter.title), h("span", {}, number(chapter.pages)))))),
    h("details", {},
      h("summary", {}, t("preview.samples")),
      h("ul", { className: "samples" }, ...found.sampleUrls.map((url) =>
        h("li", {}, h("a", { href: web(url), rel: "noopener noreferrer", target: "_blank" }, url))))),
  );
}
