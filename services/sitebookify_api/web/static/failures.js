// The pages that are missing from the book, asked for when somebody wants to see them.

import { call } from "./api.js";
import { $, h, say, t, web } from "./page.js";

const REST = { STATE_RUNNING: () => t("job.failures.later"), STATE_DONE: () => t("job.failures.more") };
const FEW = 5; // missing pages that a finished book names without being asked
let shown = -1; // failures that the list was made for

export function showFailures(id, job) {
  const count = job.progress.pagesFailed;
  if ($("failures").hidden && count <= FEW && job.state === "STATE_DONE") $("failures").open = true;
  $("failures").hidden = count === 0;
  say("failures-heading", t("job.failures", { count }));
  $("failures").ontoggle = () => load(id, job);
  load(id, job);
}

async function load(id, job) {
  const count = job.progress.pagesFailed;
  if (!$("failures").open || shown === count) return;
  shown = count;
  try {
    const { pages } = await call("GET", `/jobs/${id}/failures`);
    if (pages.length < count) shown = -1;
    const rest = pages.length < count ? REST[job.state]?.() : null;
    $("failures-list").replaceChildren(...pages.map(line), ...(rest ? [h("li", { className: "hint" }, rest)] : []));
  } catch (error) {
    shown = -1;
    $("failures-list").replaceChildren(h("li", {}, error.message));
  }
}

function line({ url, why }) {
  return h("li", {}, h("a", { href: web(url), rel: "noopener noreferrer", target: "_blank" }, url), h("small", {}, why));
}
