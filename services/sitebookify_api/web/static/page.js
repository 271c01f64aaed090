// What every page's script needs: elements, words and numbers of the page's language, and the theme button.

const block = (id) => JSON.parse(document.getElementById(id).textContent);
const texts = block("texts");
const language = document.documentElement.lang;
const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;

export const data = block("data");
export const $ = (id) => document.getElementById(id);

/**
 * A text of the page's language; `{name}` is replaced by `values.name`, numbers as the language writes them. Of a text
 * in several plural forms `values.count` chooses one. "" where there is none.
 */
export function t(key, values = {}) {
  const text = texts[key] ?? "";
  const form = typeof text === "string" ? text : text[format(Intl.PluralRules, {}, values.count)] ?? text.other;
  return form.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? number(values[name]) : values[name] ?? ""));
}

/** A text of the API in the page's language where it came in that, else in English. */
export const inWords = (text, localized) => localized?.message ?? text;

/** An element; properties that are `null` or `undefined` are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Change the text only where it differs, so that screen readers and selections are left in peace. */
export function say(id, text) {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}

/** Settles once the page has been painted as it came; at once where nobody sees it. */
export const painted = () => new Promise((resolve) => {
  if (document.hidden) resolve();
  else requestAnimationFrame(() => setTimeout(resolve));
});

const formats = new Map(); // to make one takes a hundred times as long as to use it
function format(Kind, options, value) {
  const key = JSON.stringify([Kind.name, options]);
  if (!formats.has(key)) formats.set(key, new Kind(locale, options));
  const made = formats.get(key);
  return made.format ? made.format(value) : made.select(value);
}

export const number = (value, digits = 0) => format(Intl.NumberFormat, { maximumFractionDigits: digits }, value);
export const money = (dollars) => format(Intl.NumberFormat, { style: "currency", currency: "USD" }, dollars);
export const percent = (value) => format(Intl.NumberFormat, { style: "percent" }, value / 100);
export const day = (value) => format(Intl.DateTimeFormat, { dateStyle: "medium" }, new Date(value));
export const time = (value) => format(Intl.DateTimeFormat, { dateStyle: "medium", timeStyle: "short" }, new Date(value));

const unit = (value, name, digits = 0) =>
  format(Intl.NumberFormat, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits }, value);

export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return unit(bytes / 1000 ** step, units[step], step > 1 ? 1 : 0);
}

export function duration(seconds) {
  if (Math.round(seconds) < 60) return unit(Math.max(0, Math.round(seconds)), "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return unit(minutes, "minute");
  return `${unit(Math.floor(minutes / 60), "hour")} ${unit(minutes % 60, "minute")}`;
}

/** A site's address as a title: without what all addresses have. */
export function short(url) {
  return url.replace(/^https?:\/\//i, "").replace(/\/$/, "");
}

/** Links lead to the web only: an address from a server is not trusted to be one. */
export const web = (url) => (/^https?:\/\//i.test(url) ? url : null);

/** "light", "dark", or "" for what the system has. */
export function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme};path=/;max-age=${theme ? 31536000 : 0};samesite=lax`;
}

function switchTheme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  setTheme(dark ? "light" : "dark");
}

for (const button of document.querySelectorAll(".theme")) button.addEventListener("click", switchTheme);
