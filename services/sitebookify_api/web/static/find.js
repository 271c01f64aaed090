// Marks words in a text with the CSS Custom Highlight API: the text itself is left as it is.

const NAME = "found";

/** Mark the words where they stand side by side in the shadow tree's text, else each of them, and show the first place where `scroll` is set. */
export function mark(root, words, scroll) {
  const ranges = places(root, words);
  if (!CSS.highlights) return;
  CSS.highlights.set(NAME, new Highlight(...ranges));
  if (scroll && ranges.length) ranges[0].startContainer.parentElement.scrollIntoView({ block: "center" });
}

export function unmark() {
  CSS.highlights?.delete(NAME);
}

function places(root, words) {
  const nodes = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let text = "";
  while (walker.nextNode()) {
    nodes.push([text.length, walker.currentNode]);
    text += walker.currentNode.data;
  }
  const escaped = words.trim().split(/\s+/).map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const found = (pattern) => Array.from(text.matchAll(new RegExp(pattern, "giu")), ({ index, 0: match }) => range(nodes, index, index + match.length));
  const together = found(escaped.join("\\s+"));
  return together.length ? together : found(escaped.join("|"));
}

function range(nodes, start, end) {
  const made = document.createRange();
  made.setStart(...at(nodes, start));
  made.setEnd(...at(nodes, end));
  return made;
}

/** The text node that holds a place in the whole text, and the place in it; by bisection. */
function at(nodes, place) {
  let [low, high] = [0, nodes.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (nodes[middle][0] <= place) low = middle;
    else high = middle - 1;
  }
  return [nodes[low][1], Math.min(place - nodes[low][0], nodes[low][1].length)];
}
