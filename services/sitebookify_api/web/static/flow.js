// Which way a text goes on: downwards with the window or, where lines are vertical, to the left in a box of its own.

import { $ } from "./page.js";

const LINE = 40; // pixels, for browsers that count a wheel's turns in lines
const root = document.documentElement;
const box = document.querySelector(".reading"); // null on other pages, which ask only for places

export const vertical = () => root.dataset.lines === "vertical";

/** Where an element begins and ends, in pixels that grow as one reads on. */
export function span(element) {
  const { top, bottom, left, right } = element.getBoundingClientRect();
  return vertical() ? [-right, -left] : [top, bottom];
}

/** Where the part of the text that is in sight begins and ends, in the same pixels. */
export const view = () => (vertical() ? span(box) : [$("bar").getBoundingClientRect().bottom, innerHeight]);

/** Read on by so many pixels, or back where they are negative. */
export function advance(pixels) {
  if (vertical()) box.scrollBy(-pixels, 0);
  else scrollBy(0, pixels);
}

export function toBeginning() {
  box.scrollTo(0, 0);
  scrollTo(0, 0);
}

/** Read on by a part of what is in sight. */
export function advanceScreen(part) {
  const [begin, end] = view();
  advance(part * (end - begin));
}

/** Let a wheel that turns downwards read on. */
export function listen() {
  box.addEventListener("wheel", ({ deltaX, deltaY, deltaMode, ctrlKey }) => {
    if (!vertical() || ctrlKey || Math.abs(deltaX) >= Math.abs(deltaY)) return;
    advance(deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE * deltaY : deltaY);
  }, { passive: true });
}
