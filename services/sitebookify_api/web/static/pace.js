// How long a job will still take: one estimate, from the pages that are left and how fast the last ones went.

const WINDOW = 60; // seconds that are looked back
const EVIDENCE = 6; // seconds before which an estimate is worth nothing
const STALE = 20; // seconds without news after which it is hidden
const STEADY = 0.3; // how much a new estimate moves the one that is shown
const AFTER_CRAWL = 0.12; // seconds a page from the last fetch to the book, by docs/benchmarks.md

export class Pace {
  #seen = []; // {at, done, left}, oldest first; `at` in seconds of this clock, the others in pages or percent
  #stage = "";
  #end = 0; // when the job will have ended, smoothed

  /** Note the progress at a time in seconds of this browser's clock. */
  take(at, { stage, pagesFetched, pagesQueued }, percent, limit = Infinity) {
    const crawling = stage === "crawl";
    const kind = crawling ? "pages" : "percent";
    if (kind !== this.#stage) [this.#seen, this.#stage] = [[], kind];
    const total = Math.min(pagesFetched + pagesQueued, limit);
    this.#seen.push(crawling ? { at, done: pagesFetched, left: total - pagesFetched, after: total * AFTER_CRAWL } : { at, done: percent, left: 100 - percent, after: 0 });
    while (this.#seen.length > 2 && at - this.#seen[1].at > WINDOW) this.#seen.shift();
    this.#guess(at);
  }

  #guess(at) {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    const [took, done] = [last.at - first.at, last.done - first.done];
    if (took < EVIDENCE || done <= 0) return;
    const end = at + (last.left * took) / done + last.after;
    this.#end = this.#end ? this.#end + STEADY * (end - this.#end) : end;
  }

  /** Seconds left; null where it cannot be told, or where what is known is too old. */
  left(now) {
    const last = this.#seen.at(-1);
    if (!last || !this.#end || now - last.at > STALE) return null;
    return Math.max(1, this.#end - now);
  }
}
