// The order form: from fields to a job's spec, and errors beside the field they belong to.

import { $, number, t } from "./page.js";

const NEARBY = /^(localhost|[\d.]+|\[[\da-f:]+\]|[\w-]+(?=:\d))(:\d+)?(\/|$)/i;
const fields = () => document.querySelectorAll("#order [data-kind]");
let unshown = {}; // options of an earlier order that the form does not show
const fieldNamed = (name) => document.querySelector(`#order [data-kind][name="${CSS.escape(name)}"]`);

// What a field of each kind holds: the value as the API takes it, undefined where it is unset, or an error in words.
const READ = {
  url: (field) => sourceUrl(field.value.trim()),
  text: (field) => ({ value: field.value.trim() }),
  language: (field) => ({ value: field.value.trim() }),
  whole: (field) => numberIn(field, Number),
  amount: (field) => numberIn(field, Number),
  seconds: (field) => numberIn(field, (text) => `${Number(text)}s`),
  choice: (field) => ({ value: field.value || undefined }),
  switch: (field) => ({ value: field.checked || undefined }),
  globs: globsIn,
  terms: termsIn,
  formats: (field) => ({ value: [...field.querySelectorAll(":checked")].map((box) => box.value) }),
};

function read() {
  const spec = { ...unshown };
  const wrong = [];
  for (const field of fields()) {
    const { value, error } = READ[field.dataset.kind](field);
    if (error) wrong.push([field.id, error]);
    else spec[field.name] = value;
  }
  return [spec, wrong];
}

/** The spec, or null where a field is wrong; nothing is said of it. */
export function orderAsItIs() {
  const [spec, wrong] = read();
  return wrong.length ? null : spec;
}

/** The spec as the API takes it, or null where a field is wrong; then its error is shown and it has the focus. */
export function readOrder() {
  clearErrors();
  const [spec, wrong] = read();
  wrong.forEach(([id, message]) => showError(id, message));
  focusFirst(wrong.map(([id]) => id));
  return wrong.length ? null : spec;
}

// How a field of each kind shows a value as the API gives it; the others take it as it is.
const FILL = {
  seconds: (field, value) => { field.value = String(parseFloat(value)); },
  switch: (field, value) => { field.checked = value === true; },
  globs: (field, value) => { field.value = value.map(decodeURI).join("\n"); },
  terms: (field, value) => { field.value = value.join("\n"); },
  formats: (field, value) => field.querySelectorAll("input").forEach((box) => { box.checked = value.includes(box.value); }),
};

/** Put a job's spec into the form; options of which the form has no field are ordered as they were. */
export function fillOrder(spec) {
  const shown = new Set(Array.from(fields(), (field) => field.name));
  unshown = Object.fromEntries(Object.entries(spec).filter(([name]) => !shown.has(name)));
  for (const field of fields()) {
    const value = spec[field.name];
    if (value === undefined) continue;
    const fill = FILL[field.dataset.kind] ?? ((target) => { target.value = value; });
    fill(field, value);
    if (field.id !== "url") $("options").open = true;
  }
}

/** Show what the API refused, each violation beside its field and the rest below the form. */
export function showRefusal(error) {
  clearErrors();
  const ids = error.violations.map(({ field, description }) => {
    const name = field.replace(/^spec\./, "").replace(/\[.*/, "");
    const id = name === "url" ? name : fieldNamed(name)?.id; // a preview is asked for by its url
    if (id) showError(id, description);
    return id;
  });
  if (ids.length === 0 || ids.includes(undefined)) $("form-error").textContent = error.message;
  focusFirst(ids.filter(Boolean));
}

export function showError(id, message) {
  $(`${id}-error`).textContent = message;
  $(id).setAttribute("aria-invalid", "true");
}

export function clearErrors() {
  $("form-error").textContent = "";
  for (const field of fields()) {
    $(`${field.id}-error`).textContent = "";
    field.removeAttribute("aria-invalid");
  }
}

function focusFirst(ids) {
  if (ids.some((id) => id !== "url")) $("options").open = true;
  if (ids.length) $(ids[0]).focus();
}

/** People leave out the scheme: a name with a dot in it is meant as https, a number or a bare name as a server nearby. */
function sourceUrl(text) {
  if (!text) return { error: t("url.missing") };
  const scheme = /^([a-z][a-z0-9+-]*):(?!\d)/i.exec(text)?.[1].toLowerCase();
  if (scheme && scheme !== "http" && scheme !== "https") return { error: t("url.scheme") };
  const url = scheme ? text : `${NEARBY.test(text) ? "http" : "https"}://${text}`;
  if (!URL.canParse(url) || /\s/.test(text) || !/^https?:\/\/[^/]+/i.test(url)) return { error: t("url.bad") };
  if (!scheme && !/[.:]/.test(new URL(url).host)) return { error: t("url.bad") };
  return { value: url };
}

function numberIn(field, convert) {
  const { min, max, step, validity } = field;
  const value = field.value || (validity.badInput ? "" : field.dataset.suggested); // else the API has its own default
  if (!value && !validity.badInput) return { value: undefined };
  const whole = !["0.1", "any"].includes(step);
  const fits = Number(value) >= Number(min) && Number(value) <= Number(max) && !(whole && !Number.isInteger(Number(value)));
  if (fits && !validity.badInput) return { value: convert(value) };
  return { error: t(whole ? "number.whole" : "number.range", { min: Number(min), max: Number(max) }) };
}

const linesOf = (field) => field.value.split("\n").map((line) => line.trim()).filter(Boolean);

function termsIn(field) {
  const terms = linesOf(field);
  return terms.length > Number(field.dataset.most) ? { error: t("terms.many", { most: number(field.dataset.most) }) } : { value: terms };
}

function globsIn(field) {
  const globs = linesOf(field).map(encodeGlob);
  if (globs.length > Number(field.dataset.most)) return { error: t("glob.many") };
  const odd = globs.find((line) => !/^[/*]/.test(line));
  return odd === undefined ? { value: globs } : { error: t("glob.start", { line: odd }) };
}

/** The API wants visible ASCII: other characters as they stand in URLs. */
const encodeGlob = (line) => line.replace(/[^!-~]+/gu, encodeURIComponent);
