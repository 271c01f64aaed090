"""Filters of a listing, in the language of AIP-160 (https://google.aip.dev/160).

::

    state = STATE_DONE AND create_time >= "2026-01-01T00:00:00Z"
    source_url : "docs.example.com" AND NOT (state = STATE_ERROR OR state = STATE_CANCELLED)
    source_url = "https://example.com/*"

As AIP-160 has it, OR binds tighter than AND, and expressions side by side are joined by AND.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sitebookify.errors import InvalidRequest
from sitebookify.job_summary import JobSummary
from sitebookify.jobs import JobState
from sitebookify.messages import Message

Predicate = Callable[[JobSummary], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<punct>[()]|[<>!]=|[<>=:]|-)|"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<text>[^\s()<>=!:"']+))"""
)
_BARE = re.compile(r"\s*([^\s()\"']+)")
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_DEEPEST = 16


def parse_filter(text: str) -> Predicate:
    """A test for what the filter describes; every job passes an empty one.

    Raises:
        InvalidRequest: it is not a filter, or not one on state, done, source_url, create_time or update_time.
    """
    if not text.strip():
        return lambda _job: True
    parser = _Parser(text)
    predicate = parser.expression(0)
    if parser.peek() is not None:
        raise _wrong(Message("filter.unexpected", text=parser.peek() or ""))
    return predicate


class _Parser:
    """Recursive descent over the text; ``_at`` is where the next token starts."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._at = 0

    def peek(self) -> str | None:
        """The next token's text without moving on; None at the end."""
        if self._at >= len(self._text):
            return None
        return self._match().group().strip()

    def expression(self, depth: int) -> Predicate:
        """Factors joined by AND, or by nothing."""
        if depth > _DEEPEST:
            raise _wrong(Message("filter.too_deep", limit=_DEEPEST))
        factors = [self._factor(depth)]
        while (ahead := self.peek()) not in (None, ")"):
            if ahead == "AND":
                self._next()
            factors.append(self._factor(depth))
        return lambda job: all(factor(job) for factor in factors)

    def _factor(self, depth: int) -> Predicate:
        terms = [self._term(depth)]
        while self.peek() == "OR":
            self._next()
            terms.append(self._term(depth))
        return lambda job: any(term(job) for term in terms)

    def _term(self, depth: int) -> Predicate:
        if self.peek() in ("NOT", "-"):
            self._next()
            inner = self._simple(depth)
            return lambda job: not inner(job)
        return self._simple(depth)

    def _simple(self, depth: int) -> Predicate:
        if self.peek() != "(":
            return self._restriction()
        self._next()
        inner = self.expression(depth + 1)
        if self._next() != ")":
            raise _wrong(Message("filter.parenthesis"))
        return inner

    def _restriction(self) -> Predicate:
        name, comparator = self._next(), self._next()
        if comparator not in (*_COMPARISONS, ":"):
            raise _wrong(Message("filter.comparison", name=name))
        return _restriction(name, comparator, self._value())

    def _value(self) -> str:
        """A quoted string, or what stands there up to the next space or parenthesis (so URLs need no quotes)."""
        match = self._match() if self.peek() else None
        quoted = match and (match["double"] is not None or match["single"] is not None)
        if not quoted:
            match = _BARE.match(self._text, self._at)
        if not match:
            raise _wrong(Message("filter.no_value"))
        self._at = match.end()
        return next(group for group in match.groups() if group is not None)

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise _wrong(Message("filter.too_short"))
        match = self._match()
        self._at = match.end()
        return match.group().strip()

    def _match(self) -> re.Match[str]:
        match = _TOKEN.match(self._text, self._at)
        if not match:
            raise _wrong(Message("filter.unexpected", text=self._text[self._at :][:20]))
        return match


def _restriction(name: str, comparator: str, value: str) -> Predicate:
    match name:
        case "state":
            return _state(comparator, value)
        case "done":
            return _done(comparator, value)
        case "source_url" | "sourceUrl" | "spec.source_url" | "spec.sourceUrl":
            return _source_url(comparator, value)
        case "create_time" | "createTime":
            return _time(comparator, value, lambda job: job.create_time)
        case "update_time" | "updateTime":
            return _time(comparator, value, lambda job: job.updated)
        case _:
            raise _wrong(Message("filter.field", name=name))


def _state(comparator: str, value: str) -> Predicate:
    try:
        state = JobState[value.removeprefix("STATE_")]
    except KeyError as error:
        raise _wrong(Message("filter.state", value=value)) from error
    if comparator in ("=", ":"):
        return lambda job: job.state is state
    if comparator == "!=":
        return lambda job: job.state is not state
    raise _wrong(Message("filter.state_comparison"))


def _done(comparator: str, value: str) -> Predicate:
    """Of operations: whether the job has ended."""
    if value not in ("true", "false") or comparator not in ("=", ":", "!="):
        raise _wrong(Message("filter.done"))
    done = (value == "true") is (comparator != "!=")
    return lambda job: job.state.terminal is done


def _source_url(comparator: str, value: str) -> Predicate:
    if comparator == ":":
        return lambda job: value in job.source_url
    if comparator not in ("=", "!="):
        raise _wrong(Message("filter.url_comparison"))
    pieces = value.split("*")
    equal = comparator == "="
    return lambda job: _consists_of(job.source_url, pieces) is equal


def _consists_of(text: str, pieces: list[str]) -> bool:
    """True where the text is the pieces with anything between them; in linear time, which a regex would not promise."""
    first, *rest = pieces
    if not rest:
        return text == first
    *middle, last = rest
    at = len(first)
    for piece in middle:
        place = text.find(piece, at)
        if place < 0:
            return False
        at = place + len(piece)
    return text.startswith(first) and text.endswith(last) and len(text) - len(last) >= at


def _time(comparator: str, value: str, field: Callable[[JobSummary], datetime]) -> Predicate:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise _wrong(Message("filter.time", value=value)) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    compare = _COMPARISONS.get(comparator)
    if compare is None:
        raise _wrong(Message("filter.time_comparison"))
    return lambda job: compare(field(job), moment)


def _wrong(what: Message) -> InvalidRequest:
    return InvalidRequest("filter", Message("request.filter", what=what))
