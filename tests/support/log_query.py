"""Log entries as Cloud Logging makes them of our lines, and the part of its query language that the project uses.

https://cloud.google.com/logging/docs/view/logging-query-language: comparisons ``=  !=  >  >=  <  <=  :  =~  !~`` of a
field with a value or with several (``field=("a" OR "b")``), joined by NOT, OR and AND, which bind in this order; a
line's end is an AND. Text is compared without regard to case, but for regular expressions. A field that is not there
matches nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Entry = Mapping[str, Any]
Test = Callable[[Entry], bool]

_SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_SPECIAL = "logging.googleapis.com/"
_MOVED = ("severity", "httpRequest", *(_SPECIAL + key for key in ("labels", "trace", "spanId", "sourceLocation")))
_TOKEN = re.compile(
    r"""\s*(?:--[^\n]*\s*)*(?:
        (?P<string>"(?:\\.|[^"\\])*")
      | (?P<operator>=~|!~|!=|>=|<=|=|>|<|:)
      | (?P<bracket>[()])
      | (?P<word>[\w/%+-]+(?:\.(?:[\w/%+-]+|"[^"]+"))*)
    )""",
    re.VERBOSE,
)


def log_entry(line: str, *, service: str, project_id: str = "test") -> dict[str, Any]:
    """The entry that a line on stdout becomes: special keys moved to where they belong, the rest under jsonPayload.

    https://cloud.google.com/logging/docs/structured-logging
    """
    payload = json.loads(line)
    entry = {key.removeprefix(_SPECIAL): payload.pop(key) for key in _MOVED if key in payload}
    return entry | {
        "logName": f"projects/{project_id}/logs/run.googleapis.com%2Fstdout",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": f"sitebookify-{service}"}},
        "timestamp": payload.pop("time"),
        "jsonPayload": payload,
    }


def select(query: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that match, in order of time."""
    matches = compiled(query)
    return sorted((entry for entry in entries if matches(entry)), key=lambda entry: str(entry.get("timestamp", "")))


def compiled(query: str) -> Test:
    """The query as a predicate.

    Raises:
        ValueError: it is none, or uses what this module does not know.
    """
    parser = _Parser(query)
    test = parser.conjunction()
    if parser.tokens:
        raise ValueError(f"unexpected {parser.tokens[0][1]!r} in {query!r}")
    return test


class _Parser:
    """Recursive descent over the tokens that are left."""

    def __init__(self, query: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        query = query.strip()
        place = 0
        while place < len(query):
            match = _TOKEN.match(query, place)
            if match is None or match.lastgroup is None:
                raise ValueError(f"cannot read {query[place:]!r}")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            place = match.end()

    def conjunction(self) -> Test:
        tests = [self._disjunction()]
        while self.tokens and self.tokens[0][1] != ")":
            self._skip("AND")
            tests.append(self._disjunction())
        return lambda entry: all(test(entry) for test in tests)

    def _disjunction(self) -> Test:
        tests = [self._negation()]
        while self._skip("OR"):
            tests.append(self._negation())
        return lambda entry: any(test(entry) for test in tests)

    def _negation(self) -> Test:
        if self._skip("NOT"):
            test = self._negation()
            return lambda entry: not test(entry)
        if self._skip("("):
            test = self.conjunction()
            self._expect(")")
            return test
        return self._comparison()

    def _comparison(self) -> Test:
        field, operator = self._next("word"), self._next("operator")
        path = [part.strip('"') for part in re.findall(r'"[^"]+"|[^."]+', field)]
        values = self._values()
        compare = _COMPARISONS[operator]

        def test(entry: Entry) -> bool:
            found = _look_up(entry, path)
            return found is not None and any(
                compare(*_comparable(path, found, value, case="~" in operator)) for value in values
            )

        return test

    def _values(self) -> list[str]:
        if not self._skip("("):
            return [self._value()]
        values = [self._value()]
        while self._skip("OR"):
            values.append(self._value())
        self._expect(")")
        return values

    def _value(self) -> str:
        if self.tokens and self.tokens[0][0] == "string":
            return re.sub(r"\\(.)", r"\1", self.tokens.pop(0)[1][1:-1])
        return self._next("word")

    def _skip(self, text: str) -> bool:
        if self.tokens and self.tokens[0][0] != "string" and self.tokens[0][1] == text:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            raise ValueError(f"{text!r} is missing")

    def _next(self, kind: str) -> str:
        if not self.tokens or self.tokens[0][0] != kind:
            raise ValueError(f"a {kind} is expected, not {self.tokens[:1]}")
        return self.tokens.pop(0)[1]


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda found, value: found == value,
    "!=": lambda found, value: found != value,
    ">": lambda found, value: found > value,
    ">=": lambda found, value: found >= value,
    "<": lambda found, value: found < value,
    "<=": lambda found, value: found <= value,
    ":": lambda found, value: str(value) in str(found),
    "=~": lambda found, value: re.search(str(value), str(found)) is not None,
    "!~": lambda found, value: re.search(str(value), str(found)) is None,
}


def _look_up(entry: Entry, path: list[str]) -> Any:
    found: Any = entry
    for part in path:
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found


def _comparable(path: list[str], found: Any, value: str, *, case: bool) -> tuple[Any, Any]:
    if path == ["severity"]:
        return _SEVERITIES.index(found), _SEVERITIES.index(value)
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return found, float(value)
    return (str(found), value) if case else (str(found).lower(), value.lower())
