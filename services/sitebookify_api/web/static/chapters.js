// Chapters to leave out: ticks at the site's own contents, which become lines of the field of paths to skip.

import { $ } from "./page.js";

const KNOWN = 0.9; // of the pages are in the contents: else a chapter may have pages that no tick would leave out
let written = []; // the lines that come of ticks; others are the person's own

/** The chapters of contents, by their line's number: the paths of its pages. */
function chaptersOf(entries) {
  const chapters = new Map();
  let paths = [];
  entries.forEach(({ url, depth }, line) => {
    if (depth === 0) chapters.set(line, (paths = []));
    if (URL.canParse(url)) paths.push(new URL(url).pathname);
  });
  return chapters;
}

/** The paths' common beginning up to a sign that ends a word. */
function stemOf(paths) {
  const [first] = paths;
  let length = 0;
  while (length < first.length && paths.every((path) => path[length] === first[length])) length += 1;
  return first.slice(0, length).replace(/[^/._-]*$/, "");
}

/** Patterns that fit a chapter's pages and none of the others. */
function globsOf(paths, others) {
  if (paths.length > 1) {
    const stem = stemOf(paths);
    if (others.every((path) => !path.startsWith(stem))) return [`${stem}**`];
  }
  return paths.filter((path) => !others.includes(path));
}

/**
 * How chapters can be left out of what a look found, by the numbers of their lines in the contents; null where these name
 * too few of the pages.
 */
export function choices({ contents, estimatedPages, scope }) {
  const chapters = chaptersOf(contents);
  const paths = [...chapters.values()].flat();
  if (scope === "SCOPE_PAGE" || chapters.size < 2 || new Set(paths).size < KNOWN * estimatedPages) return null;
  const globs = new Map(Array.from(chapters, ([line, own]) => {
    const others = [...chapters].flatMap(([other, more]) => (other === line ? [] : more));
    return [line, globsOf(own, others)];
  }));
  const lines = () => $("exclude").value.split("\n").map((text) => text.trim()).filter(Boolean);
  return {
    has: (line) => Boolean(globs.get(line)?.length),
    pages: (line) => chapters.get(line).length,
    chosen: (line) => !globs.get(line).every((glob) => lines().includes(glob)),
    choose(line, taken) {
      const own = globs.get(line);
      const rest = lines().filter((text) => !own.includes(text));
      written = written.filter((text) => !own.includes(text)).concat(taken ? [] : own);
      $("exclude").value = [...rest, ...(taken ? [] : own)].join("\n");
    },
  };
}

/** Take back what ticks have written, as of another site. */
export function forget() {
  if (!written.length) return;
  $("exclude").value = $("exclude").value.split("\n").filter((text) => !written.includes(text.trim())).join("\n");
  written = [];
}
