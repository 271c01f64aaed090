"""How an operation is called from a shell, from Python and from a browser, for the reference of the API."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

SERVER = "http://localhost:8080"
"""Stands for this server; the page's script puts its own address in its place."""
LANGUAGES = ("curl", "Python", "JavaScript")
_BODIES: Mapping[str, Any] = MappingProxyType(
    {
        "JobInput": {"spec": {"sourceUrl": "https://example.com/docs/"}},
        "DownloadUrlInput": {"artifact": "book.epub"},
        "WaitInput": {"timeout": "30s"},
    }
)
_QUERIES: Mapping[str, str] = MappingProxyType(
    {"PreviewBook": "?url=https%3A%2F%2Fexample.com%2Fdocs%2F", "ListJobs": "?pageSize=10"}
)
_PATHS = MappingProxyType({"{job_id}": "JOB_ID", "{name}": "book.epub"})


def body_of(operation: Mapping[str, Any]) -> Any:
    """A body that the operation takes; None where it takes none."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return None
    name = content["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
    return _BODIES.get(name, {})


def examples(method: str, path: str, operation: Mapping[str, Any]) -> dict[str, str]:
    """The same request in each of `LANGUAGES`."""
    for place, value in _PATHS.items():
        path = path.replace(place, value)
    url = SERVER + path + _QUERIES.get(operation["operationId"], "")
    body = body_of(operation)
    answers_json = "application/json" in operation["responses"]["200"].get("content", {})
    in_python, in_script = ("json()", "json()") if answers_json else ("content", "blob()")
    codes = (_curl(method, url, body), _python(method, url, body, in_python), _script(method, url, body, in_script))
    return dict(zip(LANGUAGES, codes, strict=True))


def _curl(method: str, url: str, body: Any) -> str:
    command = "curl" if method == "GET" else f"curl -X {method}"
    if body is None:
        return f"{command} '{url}'"
    return f"{command} '{url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '{json.dumps(body)}'"


def _python(method: str, url: str, body: Any, content: str) -> str:
    given = "" if body is None else f"json={json.dumps(body)}, "
    call = f'answer = requests.{method.lower()}("{url}", {given}timeout=60)'
    return f"import requests\n\n{call}\nanswer.raise_for_status()\nprint(answer.{content})"


def _script(method: str, url: str, body: Any, content: str) -> str:
    options = [] if method == "GET" else [f'method: "{method}"']
    if body is not None:
        options += ['headers: { "Content-Type": "application/json" }', f"body: JSON.stringify({json.dumps(body)})"]
    lines = "".join(f"  {option},\n" for option in options)
    given = f", {{\n{lines}}}" if options else ""
    return f'const answer = await fetch("{url}"{given});\nconsole.log(await answer.{content});'
