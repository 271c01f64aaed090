// How the text looks: size, face, width, room between lines, paper, and how lines run. Kept in this browser, for all books.

import { $, setTheme } from "./page.js";

const KEY = "sitebookify.look";
const PAPERS = { auto: "", light: "light", sepia: "light", dark: "dark" };
const SIZES = [0.8, 0.9, 1, 1.1, 1.25, 1.4, 1.6, 1.9];
const MIDDLE = 2;
const UPRIGHT = /^(ja|zh)\b/; // languages that may be set in vertical lines
const root = document.documentElement;

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

const look = { size: MIDDLE, face: "serif", measure: "medium", leading: "medium", justify: false, wrap: false, languages: "both", lines: "", paper: root.dataset.theme || "auto", ...stored() };

let possible = false; // vertical lines, of the text that is shown
let ordered = "horizontal"; // what the book was made for

function apply() {
  const lines = look.lines || ordered;
  root.dataset.lines = possible ? lines : "horizontal";
  $("text").dataset.lines = root.dataset.lines; // its shadow tree cannot see the root
  root.style.setProperty("--size", SIZES[look.size] ?? 1);
  for (const name of ["face", "measure", "leading", "paper", "languages"]) root.dataset[name] = look[name];
  root.dataset.justify = String(look.justify);
  root.dataset.wrap = String(look.wrap);
  for (const field of $("look").querySelectorAll("input")) {
    if (field.type === "checkbox") field.checked = look[field.name];
    else field.checked = (field.name === "lines" ? lines : look[field.name]) === field.value;
  }
  $("smaller").disabled = look.size === 0;
  $("larger").disabled = look.size === SIZES.length - 1;
}

/** Let lines run as one chose, as the book was made for, or as the text's language allows. */
export function suit(language, book) {
  [possible, ordered] = [UPRIGHT.test(language), book];
  $("lines").hidden = !possible;
  apply();
}

export const mayBeVertical = () => possible;

/** Let the panel's fields change the look; `keeping` runs a change so that the reader's place stays where it is. */
export function listen(keeping) {
  const change = (name, value) => keeping(() => {
    look[name] = value;
    apply();
    try {
      localStorage.setItem(KEY, JSON.stringify(look));
    } catch {
      // Storage is full or forbidden: the look lasts as long as the page.
    }
  });
  $("smaller").addEventListener("click", () => change("size", Math.max(0, look.size - 1)));
  $("larger").addEventListener("click", () => change("size", Math.min(SIZES.length - 1, look.size + 1)));
  $("look").addEventListener("change", ({ target }) => {
    change(target.name, target.type === "checkbox" ? target.checked : target.value);
    if (target.name === "paper") setTheme(PAPERS[target.value]);
  });
  apply();
}
