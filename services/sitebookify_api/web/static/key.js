// Asks for an API key; the server keeps it in a cookie that scripts cannot read.

import { call } from "./api.js";
import { $, say, t } from "./page.js";

$("enter").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await call("POST", "/session", { key: $("key").value });
    location.reload();
  } catch (error) {
    say("key-error", error.violations.length ? t("key.wrong") : error.message);
    $("key").setAttribute("aria-invalid", "true");
    $("key").select();
  }
});
