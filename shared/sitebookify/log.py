"""structlog set up once per process: one JSON object a line on stdout, in Cloud Logging's form.

Events are dotted facts with keys: ``log.info("slice.committed", step=3)``. What is bound with
``bound(job_id=…)`` stands on every record of the task and of what it starts. Special keys are from
https://cloud.google.com/logging/docs/structured-logging; ``job_id`` becomes a label, the trace becomes
``projects/P/traces/ID``, exceptions become ``stack_trace`` as Error Reporting wants it.
Records of the standard library (uvicorn, google clients) take the same way.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

import structlog
from structlog.contextvars import bound_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

_LABELS = ("job_id", "message_id", "service")
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NOISY = ("google", "urllib3", "aiohttp.access", "trafilatura", "htmldate", "courlan", "charset_normalizer", "PIL")


def configure_logging(
    *, service: str, project_id: str = "", level: str = "INFO", human: bool = False, stream: TextIO | None = None
) -> None:
    """Send every record of this process to ``stream`` (stdout); ``human`` gives coloured lines instead of JSON."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
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
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stdout)
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


@contextmanager
def bound(*, traceparent: str = "", **keys: Any) -> Iterator[None]:
    """Put ``keys``, and the trace where ``traceparent`` is a valid one, on every record inside."""
    if match := _TRACEPARENT.fullmatch(traceparent):
        keys |= {"trace_id": match[1], "span_id": match[2]}
    with bound_contextvars(**keys):
        yield


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

    return [_stack_trace, shape, structlog.processors.JSONRenderer(default=str, ensure_ascii=False)]


def _human() -> list[Processor]:
    def drop(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        for key in ("pathname", "lineno", "func_name", "trace_id", "span_id"):
            event.pop(key, None)
        return event

    return [drop, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), timestamp_key="time")]


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
