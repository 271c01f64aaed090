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
_WIDTH = re.compile("[0-9]+w")
_HEIGHT = re.compile("[0-9]+h")
_DENSITY = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?x")


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
    """The candidate, or None where a descriptor is unknown, comes twice, or goes with no other."""
    width = height = None
    density = None
    for descriptor in descriptors:
        number = descriptor[:-1]
        if _WIDTH.fullmatch(descriptor) and width is None and density is None and int(number):
            width = int(number)
        elif _HEIGHT.fullmatch(descriptor) and height is None and density is None and int(number):
            height = int(number)
        elif _DENSITY.fullmatch(descriptor) and width is height is density is None and float(number) >= 0:
            density = float(number)
        else:
            return None
    if height is not None and width is None:
        return None
    return Candidate(url, width, 1.0 if width is None and density is None else density)
