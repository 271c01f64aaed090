// The book's search index, in the reader and in the one HTML file: titles and headings at hand, the words in parts that
// are loaded when a search needs them. What is in it is described in search_index.py; terms are made as in text_words.py.

const SPACELESS = "\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u{20000}-\\u{3ffff}";
const RUN = new RegExp(`[${SPACELESS}]+|(?:(?![${SPACELESS}])[\\p{L}\\p{N}_])+`, "gu");
const WITHOUT_SPACES = new RegExp(`^[${SPACELESS}]`, "u");
const ASCII = /^[\0-\x7f]*$/;
const LONGEST = 40;
const MOST_WORDS = 12;
const MOST_TERMS = 300; // that begin like one word
const MOST_HITS = 24;
const MOST_HEADINGS = 12;
const [EQUAL, BEGINS, HOLDS] = [3, 2, 1]; // how well a title fits
const PARTS = [1, 1.6, 2.2, 4]; // what a posting's weight is worth

export function folded(text) {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().normalize("NFKC");
}

/** What is looked for: each a term, with `prefix` where longer ones count too. */
function wanted(query) {
  const found = [];
  for (const [run] of folded(query).matchAll(RUN)) {
    const characters = [...run];
    if (!WITHOUT_SPACES.test(run)) found.push({ term: run.slice(0, LONGEST), prefix: run.length > 1 });
    else if (characters.length === 1) found.push({ term: run, prefix: true });
    else for (let at = 0; at + 1 < characters.length; at += 1) found.push({ term: characters[at] + characters[at + 1], prefix: false });
  }
  return found.slice(0, 2 * MOST_WORDS);
}

/** The place of the last value that is not greater, -1 where all are; by bisection. */
function lastUpTo(sorted, value) {
  let [low, high] = [-1, sorted.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sorted[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

export class Index {
  #load;
  #opening = null;
  #texts = []; // {name, title, folded, headings: [{title, id, folded}]}
  #firsts = [];
  #shards = new Map(); // promises of {terms: sorted, postings}

  /** `load(name)` gives a member's JSON. */
  constructor(load) {
    this.#load = load;
  }

  /** Settles once searches can begin. */
  open() {
    if (!this.#opening) {
      this.#opening = this.#open();
      this.#opening.catch(() => { this.#opening = null; });
    }
    return this.#opening;
  }

  async #open() {
    const [texts, firsts] = await Promise.all([this.#load("texts.json"), this.#load("shards.json")]);
    this.#firsts = firsts;
    this.#texts = texts.map(([name, title, headings]) => ({
      name, title, folded: folded(title), headings: headings.map(([text, id]) => ({ title: text, id, folded: folded(text) })),
    }));
  }

  #shard(number) {
    if (!this.#shards.has(number)) {
      const loading = this.#load(`${number}.json`).then((postings) => ({ terms: Object.keys(postings).sort(), postings: new Map(Object.entries(postings)) }));
      loading.catch(() => this.#shards.delete(number));
      this.#shards.set(number, loading);
    }
    return this.#shards.get(number);
  }

  /** The shards that may hold a term, or terms that begin with it. */
  #shardsOf({ term, prefix }) {
    const first = Math.max(0, lastUpTo(this.#firsts, term));
    let last = first;
    while (prefix && this.#firsts[last + 1]?.startsWith(term)) last += 1;
    return Promise.all(Array.from({ length: last - first + 1 }, (_, step) => this.#shard(first + step)));
  }

  /** How much each text has of what is looked for: by text, summed over the terms that fit. */
  async #sums(word) {
    const sums = new Map();
    const shards = this.#firsts.length ? await this.#shardsOf(word) : [];
    let terms = 0;
    const add = (postings, share) => {
      let text = -1;
      for (const posting of postings) {
        text += posting >> 2;
        sums.set(text, Math.max(sums.get(text) ?? 0, share * PARTS[posting & 3]));
      }
    };
    for (const { terms: sorted, postings } of shards) {
      const exact = postings.get(word.term);
      if (exact) add(exact, 1);
      if (!word.prefix) continue;
      for (let at = lastUpTo(sorted, word.term) + 1; at < sorted.length && sorted[at].startsWith(word.term) && terms < MOST_TERMS; at += 1, terms += 1) {
        add(postings.get(sorted[at]), 0.6 * (word.term.length / sorted[at].length));
      }
    }
    return sums;
  }

  /** The best places: {name, id, title, within}; titles and headings that hold the words come first. */
  async search(query) {
    await this.open();
    const words = wanted(query);
    if (!words.length) return { hits: [], count: 0 };
    const all = await Promise.all(words.map((word) => this.#sums(word)));
    all.sort((a, b) => a.size - b.size);
    const ranked = this.#titled(folded(query).trim().split(/\s+/).slice(0, MOST_WORDS));
    const fits = new Map(ranked.filter(({ id }) => !id).map((hit) => [hit.text, hit]));
    let count = 0;
    for (const text of all[0].keys()) {
      let rank = 0;
      for (const sums of all) {
        const sum = sums.get(text);
        if (!sum) {
          rank = 0;
          break;
        }
        rank += sum * Math.log(1 + this.#texts.length / sums.size);
      }
      if (!rank) continue;
      count += 1;
      if (fits.has(text)) fits.get(text).rank += rank / 1000;
      else ranked.push({ text, id: "", rank: rank / 1000 });
    }
    count += [...fits.keys()].filter((text) => all.some((sums) => !sums.has(text))).length;
    ranked.sort((a, b) => b.rank - a.rank || a.text - b.text);
    return { count, hits: ranked.slice(0, MOST_HITS).map((hit) => this.#hit(hit)) };
  }

  /** Titles that hold the words, and headings of texts whose titles do not. */
  #titled(words) {
    const phrase = words.join(" ");
    const fit = (title) => {
      if (!title.includes(words[0])) return 0; // as most do not
      if (title === phrase) return EQUAL;
      if (title.startsWith(phrase)) return BEGINS;
      return words.every((word) => title.includes(word)) ? HOLDS : 0;
    };
    const [titles, headings] = [[], []];
    this.#texts.forEach(({ folded: title, headings: inside }, text) => {
      const own = fit(title);
      if (own) titles.push({ text, id: "", rank: own + 0.5 });
      for (const heading of inside) {
        const rank = heading.id && heading.folded !== title ? fit(heading.folded) : 0;
        if (rank) headings.push({ text, id: heading.id, title: heading.title, rank });
      }
    });
    headings.sort((a, b) => b.rank - a.rank || a.text - b.text);
    return [...titles, ...headings.slice(0, MOST_HEADINGS)];
  }

  #hit({ text, id, title }) {
    const { name, title: own } = this.#texts[text];
    return { name, id, title: id ? title : own, within: id ? own : "" };
  }
}
