// The book while it is made: its contents fill in line by line, and what is set can be read.

import { call } from "./api.js";
import { $, h, number, say, t } from "./page.js";

const REST = 2000; // milliseconds between two looks at the book
const LONG = 1000; // lines, for each of which another look is a second later
const key = (id) => `sitebookify.plan.${id}`;
const bare = (url) => url.split("#", 1)[0];

/** Keep what the preview found: the site's title, and its own contents: [{url, title, depth}]. */
export function plan(id, { title, contents }) {
  try {
    sessionStorage.setItem(key(id), JSON.stringify({ title, contents }));
  } catch {
    // Storage is full or forbidden: lines appear as pages are fetched.
  }
}

export function planned(id) {
  try {
    const { title, contents } = JSON.parse(sessionStorage.getItem(key(id)));
    return { title: String(title), contents: Array.isArray(contents) ? contents : [] };
  } catch {
    return { title: "", contents: [] };
  }
}

/** The site's own contents with what is fetched of them, then the other pages. */
function merged(id, lines) {
  const { contents } = planned(id);
  if (!contents.length) return lines;
  const there = new Map(lines.map((line) => [bare(line[2]), line]));
  const named = contents.map(({ url, title, depth }) => [depth, title, url, there.get(bare(url))?.[3] ?? (url ? "expected" : "part"), ""]);
  const inPlan = new Set(contents.map(({ url }) => bare(url)));
  return [...named, ...lines.filter((line) => !inPlan.has(bare(line[2])))];
}

export class Growing {
  #id;
  #shown = []; // what each line was made of
  #due = 0;
  #asking = false;

  constructor(id) {
    this.#id = id;
  }

  /** Take a change of the job. */
  async take(job) {
    const running = job.state === "STATE_RUNNING";
    if (!running) $("growing").hidden = true;
    const due = running ? Date.now() >= this.#due && !document.hidden : job.state === "STATE_DONE";
    if (!due || this.#asking) return;
    this.#asking = true;
    try {
      const { arranged, lines, shortfall } = await call("GET", `/jobs/${this.#id}/contents`);
      this.#due = Date.now() + REST + (lines.length / LONG) * 1000;
      if (running) this.#show(arranged ? lines : merged(this.#id, lines));
      else this.#fallShort(shortfall);
    } catch {
      // The page's watch says where the server is away; the next change asks again.
    } finally {
      this.#asking = false;
    }
  }

  #show(lines) {
    if (!lines.length) return;
    const list = $("growing-lines");
    const first = $("growing").hidden;
    lines.forEach((line, place) => {
      const made = JSON.stringify(line);
      if (this.#shown[place] === made) return;
      this.#shown[place] = made;
      const item = this.#line(line);
      if (list.children[place]) list.children[place].replaceWith(item);
      else list.append(item);
    });
    while (list.children.length > lines.length) list.lastElementChild.remove();
    this.#shown.length = lines.length;
    const pages = lines.filter((line) => line[3] !== "part");
    const ready = pages.filter((line) => line[3] === "set").length;
    say("growing-count", t(ready ? "job.contents.ready" : "job.contents.so_far", { count: ready || pages.filter((line) => line[3] !== "expected").length }));
    $("growing").hidden = false;
    if (!first && list.matches(":hover, :focus-within")) return; // somebody is looking at a line
    const edge = list.querySelector(".expected, .extracted:not(.set)") ? null : list.lastElementChild;
    if (edge) list.scrollTop = list.scrollHeight;
  }

  #line([depth, title, , state, text]) {
    const name = text ? h("a", { href: `/jobs/${this.#id}/read?at=${encodeURIComponent(text)}` }, title) : title;
    const item = h("li", { className: `${state} depth-${Math.min(depth, 3)}` }, name);
    if (state !== "part") item.append(h("span", { className: "quiet" }, ` (${t(`job.page.${state}`)})`));
    return item;
  }

  /** A book that has only a part of the site says so, and leads to the order of all of it. */
  #fallShort(shortfall) {
    $("shortfall").hidden = !shortfall;
    if (!shortfall) return;
    const { kept, about, only } = shortfall;
    if (only) say("not-made", ""); // it says the same
    const link = h("a", { href: `/?again=${this.#id}&pages=${about}` }, t("job.whole"));
    $("shortfall").replaceChildren(t("job.shortfall", { kept: number(kept), about: number(about) }), " ", link);
  }
}
