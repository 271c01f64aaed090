// The operator's page: asks for the figures every few seconds while somebody looks.

import { call } from "./api.js";
import { $, data, duration, h, number, percent, say, short, t, time } from "./page.js";
import { hoursPlot, linePlot, ratioPlot } from "./plots.js";

const PERIOD = 5000;
const STATES = ["queued", "running", "done", "error", "cancelled"];
let drawn = {};
let timer = 0;

/** Draw a part only where its figures have changed: focus and selection stay. */
function draw(id, value, children) {
  const text = JSON.stringify(value);
  if (drawn[id] === text) return;
  drawn[id] = text;
  $(id).replaceChildren(...children());
}

const jobLink = ({ id, url }) => h("a", { href: `/jobs/${id}` }, short(url));
const none = () => [h("li", { className: "hint" }, t("status.none"))];
const list = (id, jobs, line) => draw(id, jobs, () => (jobs.length ? jobs.map(line) : none()));

function lease({ step, attempts, lease: held }) {
  if (!held) return t("status.free", { step });
  return t(held.seconds > 0 ? "status.lease" : "status.expired", { step, attempts, holder: held.holder, seconds: held.seconds });
}

const running = (job) => h("li", {},
  h("span", {}, jobLink(job), h("small", {}, `${t(`stage.${job.stage}`)} · ${t("status.pages", { count: job.pages })} · ${lease(job)}`)),
  h("progress", { max: 100, value: job.percent, "aria-label": percent(job.percent) }));

const waiting = (job) => h("li", {}, jobLink(job), h("small", {}, time(job.time)));

const finished = ({ id, url, title, time: when, took }) => h("li", {},
  h("span", {}, h("a", { href: `/jobs/${id}` }, title || short(url)), title ? h("small", {}, short(url)) : null),
  h("small", {}, [took === null ? "" : duration(took), time(when)].filter(Boolean).join(" · ")));

function retryButton(job) {
  const button = h("button", { type: "button", "aria-label": `${t("status.retry")}: ${short(job.url)}` }, t("status.retry"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    say("action-error", "");
    try {
      await call("POST", `/v1/jobs/${job.id}:retry`, {});
      say("announce", t("status.retried"));
    } catch (error) {
      say("action-error", error.message);
    }
    button.disabled = false;
    refresh();
  });
  return button;
}

function deleteButton(id) {
  const button = h("button", { type: "button", "aria-label": `${t("status.delete")}: ${id}` }, t("status.delete"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    say("action-error", "");
    try {
      await call("DELETE", `/v1/jobs/${id}`);
      say("announce", t("status.deleted"));
    } catch (error) {
      say("action-error", error.message);
    }
    button.disabled = false;
    refresh();
  });
  return button;
}

const failed = (job) => h("li", {},
  h("span", {}, jobLink(job), h("small", {}, `${job.message} (${job.reason}${job.time ? `, ${time(job.time)}` : ""})`)),
  retryButton(job));

function show(found) {
  draw("tiles", found.counts, () => STATES.map((state) =>
    h("div", { className: "tile" }, h("strong", {}, number(found.counts[state])), h("span", {}, t(`status.${state}`)))));
  draw("hours", found.hours, () => hoursPlot(found.hours, Date.parse(found.now)));
  draw("ratio", found.hours, () => ratioPlot(found.hours));
  draw("queue", found.hours, () => [
    ...linePlot(found.hours, "waiting", (count) => t("status.queue.waiting", { count }), number),
    ...linePlot(found.hours, "waited", (most) => t("status.queue.waited", { time: duration(most) }), duration),
  ]);
  list("running", found.running, running);
  list("waiting", found.waiting, waiting);
  list("finished", found.finished, finished);
  list("dead", found.deadLetters, failed);
  list("errors", found.errors, failed);
  $("unreadable-card").hidden = !found.unreadable.length;
  list("unreadable", found.unreadable, (id) => h("li", {}, id, deleteButton(id)));
  const notes = [
    found.since ? t("status.since", { time: time(found.since) }) : "",
    found.counted ? t("status.counted", { time: time(found.counted) }) : "",
  ];
  say("window", notes.filter(Boolean).join(" "));
  say("malformed", found.malformed ? t("status.malformed", { count: found.malformed }) : "");
}

async function refresh() {
  clearTimeout(timer);
  try {
    show(await call("GET", "/status/figures"));
    $("connection").hidden = true;
  } catch (error) {
    say("connection", error.status === 0 ? t("status.stale") : error.message);
    $("connection").hidden = false;
  }
  if (!document.hidden) timer = setTimeout(refresh, PERIOD);
}

document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
show(data);
timer = setTimeout(refresh, PERIOD);
