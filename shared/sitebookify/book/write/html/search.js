"use strict";
// Search in the book, as one types. The file holds the reader's index of the book; where it holds none, or a browser cannot
// unpack it, there is no search box.
(() => {
/* index.js */
  const $ = (id) => document.getElementById(id);
  const PAUSE = 150; // milliseconds without a key before the pages' texts are read
  const BLOCKS = "p, li, dt, dd, pre, td, th, h1, h2, h3, h4, h5, h6, figcaption, caption";
  const index = new Index(unpacked);
  let asked = 0;
  let timer = 0;

  /** A member of the index. */
  async function unpacked(name) {
    const text = document.querySelector(`[data-index="${name}"]`).textContent;
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
  }

  /** The smallest block of a page that holds a word, of those that hold any of them the one with most. */
  function place(article, words) {
    let best = null;
    let most = 0;
    for (const block of article.querySelectorAll(BLOCKS)) {
      if (block.querySelector(BLOCKS)) continue;
      const text = folded(block.textContent);
      const held = words.filter((word) => text.includes(word)).length;
      if (held > most) [best, most] = [block, held];
    }
    return best ?? article;
  }

  function excerpt(block, words) {
    const text = block.textContent.replace(/\s+/g, " ").trim();
    const first = words.map((word) => folded(text).indexOf(word)).find((at) => at >= 0) ?? 0;
    const near = Math.max(0, first - 40);
    const at = near && text.slice(near, first).includes(" ") ? text.indexOf(" ", near) + 1 : near; // where a word begins
    return (at ? "… " : "") + text.slice(at, at + 140) + (at + 140 < text.length ? " …" : "");
  }

  function mark(block, words) {
    if (!globalThis.Highlight) return;
    const ranges = [];
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      if (text.length !== walker.currentNode.data.length) continue;
      for (const word of words) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          const range = new Range();
          range.setStart(walker.currentNode, at);
          range.setEnd(walker.currentNode, at + word.length);
          ranges.push(range);
        }
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  const articleOf = ({ name }) => document.getElementById(name).closest("article");

  /** A place of the book; a heading is found by its id, words where they stand in the page. */
  function line(hit, words) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    const text = document.createElement("small");
    const address = hit.id ? `${hit.name}/${hit.id}` : hit.name;
    link.href = `#${address}`;
    link.textContent = hit.title;
    text.textContent = hit.within;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.pushState(null, "", link.href);
      const heading = hit.id && document.getElementById(address);
      const target = heading || place(articleOf(hit), words);
      mark(target, words);
      target.scrollIntoView({ block: heading ? "start" : "center" });
    });
    item.append(link, text);
    return item;
  }

  function quote(hits, words) {
    hits.forEach((hit, at) => {
      if (!hit.id) $("Hits").children[at].querySelector("small").textContent = excerpt(place(articleOf(hit), words), words);
    });
  }

  async function search() {
    const mine = ++asked;
    const query = $("Query").value.trim();
    clearTimeout(timer);
    const { hits, count } = query ? await index.search(query) : { hits: [], count: 0 };
    if (mine !== asked) return;
    const words = folded(query).split(/\s+/);
    globalThis.CSS?.highlights?.clear();
    $("Contents").hidden = query !== "";
    const pages = new Set(hits.map(({ name }) => name)).size;
    $("Found").textContent = !query ? "" : pages < count ? `${pages} / ${count}` : String(pages);
    $("Hits").replaceChildren(...hits.map((hit) => line(hit, words)));
    if (hits.length) timer = setTimeout(quote, PAUSE, hits, words);
  }

  // Browsers whose style cannot show what is closed.
  $("Contents").parentElement.open = matchMedia("(min-width: 64rem)").matches;
  if (!globalThis.DecompressionStream || !document.querySelector("[data-index]")) return;
  $("Search").hidden = false;
  $("Search").addEventListener("submit", (event) => {
    event.preventDefault();
    $("Hits").querySelector("a")?.click();
  });
  $("Query").addEventListener("focus", () => index.open());
  $("Query").addEventListener("input", search);
})();
