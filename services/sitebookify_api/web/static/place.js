// Where one reads, by paragraph: it holds over other sizes of window and letters, and over a new build of the book.

import { span } from "./flow.js";

const BLOCKS = "p, li, pre, tr, dt, dd, figure, h1, h2, h3, h4, h5, h6";
const WORDS = 60;

const wordsOf = (block) => block.textContent.trim().slice(0, WORDS);

/** {block, words, part}: the paragraph at the edge where what is in sight begins, its first words, and the part of it before the edge. */
export function placeIn(text, edge) {
  const blocks = text.querySelectorAll(BLOCKS);
  let [low, high] = [0, blocks.length];
  while (low < high) { // paragraphs follow each other: the first that ends behind the edge, by bisection
    const middle = (low + high) >> 1;
    if (span(blocks[middle])[1] > edge) high = middle;
    else low = middle + 1;
  }
  const block = blocks[low];
  if (!block) return null;
  const [begin, end] = span(block);
  return { block: low, words: wordsOf(block), part: end > begin ? Math.max(0, Math.min(1, (edge - begin) / (end - begin))) : 0 };
}

/** How far one has to read on for the place to be at the edge; null where the text has no such place. */
export function distanceTo(text, { block, words, part }, edge) {
  const blocks = [...text.querySelectorAll(BLOCKS)];
  const same = (at) => blocks[at] && wordsOf(blocks[at]) === words;
  const target = same(block) ? blocks[block] : blocks.find((_, at) => same(at)) ?? blocks[Math.min(block, blocks.length - 1)];
  if (!target) return null;
  const [begin, end] = span(target);
  return begin + part * (end - begin) - edge;
}

const key = (id) => `sitebookify.place.${id}`;

/** Where this browser's reader was in a book: {text, place, share of the book}, or null. */
export function remembered(id) {
  try {
    const found = JSON.parse(localStorage.getItem(key(id)));
    return typeof found?.text === "string" ? found : null;
  } catch {
    return null;
  }
}

export function remember(id, found) {
  try {
    localStorage.setItem(key(id), JSON.stringify(found));
  } catch {
    // Storage is full or forbidden: the place is not remembered.
  }
}
