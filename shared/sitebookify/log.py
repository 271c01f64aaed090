"""structlog set up once per process: one JSON object a line on stdout, in Cloud Logging's form.

Events are dotted facts with keys: ``log.info("slice.committed", step=3)``. What is bound with
``bound(job_id=…)`` stands on every record of the task and of what it starts. Special keys are from
https://cloud.google.com/logging/docs/structured-logging; ``job_id`` becomes a label, the trace becomes
``projects/P/traces/ID``, exceptions become ``stack_trace`` as Error Reporting wants it.
Records of the standard library (uvicorn, google clients) look the same; structlog's own are written without a detour
by it, which takes a third of the time, and each request has one.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, TextIO, cast
from urllib.parse import urlsplit

import structlog
from pydantic_core import to_json
from structlog.contextvars import bind_contextvars, reset_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

from sitebookify.terminal import visible, visible_json

_JSON = json.JSONEncoder(default=str)
_LONGEST_URL = 500
_WITH_URLS = ("url", "source_url", "why")
_URL = re.compile(r"https?://[^\s<>\"]+")
_LABELS = ("job_id", "message_id", "service")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NOISY = ("google", "urllib3", "aiohttp.access", "trafilatura", "htmldate", "courlan", "charset_normalizer", "PIL")


def configure_logging(
    *,
    service: str,
    project_id: str = "",
    level: str = "INFO",
    human: bool = False,
    stream: TextIO | None = None,
    without: Collection[str] = (),
) -> None:
    """Send every record of this process to ``stream`` (stdout) but for the events in ``without``.

    ``human`` gives coloured lines instead of JSON.
    """

    def chosen(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if event.get("event") in without:
            raise structlog.DropEvent
        return event

    shared: list[Processor] = [
        chosen,
        structlog.contextvars.merge_contextvars,
        _without_queries,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.CallsiteParameterAdder(
            {
                structlog.processors.CallsiteParameter.PATHNAME,
                structlog.processors.CallsiteParameter.LINENO,
                structlog.processors.CallsiteParameter.FUNC_NAME,
            }
        ),
    ]
    last: list[Processor] = _human() if human else _cloud(service, project_id)
    handler = logging.StreamHandler(stream or sys.stdout)
    lines = _Lines(handler)
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=lambda *_names: lines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_not_logged_already)
    logging.captureWarnings(capture=True)


class _Lines:
    """Where structlog writes: to the stream of the standard library's handler, under its lock."""

    def __init__(self, handler: logging.StreamHandler[TextIO]) -> None:
        self._handler = handler

    def msg(self, line: str) -> None:
        """Write it; a stream that is gone, or cannot take a character, costs the line and not what was being done."""
        with self._handler.lock or nullcontext(), suppress(OSError, ValueError):
            self._handler.stream.write(line + "\n")
            self._handler.flush()

    debug = info = warning = error = critical = msg


@contextmanager
def bound(*, traceparent: str = "", **keys: Any) -> Iterator[None]:
    """Put ``keys``, and the trace where ``traceparent`` is a valid one, on every record inside."""
    if match := _TRACEPARENT.fullmatch(traceparent):
        keys |= {"trace_id": match[1], "span_id": match[2]}
    tokens = bind_contextvars(**keys)
    try:
        yield
    finally:
        reset_contextvars(**tokens)


def shown_url(url: str) -> str:
    """A URL as it may be logged: a query or a user name may be somebody's secret."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:_LONGEST_URL]
    except ValueError:
        return ""


def child_traceparent(traceparent: str = "") -> str:
    """A W3C traceparent with a new span: of the given trace, or of a new one where it is not valid."""
    match = _TRACEPARENT.fullmatch(traceparent)
    trace_id, flags = (match[1], match[3]) if match else (secrets.token_hex(16), "01")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"


def cloud_record(event: EventDict, *, service: str, project_id: str) -> EventDict:
    """One event in Cloud Logging's form; pure, so that a test can hold it against the documentation."""
    record: EventDict = {
        "severity": str(event.pop("level", "info")).upper().replace("EXCEPTION", "ERROR"),
        "message": event.pop("event", ""),
        "time": event.pop("time", ""),
    }
    if trace := event.pop("trace_id", ""):
        record["logging.googleapis.com/trace"] = f"projects/{project_id}/traces/{trace}" if project_id else trace
        record["logging.googleapis.com/spanId"] = event.pop("span_id", "")
        record["logging.googleapis.com/trace_sampled"] = True
    event["service"] = service
    record["logging.googleapis.com/labels"] = {key: str(event.pop(key)) for key in _LABELS if event.get(key)}
    if path := event.pop("pathname", ""):
        record["logging.googleapis.com/sourceLocation"] = {
            "file": str(path).rpartition("/site-packages/")[2],
            "line": str(event.pop("lineno", "")),
            "function": event.pop("func_name", ""),
        }
    if record["severity"] in {"ERROR", "CRITICAL"}:
        record["serviceContext"] = {"service": f"sitebookify-{service}"}
    return {**record, **event}


def _cloud(service: str, project_id: str) -> list[Processor]:
    def shape(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return cloud_record(event, service=service, project_id=project_id)

    def as_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
        try:
            return visible_json(to_json(event, fallback=str).decode())
        except ValueError:  # half a surrogate pair in a site's text, bytes that are none
            return _JSON.encode(event)

    return [_stack_trace, shape, as_json]


def _human() -> list[Processor]:
    def drop(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key in ("pathname", "lineno", "func_name", "trace_id", "span_id"):
            event.pop(key, None)
        return {key: visible(value) if isinstance(value, str) else value for key, value in event.items()}

    return [drop, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), timestamp_key="time")]


def _without_queries(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Take queries and user names out of the URLs in a record: they may be somebody's secrets."""
    for key in _WITH_URLS:
        if "://" in (text := str(event.get(key, ""))):
            event[key] = _URL.sub(lambda match: shown_url(match[0]), text)
    return event


def _not_logged_already(record: logging.LogRecord) -> bool:
    """False for uvicorn's own word on a failed request: the request's record has the traceback, and the trace."""
    return not record.getMessage().startswith("Exception in ASGI application")


def _stack_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Error Reporting reads `traceback.format_exc()` under ``stack_trace``."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    if isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0]:
        event["stack_trace"] = "".join(traceback.format_exception(*cast("Any", info)))
    return event
