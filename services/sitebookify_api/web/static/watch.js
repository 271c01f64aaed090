// Follows a job: server-sent events while they come, asking every few seconds where they do not.

import { call } from "./api.js";

const POLL = 3000;
const LOST = 4000;

/**
 * Calls `on.job(job)` for every change, `on.gone()` once there is no such job, and `on.connection(state)` with "",
 * "lost" or "polling". A hidden page lets go of its connection: browsers have few to one server.
 */
export function watch(id, on) {
  let source = null;
  let timer = 0;
  let ended = false;

  const over = (job) => !["STATE_QUEUED", "STATE_RUNNING"].includes(job.state);

  function stop() {
    source?.close();
    source = null;
    clearTimeout(timer);
  }

  function take(job) {
    on.connection("");
    ended = over(job);
    on.job(job);
    if (ended) stop();
  }

  function gone() {
    ended = true;
    stop();
    on.gone();
  }

  async function poll() {
    try {
      take(await call("GET", `/v1/jobs/${id}`));
      if (!ended) on.connection("polling");
    } catch (error) {
      if (error.status === 404) return gone();
      on.connection("lost");
    }
    if (!ended && !document.hidden) timer = setTimeout(start, POLL);
  }

  function start() {
    stop();
    if (typeof EventSource === "undefined") return poll();
    source = new EventSource(`/v1/jobs/${id}:watch`);
    source.addEventListener("open", () => clearTimeout(timer));
    source.addEventListener("job", ({ data }) => take(JSON.parse(data)));
    source.addEventListener("deleted", gone);
    source.addEventListener("error", () => {
      if (ended) return stop();
      clearTimeout(timer);
      if (source?.readyState === EventSource.CLOSED) return poll(); // refused: it will not come back by itself
      timer = setTimeout(() => { stop(); poll(); }, LOST); // it tries again by itself, unless something swallows it
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
  return { restart() { ended = false; start(); } };
}
