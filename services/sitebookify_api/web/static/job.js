// A job's page: how far it is, what can be done to it, and its files once it is done.

import { call } from "./api.js";
import { showFailures } from "./failures.js";
import { Growing, planned } from "./growing.js";
import * as history from "./history.js";
import { Pace } from "./pace.js";
import { $, data, duration, h, inWords, money, number, painted, percent, say, short, size, t, time, web } from "./page.js";
import { coverOf, modelled } from "./preview.js";
import { watch } from "./watch.js";

const STAGES = [...$("stages").children].map((item) => item.dataset.stage);
const id = data.id;
const FILES = data.files.map(({ name }) => name);
const labels = Object.fromEntries(data.files.map(({ name, label }) => [name, label]));
const titles = Object.fromEntries(data.files.map(({ name, title }) => [name, title])); // "": for programs
const place = ({ name }) => (FILES.includes(name) ? FILES.indexOf(name) : FILES.length);
const pace = new Pace();
const growing = new Growing(id);
// Reasons that another try of the same order meets again.
const TO_MEND = new Set(["START_PAGE", "ROBOTS_DISALLOWED", "NOTHING_TO_EXTRACT", "NEEDS_JAVASCRIPT", "NEEDS_LOGIN", "BLOCKED", "ADDRESS_REFUSED", "BAD_URL"]);
let job = null;
let said = "";
let following = null;

const seconds = (text) => Date.parse(text) / 1000;

function show(found) {
  job = found;
  const title = job.title || planned(id).title || short(job.spec.sourceUrl);
  history.note(id, { state: job.state, title, epub: history.hasEpub(job.artifacts) });
  const modelComes = modelled(job.spec) && STAGES.indexOf(job.progress.stage) < STAGES.indexOf("edit"); // how long, nobody knows
  if (job.state === "STATE_RUNNING" && !modelComes) pace.take(Date.now() / 1000, job.progress, job.progressPercent, job.spec.maxPages);
  const active = history.active(job.state);
  say("title", title);
  $("source").href = web(job.spec.sourceUrl) ?? "/";
  say("source", job.spec.sourceUrl);
  say("state", t(`state.${job.state}`));
  $("work").dataset.state = job.state;
  $("work").dataset.retryable = String(job.retryable);
  say("percent", percent(job.progressPercent));
  $("bar").value = job.progressPercent;
  say("doing", job.state === "STATE_RUNNING" ? inWords(job.message, job.localizedMessage) : "");
  document.title = active ? `${percent(job.progressPercent)} · ${title}` : `${title} · sitebookify`;
  const cover = history.hasEpub(job.artifacts) ? `/jobs/${id}/book/cover.png` : coverOf(title, job.spec.sourceUrl);
  if ($("cover").getAttribute("src") !== cover) $("cover").src = cover;
  showStages();
  showFigures();
  showProblem();
  showFiles();
  showSpec();
  showFailures(id, job);
  growing.take(job);
  announce();
}

function showStages() {
  const at = STAGES.indexOf(job.progress.stage);
  for (const item of $("stages").children) {
    const place = STAGES.indexOf(item.dataset.stage);
    item.classList.toggle("done", place < at);
    item.classList.toggle("stopped", place === at && job.state === "STATE_ERROR");
    if (place === at && job.state === "STATE_RUNNING") item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}

function showFigures() {
  const { pagesFetched, pagesQueued, pagesFailed, stage } = job.progress;
  const crawling = job.state === "STATE_RUNNING" && stage === "crawl" && pagesQueued > 0;
  const about = Math.min(pagesFetched + pagesQueued, job.spec.maxPages ?? Infinity);
  say("fetched", crawling ? t("job.fetched.of", { pages: number(pagesFetched), about: number(about) }) : number(pagesFetched));
  say("failed", number(pagesFailed));
  $("failed").parentElement.hidden = pagesFailed === 0;
  showModel(job.progress);
  tick();
}

/** What a language model has done so far, and what that has cost. */
function showModel({ textsEdited, textsKept, costUsd, inputTokens, outputTokens }) {
  const tokens = Number(inputTokens) + Number(outputTokens);
  say("edited", textsKept ? t("job.texts.kept", { edited: number(textsEdited), kept: number(textsKept) }) : number(textsEdited));
  say("cost", costUsd ? money(costUsd) : t("job.tokens", { tokens: number(tokens) }));
  $("edited").parentElement.hidden = textsEdited + textsKept === 0;
  $("cost").parentElement.hidden = tokens === 0;
}

/** The clock's part of the figures, once a second. */
function tick() {
  const now = Date.now() / 1000;
  const left = job?.state === "STATE_RUNNING" ? pace.left(now) : null;
  const took = job?.startTime && job.completionTime ? seconds(job.completionTime) - seconds(job.startTime) : null;
  const shown = took ?? left;
  say("time-label", t(took === null ? "job.left" : "job.took"));
  say("time", shown === null ? "" : took === null ? t("job.about", { time: duration(shown) }) : duration(shown));
  $("time").parentElement.hidden = shown === null;
}

/** True where the job may go on with more money: its own limit is reached, and not only the server's. */
const overspent = () => job.error?.reason === "BUDGET_EXCEEDED" && job.spec.maxCost > 0 && job.progress.costUsd >= job.spec.maxCost;

/** Offer a new limit, twice the old one; what is typed meanwhile stays. */
function showLimit() {
  const was = $("raise").hidden;
  $("raise").hidden = !(overspent() && job.retryable);
  if (was && !$("raise").hidden) $("limit").value = String(2 * job.spec.maxCost);
}

function showProblem() {
  showLimit();
  $("problem").hidden = !job.error;
  if (!job.error) return;
  const kind = job.error.reason.startsWith("START_PAGE_") ? "START_PAGE" : job.error.reason;
  const help = t(`job.help.${kind}`) || t("job.help.other");
  $("work").dataset.mend = TO_MEND.has(kind) ? "order" : "again";
  $("problem").replaceChildren(h("p", {}, inWords(job.error.message, job.error.localizedMessage)), h("p", {}, help), h("p", { className: "hint" }, t("job.reason", { reason: job.error.reason })));
}

function file({ name, sizeBytes }) {
  const link = h("a", { href: `/jobs/${id}/${encodeURIComponent(name)}`, download: "" }, titles[name] || name);
  return h("li", {}, h("span", {}, link, h("small", {}, labels[name] ?? "")), h("span", {}, size(Number(sizeBytes))));
}

function showFiles() {
  $("downloads").hidden = job.artifacts.length === 0;
  const sorted = job.artifacts.toSorted((a, b) => place(a) - place(b));
  $("files").replaceChildren(...sorted.filter(({ name }) => titles[name]).map(file));
  $("more-files").replaceChildren(...sorted.filter(({ name }) => !titles[name]).map(file));
  $("more").hidden = !$("more-files").children.length;
  say("not-made", job.state === "STATE_DONE" ? inWords(job.message, job.localizedMessage) : "");
  say("expires", job.expireTime ? t("job.expires", { time: time(job.expireTime) }) : "");
}

/** An option's value for people; "" where there is nothing to say. */
function shown(value) {
  if (typeof value === "boolean") return value ? "✓" : "";
  return Array.isArray(value) ? value.join("\n") : t(`spec.${value}`) || String(value);
}

/** What was ordered: the options that the locales have a name for. */
function showSpec() {
  const { webhookUrl, ...options } = job.spec;
  const rows = [
    ...Object.entries(options).map(([name, value]) => [name, shown(value)]),
    ["webhookUrl", webhookUrl && [webhookUrl, told(job.webhook)].join("\n")],
    ["createTime", time(job.createTime)],
    ["id", id],
  ];
  const named = rows.filter(([name, value]) => value && t(`spec.${name}`));
  $("spec").replaceChildren(...named.flatMap(([name, value]) => [h("dt", {}, t(`spec.${name}`)), h("dd", {}, value)]));
}

/** How telling the webhook of the job's end went. */
function told(webhook) {
  if (!webhook) return t("webhook.later");
  const { deliverTime, nextAttemptTime } = webhook;
  const error = inWords(webhook.lastError, webhook.localizedLastError);
  if (deliverTime) return t("webhook.delivered", { time: time(deliverTime) });
  if (!nextAttemptTime) return t("webhook.given_up", { error });
  return error ? t("webhook.again", { error, time: time(nextAttemptTime) }) : t("webhook.due");
}

/** Say what has changed in kind; the numbers would be too much. */
function announce() {
  const now = job.state === "STATE_RUNNING" ? `${t("state.STATE_RUNNING")}: ${t(`stage.${job.progress.stage}`)}` : t(`state.${job.state}`);
  if (now !== said) say("announce", (said = now));
}

function gone() {
  history.note(id, { state: "gone" });
  job = null;
  say("state", t("job.gone"));
  $("work").dataset.state = "gone";
  $("work").dataset.retryable = "false";
  for (const part of ["downloads", "failures", "connection", "growing"]) $(part).hidden = true;
  say("announce", t("job.gone"));
}

async function act(button, work) {
  button.disabled = true;
  say("action-error", "");
  try {
    await work();
  } catch (error) {
    say("action-error", error.message);
  } finally {
    button.disabled = false;
  }
}

$("cancel").addEventListener("click", ({ target }) => act(target, async () => {
  const found = await call("POST", `/v1/jobs/${id}:cancel`, {});
  show(found);
  if (history.active(found.state)) say("doing", t("job.cancelling"));
}));

$("retry").addEventListener("click", ({ target }) => act(target, async () => {
  await call("POST", `/v1/jobs/${id}:retry`, overspent() ? { maxCost: Number($("limit").value) } : {});
  following?.restart();
}));

$("delete").addEventListener("click", () => $("sure").showModal());
$("sure").addEventListener("close", () => {
  if ($("sure").returnValue !== "yes") return;
  act($("delete"), async () => {
    await call("DELETE", `/v1/jobs/${id}`);
    history.remove(id);
    location.assign("/");
  });
});

// The page came with all that matters: what the script adds can wait until that has been painted.
await painted();
show(data.job);
following = watch(id, {
  job: show,
  gone,
  connection(state) {
    $("connection").hidden = !state;
    say("connection", t(`watch.${state}`));
  },
});
setInterval(tick, 1000);
