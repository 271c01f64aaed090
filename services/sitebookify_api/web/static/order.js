// The order form: from fields to a job's spec, and errors beside the field they belong to.

import { $, t } from "./page.js";

const FIELDS = {
  sourceUrl: "url", url: "url", title: "title", languageCode: "language", maxPages: "pages", maxDepth: "depth",
  requestDelay: "delay", concurrency: "concurrency", include: "include", exclude: "exclude",
  formats: "formats",
};
const ERRORS = [...new Set(Object.values(FIELDS))];
const GLOBS = ["include", "exclude"];

/** The spec as the API takes it, or null where a field is wrong; then its error is shown and it has the focus. */
export function readOrder() {
  clearErrors();
  const address = sourceUrl($("url").value.trim());
  const spec = { sourceUrl: address.url, title: $("title").value.trim(), languageCode: $("language").value.trim() };
  const wrong = address.error ? [["url", address.error]] : [];
  for (const [name, id] of [["maxPages", "pages"], ["maxDepth", "depth"], ["concurrency", "concurrency"], ["requestDelay", "delay"]]) {
    const error = numberError($(id));
    if (error) wrong.push([id, error]);
    else if ($(id).value) spec[name] = name === "requestDelay" ? `${Number($(id).value)}s` : Number($(id).value);
  }
  for (const id of GLOBS) {
    spec[id] = $(id).value.split("\n").map((line) => line.trim()).filter(Boolean).map(encodeGlob);
    const odd = spec[id].find((line) => !/^[/*]/.test(line));
    if (odd !== undefined) wrong.push([id, t("glob.start", { line: odd })]);
    if (spec[id].length > 32) wrong.push([id, t("glob.many")]);
  }
  spec.formats = [...document.querySelectorAll("[name=formats]:checked")].map((box) => box.value);
  wrong.forEach(([id, message]) => showError(id, message));
  focusFirst(wrong.map(([id]) => id));
  return wrong.length ? null : spec;
}

/** Show what the API refused, each violation beside its field and the rest below the form. */
export function showRefusal(error) {
  clearErrors();
  const ids = error.violations.map(({ field, description }) => {
    const id = FIELDS[field.replace(/^spec\./, "").replace(/\[.*/, "")];
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
  for (const id of ERRORS) {
    $(`${id}-error`).textContent = "";
    $(id).removeAttribute("aria-invalid");
  }
}

function focusFirst(ids) {
  if (ids.some((id) => id !== "url")) $("options").open = true;
  if (ids.length) $(ids[0]).focus();
}

/** People leave out the scheme: a name with a dot in it is meant as https. */
function sourceUrl(text) {
  if (!text) return { error: t("url.missing") };
  const scheme = /^([a-z][a-z0-9+-]*):(?!\d)/i.exec(text)?.[1].toLowerCase();
  if (scheme && scheme !== "http" && scheme !== "https") return { error: t("url.scheme") };
  const url = scheme ? text : `https://${text}`;
  if (!URL.canParse(url) || /\s/.test(text) || !/^https?:\/\/[^/]+/i.test(url)) return { error: t("url.bad") };
  if (!scheme && !/[.:]/.test(new URL(url).host)) return { error: t("url.bad") };
  return { url };
}

function numberError(input) {
  const { min, max, step, value, validity } = input;
  if (!value && !validity.badInput) return "";
  const whole = step !== "0.1";
  const fits = Number(value) >= Number(min) && Number(value) <= Number(max) && !(whole && !Number.isInteger(Number(value)));
  if (fits && !validity.badInput) return "";
  return t(whole ? "number.whole" : "number.range", { min: Number(min), max: Number(max) });
}

/** The API wants visible ASCII: other characters as they stand in URLs. */
const encodeGlob = (line) => line.replace(/[^!-~]+/gu, encodeURIComponent);
