// The jobs that this browser ordered, newest first, kept in localStorage.

const KEY = "sitebookify.jobs";
const MOST = 30;

/** Entries are {id, url, title, time, state, epub}; anything else that is stored there is ignored. */
export function all() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter((entry) => typeof entry?.id === "string" && typeof entry.url === "string") : [];
  } catch {
    return [];
  }
}

function keep(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries.slice(0, MOST)));
  } catch {
    // Storage is full or forbidden: the page works without a history.
  }
}

export function add(entry) {
  keep([entry, ...all().filter((known) => known.id !== entry.id)]);
}

/** Note what became of a job; jobs that this browser did not order stay out of the list. */
export function note(id, changes) {
  keep(all().map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)));
}

export function remove(id) {
  keep(all().filter((entry) => entry.id !== id));
}

export function clear() {
  keep([]);
}

export const active = (state) => state === "STATE_QUEUED" || state === "STATE_RUNNING";

/** Whether a book can be read here, and has a cover. */
export const hasEpub = (artifacts) => artifacts.some(({ name }) => name === "book.epub");
