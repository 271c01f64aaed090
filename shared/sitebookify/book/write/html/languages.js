"use strict";
// The languages that a bilingual book shows: both, the translation or the original, each by its own name.
(() => {
  const select = document.getElementById("Languages");
  const { original, translation } = select.dataset;
  const name = (tag) => new Intl.DisplayNames([tag], { type: "language" }).of(tag);
  const shown = { both: `${name(original)} + ${name(translation)}`, translation: name(translation), original: name(original) };
  for (const [value, text] of Object.entries(shown)) select.append(new Option(text, value));
  select.setAttribute("aria-label", shown.both);
  select.addEventListener("change", () => {
    document.documentElement.dataset.languages = select.value;
  });
  select.hidden = false;
})();
