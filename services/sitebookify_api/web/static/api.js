// Requests to the API, and its errors in words.

import { t } from "./page.js";

export class ApiError extends Error {
  /** `status` is the HTTP status, 0 where no answer came; `violations` are {field, description}. */
  constructor(status, message, violations = [], reason = "") {
    super(message);
    this.status = status;
    this.violations = violations;
    this.reason = reason;
  }
}

/** The answer's JSON. Throws ApiError for everything else, in the page's language. */
export async function call(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, t("network"));
  }
  const found = await answer.json().catch(() => null);
  if (answer.ok && found !== null) return found;
  throw refused(answer.status, found?.error);
}

function refused(status, error) {
  const detail = (kind) => error?.details?.find((item) => item["@type"].endsWith(kind));
  const violations = (detail("BadRequest")?.fieldViolations ?? []).map(({ field, description, localizedMessage }) =>
    ({ field, description: localizedMessage?.message ?? description }));
  const message = detail("LocalizedMessage")?.message ?? error?.message ?? t("network");
  return new ApiError(status, message, violations, detail("ErrorInfo")?.reason);
}
