// The reference of the API: examples in one language, with this server's address, and requests that are sent from here.

import { $, t } from "./page.js";

const KEY = "sitebookify.code";
const PLACEHOLDER = "http://localhost:8080"; // see docs_examples.py
const LONGEST = 20000; // characters of an answer that are shown

for (const code of document.querySelectorAll("[data-code] code")) code.textContent = code.textContent.replaceAll(PLACEHOLDER, location.origin);

function choose(language) {
  for (const code of document.querySelectorAll("[data-code]")) code.hidden = code.dataset.code !== language;
}

const boxes = [...document.querySelectorAll(".codes input")];
for (const box of boxes) {
  box.addEventListener("change", () => {
    choose(box.value);
    try {
      localStorage.setItem(KEY, box.value);
    } catch {
      // Storage is full or forbidden: the choice lasts as long as the page.
    }
  });
}
try {
  const kept = boxes.find((box) => box.value === localStorage.getItem(KEY));
  if (kept) {
    kept.checked = true;
    choose(kept.value);
  }
} catch {
  // As above.
}

/** The form's request: its address, and what fetch takes beside it. */
function requestOf(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-in]")) {
    if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(field.value.trim()));
    else if (field.value) query.append(field.name, field.value);
  }
  const { method } = form.dataset;
  const body = form.elements.body?.value;
  const given = body === undefined ? {} : { body, headers: { "Content-Type": "application/json" } };
  return [query.size ? `${path}?${query}` : path, { method, ...given }];
}

async function send(form) {
  const [status, shown] = [form.parentElement.querySelector("[role=status]"), form.parentElement.querySelector(".answer")];
  const [url, options] = requestOf(form);
  status.textContent = t("docs.sending");
  try {
    const answer = await fetch(url, options);
    const text = await answer.text();
    status.textContent = `${answer.status} ${answer.statusText}`;
    shown.textContent = readable(text).slice(0, LONGEST);
    shown.hidden = false;
  } catch {
    status.textContent = t("network");
  }
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

$("main").addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target);
});
