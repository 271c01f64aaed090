// The start page: order a book, look at a site first, and find one's books again.

import { call } from "./api.js";
import { forget } from "./chapters.js";
import { plan } from "./growing.js";
import * as history from "./history.js";
import { clearErrors, fillOrder, orderAsItIs, readOrder, showRefusal } from "./order.js";
import { $, data, day, h, say, short, t } from "./page.js";
import { remembered } from "./place.js";
import { coverOf, modelled, showPreview } from "./preview.js";

let attempt = null; // {spec, id}: sent again with the same id, so that a lost answer makes no second job
let looking = 0;
let pausing = 0; // the timer until the address counts as typed
const PAUSE = 1200; // milliseconds without a key
let previewed = null; // {of, title, contents}: what the latest preview found
let others = []; // books of a private server that this browser did not order
const MOST_LISTED = 24;
let listed = !data.listing; // the server's own books are known

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

$("order").addEventListener("submit", async (event) => {
  event.preventDefault();
  clearTimeout(pausing);
  const spec = readOrder();
  if (!spec) return;
  const text = JSON.stringify(spec);
  if (attempt?.spec !== text) attempt = { spec: text, id: newId() };
  $("make").disabled = true;
  try {
    const operation = await call("POST", `/v1/jobs?requestId=${attempt.id}`, { spec });
    const id = operation.metadata.job.replace("jobs/", "");
    const known = previewed?.of === spec.sourceUrl ? previewed : null;
    history.add({ id, url: spec.sourceUrl, title: spec.title || known?.title || short(spec.sourceUrl), time: operation.metadata.createTime, state: "STATE_QUEUED" });
    if (known) plan(id, known);
    attempt = null;
    location.assign(`/jobs/${id}`);
  } catch (error) {
    showRefusal(error);
  } finally {
    $("make").disabled = false;
  }
});

/** Look at the site. `asked`: by the button, so that errors are told; who is still typing is left alone. */
async function look(asked) {
  const spec = asked ? readOrder() : orderAsItIs();
  const mine = ++looking;
  if (!spec) return;
  const query = new URLSearchParams({ url: spec.sourceUrl, ...(spec.scope && { scope: spec.scope }) });
  for (const name of ["tocEngine", "renderEngine", "edition", "languageCode", "batch"]) {
    if (modelled(spec) && spec[name]) query.append(name, spec[name]);
  }
  for (const name of ["include", "exclude"]) (spec[name] ?? []).forEach((glob) => query.append(name, glob));
  $("preview").hidden = false;
  $("preview-body").replaceChildren(h("p", { className: "hint" }, t("preview.looking")));
  try {
    const found = await call("GET", `/preview?${query}`);
    if (mine !== looking) return;
    previewed = { of: spec.sourceUrl, title: found.title, contents: found.contents };
    say("preview-said", showPreview($("preview-body"), found, spec));
  } catch (error) {
    if (mine !== looking) return;
    $("preview").hidden = true;
    if (asked) showRefusal(error.violations.length ? error : Object.assign(error, { violations: [{ field: "url", description: error.message }] }));
  }
}

$("look").addEventListener("click", () => {
  clearTimeout(pausing);
  look(true);
});

// An address that was pasted, or typed to its end as it seems, is looked at without a click.
$("url").addEventListener("input", ({ inputType }) => {
  clearTimeout(pausing);
  looking += 1; // what is on its way is of another address
  $("preview").hidden = true;
  forget();
  if (orderAsItIs()) pausing = setTimeout(look, inputType?.startsWith("insertFrom") ? 0 : PAUSE, false);
});

$("order").addEventListener("input", ({ target }) => {
  if (target.getAttribute("aria-invalid")) clearErrors();
});

/** A book on the shelf: its cover, and how far it is made or read. */
function book(entry) {
  const title = entry.title || short(entry.url);
  const done = ["STATE_DONE", "sample"].includes(entry.state);
  const place = done ? remembered(entry.id) : null;
  const path = `/jobs/${encodeURIComponent(entry.id)}`;
  const name = h("span", { className: "name" }, title);
  const drawn = coverOf(title, entry.url);
  const own = entry.epub ? `${path}/book/cover.png` : drawn;
  const face = h("img", { className: "cover", src: own, alt: "", loading: "lazy", width: 200, height: 300 });
  face.addEventListener("error", () => { face.src = drawn; }, { once: true }); // the book has expired
  const sample = entry.state === "sample";
  const remove = h("button", { type: "button", className: "plain", "aria-label": t("history.remove", { title }), title: t("history.remove", { title }) }, "✕");
  remove.addEventListener("click", () => {
    history.remove(entry.id);
    show();
  });
  const state = h("span", { className: `badge ${entry.state}` }, t(`short.${entry.state}`));
  const read = place && t("history.place", { chapter: place.title, share: Math.round(100 * place.share) });
  return h("li", {},
    h("a", { href: place || sample ? `${path}/read` : path }, face, name),
    read ? h("small", {}, read) : h("small", {}, state, sample ? null : day(entry.time)),
    place ? h("progress", { max: 1, value: place.share, "aria-label": t("history.read", { title }) }) : null,
    entry.listed || sample ? null : remove);
}

/** The books of this browser and, on a private server, all others: newest first. */
function show() {
  const own = history.all();
  const running = own.find((entry) => history.active(entry.state));
  $("banner").hidden = !running;
  if (running) {
    $("banner").href = `/jobs/${encodeURIComponent(running.id)}`;
    $("banner").replaceChildren(h("span", {}, t("banner", { title: running.title })), h("span", {}, `${t("banner.go")} →`));
  }
  const entries = [...own, ...others.filter(({ id }) => own.every((entry) => entry.id !== id))];
  if (!entries.length && listed) entries.push({ id: data.sample.id, url: "", title: data.sample.title, state: "sample" });
  $("history").hidden = entries.length === 0;
  $("history-hint").hidden = own.length === 0;
  $("history-clear").hidden = own.length === 0;
  $("history-list").replaceChildren(...entries.map(book));
}

/** The finished books of a private server, whoever ordered them. */
async function list() {
  const { jobs } = await call("GET", `/v1/jobs?pageSize=${MOST_LISTED}&filter=${encodeURIComponent('state="STATE_DONE"')}`);
  others = jobs.map(({ name, spec, title, completionTime, state, artifacts }) => ({ id: name.replace("jobs/", ""), url: spec.sourceUrl, title, time: completionTime, state, epub: history.hasEpub(artifacts), listed: true }));
  show();
}

/** Put the order of an earlier job into the form, to be changed. */
async function again(id, pages) {
  try {
    const { spec } = await call("GET", `/v1/jobs/${encodeURIComponent(id)}`);
    if (pages) spec.maxPages = Math.min(Math.max(pages, 1), Number($("pages").max));
    fillOrder(spec);
    if (pages) $("pages").focus();
  } catch (error) {
    $("form-error").textContent = error.message;
  }
}

/** What is still going on in the list may have ended meanwhile. */
async function refresh() {
  for (const { id } of history.all().filter((entry) => history.active(entry.state))) {
    try {
      history.note(id, { state: (await call("GET", `/v1/jobs/${id}`)).state });
    } catch (error) {
      if (error.status === 404) history.note(id, { state: "gone" });
    }
  }
  show();
}

$("history-clear").addEventListener("click", () => {
  history.clear();
  show();
  $("url").focus();
});
addEventListener("storage", show);
addEventListener("pageshow", refresh);
show();
if (data.listing) {
  list().catch(() => {}).finally(() => { // the shelf shows this browser's books all the same
    listed = true;
    show();
  });
}
const asked = new URLSearchParams(location.search);
if (asked.get("again")) again(asked.get("again"), Number(asked.get("pages")));
