// The start page: order a book, look at a site first, and find one's books again.

import { call } from "./api.js";
import * as history from "./history.js";
import { clearErrors, readOrder, showRefusal } from "./order.js";
import { $, h, short, t, time } from "./page.js";
import { showPreview } from "./preview.js";

let attempt = null; // {spec, id}: sent again with the same id, so that a lost answer makes no second job
let looking = 0;

const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

$("order").addEventListener("submit", async (event) => {
  event.preventDefault();
  const spec = readOrder();
  if (!spec) return;
  const text = JSON.stringify(spec);
  if (attempt?.spec !== text) attempt = { spec: text, id: newId() };
  $("make").disabled = true;
  try {
    const operation = await call("POST", `/v1/jobs?requestId=${attempt.id}`, { spec });
    const id = operation.metadata.job.replace("jobs/", "");
    history.add({ id, url: spec.sourceUrl, title: spec.title || short(spec.sourceUrl), time: operation.metadata.createTime, state: "STATE_QUEUED" });
    attempt = null;
    location.assign(`/jobs/${id}`);
  } catch (error) {
    showRefusal(error);
  } finally {
    $("make").disabled = false;
  }
});

$("look").addEventListener("click", async () => {
  const spec = readOrder();
  if (!spec) return;
  const query = new URLSearchParams({ url: spec.sourceUrl, ...(spec.scope && { scope: spec.scope }) });
  const mine = ++looking;
  $("preview").hidden = false;
  $("preview-body").replaceChildren(h("p", { className: "hint" }, t("preview.looking")));
  try {
    const found = await call("GET", `/preview?${query}`);
    if (mine === looking) showPreview($("preview-body"), found, spec);
  } catch (error) {
    if (mine !== looking) return;
    $("preview").hidden = true;
    showRefusal(error.violations.length ? error : Object.assign(error, { violations: [{ field: "url", description: error.message }] }));
  }
});

$("order").addEventListener("input", ({ target }) => {
  if (target.getAttribute("aria-invalid")) clearErrors();
});

function line(entry) {
  const title = entry.title || short(entry.url);
  const remove = h("button", { type: "button", className: "plain", "aria-label": t("history.remove", { title }), title: t("history.remove", { title }) }, "✕");
  remove.addEventListener("click", () => {
    history.remove(entry.id);
    show();
  });
  const state = h("span", { className: `badge ${entry.state}` }, t(`short.${entry.state}`));
  const when = h("small", {}, state, time(entry.time));
  return h("li", {}, h("span", {}, h("a", { href: `/jobs/${encodeURIComponent(entry.id)}` }, title), when), remove);
}

function show() {
  const entries = history.all();
  const running = entries.find((entry) => history.active(entry.state));
  $("banner").hidden = !running;
  if (running) {
    $("banner").href = `/jobs/${encodeURIComponent(running.id)}`;
    $("banner").replaceChildren(h("span", {}, t("banner", { title: running.title })), h("span", {}, `${t("banner.go")} →`));
  }
  $("history").hidden = entries.length === 0;
  $("history-list").replaceChildren(...entries.map(line));
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
