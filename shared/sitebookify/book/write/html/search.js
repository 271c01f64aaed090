"use strict";
// Search in the book: every page that holds all the words, in the book's order, and the place where it does.
(() => {
  const $ = (id) => document.getElementById(id);
  const MOST = 200;
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const BLOCKS = "p, li, dt, dd, pre, td, th, h1, h2, h3, h4, h5, h6, figcaption, caption";
  let pages = null;
  let timer = 0;

  const read = () => [...document.querySelectorAll("article[data-title]")].map((article) => ({ article, text: plain(article.textContent) }));

  /** The smallest block that holds a word, of those that hold any of them the one with most. */
  function place(article, words) {
    let best = null;
    let most = 0;
    for (const block of article.querySelectorAll(BLOCKS)) {
      if (block.querySelector(BLOCKS)) continue;
      const text = plain(block.textContent);
      const held = words.filter((word) => text.includes(word)).length;
      if (held > most) [best, most] = [block, held];
    }
    return best ?? article;
  }

  function excerpt(block, word) {
    const text = block.textContent.replace(/\s+/g, " ").trim();
    const at = Math.max(0, plain(text).indexOf(word) - 40);
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

  function line({ article }, words) {
    const block = place(article, words);
    const item = document.createElement("li");
    const link = document.createElement("a");
    const text = document.createElement("small");
    link.href = `#${article.querySelector("[id]").id}`;
    link.textContent = article.dataset.title;
    text.textContent = excerpt(block, words[0]);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.pushState(null, "", link.href);
      mark(block, words);
      block.scrollIntoView({ block: "center" });
    });
    item.append(link, text);
    return item;
  }

  function search() {
    const words = plain($("Query").value).split(/\s+/).filter(Boolean);
    globalThis.CSS?.highlights?.clear();
    $("Contents").hidden = words.length > 0;
    pages ??= words.length ? read() : null;
    const hits = words.length ? pages.filter(({ text }) => words.every((word) => text.includes(word))) : [];
    $("Found").textContent = words.length ? String(hits.length) : "";
    $("Hits").replaceChildren(...hits.slice(0, MOST).map((page) => line(page, words)));
  }

  // Browsers whose style cannot show what is closed.
  $("Contents").parentElement.open = matchMedia("(min-width: 64rem)").matches;
  $("Search").hidden = false;
  $("Search").addEventListener("submit", (event) => {
    event.preventDefault();
    search();
    $("Hits").querySelector("a")?.click();
  });
  $("Query").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 150);
  });
})();
