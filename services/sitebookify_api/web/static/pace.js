// How fast a job goes and how long it will still take, from the progress seen so far.

const WINDOW = 30; // seconds
const EARLIEST = 5; // percent below which a guess is worth nothing

export class Pace {
  #seen = []; // {at, pages, percent}, oldest first, `at` in seconds

  /** Note the progress at a time in seconds. */
  take(at, pages, percent) {
    this.#seen.push({ at, pages, percent });
    while (this.#seen.length > 2 && at - this.#seen[1].at > WINDOW) this.#seen.shift();
  }

  /** Pages a minute lately, on average since `start` (seconds) before enough was seen; null where there is none. */
  speed(start) {
    const last = this.#seen.at(-1);
    const first = last && last.at - this.#seen[0].at >= 5 ? this.#seen[0] : { at: start, pages: 0 };
    if (!last || last.at - first.at < 2) return null;
    return ((last.pages - first.pages) / (last.at - first.at)) * 60;
  }

  /** Seconds left, by the share that is done since `start` (seconds); null where it cannot be told. */
  left(start, now) {
    const last = this.#seen.at(-1);
    if (!last || last.percent < EARLIEST || last.percent >= 100) return null;
    return Math.max(1, ((now - start) * (100 - last.percent)) / last.percent);
  }
}
