// Follows a job: server-sent events while they come, asking every few seconds where they do not.

import { call } from "./api.js";

const POLL = 3000;
const SOON = 1000;

/**
 * Calls `on.job(job)` for every change, `on.gone()` once there is no such job, and `on.connection(state)` with "",
 * "lost" or "polling". A hidden page lets go of its connection: browsers have few to one server.
 */
export function watch(id, on) {
  let source = null;
  let timer = 0;
  let ended = false;
  let misses = 0; // streams in a row that broke off without a word

  function stop() {
    source?.close();
    source = null;
    clearTimeout(timer);
  }

  function take(job) {
    ended = !["STATE_QUEUED", "STATE_RUNNING"].includes(job.state);
    on.job(job);
    if (ended) stop();
  }

  function gone() {
    ended = true;
    stop();
    on.gone();
  }

  function later(work, wait) {
    if (!ended && !document.hidden) timer = setTimeout(work, wait);
  }

  async function poll() {
    try {
      take(await call("GET", `/v1/jobs/${id}`));
      on.connection(misses > 1 && !ended ? "polling" : "");
    } catch (error) {
      if (error.status === 404) return gone();
      on.connection("lost");
    }
    later(start, POLL);
  }

  function start() {
    stop();
    source = new EventSource(`/v1/jobs/${id}:watch`);
    source.addEventListener("job", ({ data }) => {
      misses = 0;
      on.connection("");
      take(JSON.parse(data));
    });
    source.addEventListener("deleted", gone);
    source.addEventListener("error", () => {
      stop();
      misses += 1;
      later(poll, misses > 1 ? 0 : SOON);
    });
  }

  document.addEventListener("visibilitychange", () => {
    if (ended) return;
    if (document.hidden) stop();
    else start();
  });
  addEventListener("online", () => !ended && start());
  addEventListener("pagehide", stop);
  addEventListener("pageshow", (event) => event.persisted && !ended && start());
  start();
  return {
    restart() {
      ended = false;
      start();
    },
  };
}
