"""The candidates of a ``srcset`` attribute, by the standard's algorithm (section 4.8.4.3.6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

_MOST = 200
"""Candidates that are read of one attribute."""
_SPACE = r" \t\n\f\r"
_BETWEEN = re.compile(f"[{_SPACE},]*")
_SPACES = re.compile(f"[{_SPACE}]*")
_URL = re.compile(f"[^{_SPACE}]+")
_DESCRIPTOR = re.compile(rf"(?:\([^)]*(?:\)|\Z)|[^{_SPACE},(])+")
"""What stands in parentheses is reserved for the future, and may hold commas and spaces."""
_VALID = re.compile(r"0{0,9}[1-9][0-9]{0,9}[wh]|-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?x")
"""A width or a height above zero, or a density."""
_COMBINATIONS: tuple[set[str], ...] = (set(), {"w"}, {"w", "h"}, {"x"})
"""Units of descriptors that go together."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture of several: either ``width`` in pixels is known, or ``density`` in device pixels for one of CSS."""

    url: str
    width: int | None = None
    density: float | None = None


def candidates(srcset: str) -> list[Candidate]:
    """Those with valid descriptors, in their order, at most 200; without any descriptor the density is 1."""
    read = (_candidate(url, descriptors) for url, descriptors in islice(_split(srcset), _MOST))
    return [candidate for candidate in read if candidate is not None]


def _split(srcset: str) -> Iterator[tuple[str, list[str]]]:
    """Each URL with its descriptors. A comma ends a URL only where white space or the end follows it."""
    at = 0
    while url := _URL.match(srcset, _end(_BETWEEN, srcset, at)):
        at = url.end()
        descriptors: list[str] = []
        if not url[0].endswith(","):
            at = _end(_SPACES, srcset, at)
            while descriptor := _DESCRIPTOR.match(srcset, at):
                descriptors.append(descriptor[0])
                at = _end(_SPACES, srcset, descriptor.end())
        yield url[0].rstrip(","), descriptors


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _candidate(url: str, descriptors: list[str]) -> Candidate | None:
    """The candidate, or None where a descriptor is not valid, comes twice, or goes with no other."""
    numbers: dict[str, str] = {}
    for descriptor in descriptors:
        unit = descriptor[-1]
        if unit in numbers or not _VALID.fullmatch(descriptor):
            return None
        numbers[unit] = descriptor[:-1]
    if numbers.keys() not in _COMBINATIONS:
        return None
    if "w" in numbers:
        return Candidate(url, width=int(numbers["w"]))
    density = float(numbers.get("x", 1))
    return Candidate(url, density=density) if density >= 0 else None
