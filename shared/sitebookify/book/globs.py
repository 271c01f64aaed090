"""Glob patterns on URL paths, matched in time linear in the path whatever the pattern."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict

MAX_LENGTH = 200
_ESCAPED = re.compile(r"(?:%[89A-F][0-9A-F])+|%20", re.IGNORECASE)
_WILD = re.compile(r"[*?]")
_PIECE = re.compile(r"\*+|.")
"""Two stars and more mean the same."""


class Glob:
    """``*`` is any run of characters except ``/``, ``**`` any run of characters, ``?`` any character except ``/``.

    The whole path must match. Letters and spaces may be written as they are or percent-encoded, in the pattern and in
    the path. Matching simulates the pattern's automaton with one bit a position (the bitap algorithm, Baeza-Yates and
    Gonnet 1992), so no pattern can make it backtrack.

    ``folder`` is the directory before the first wildcard, such as ``/docs/``; "" for a pattern that starts with ``*``.

    Raises:
        ValueError: the pattern is empty, longer than 200 characters, or starts with neither ``/`` nor ``*``.
    """

    def __init__(self, pattern: str) -> None:
        if not pattern.startswith(("/", "*")):
            raise ValueError(f"glob {pattern!r} must start with / or *")
        if len(pattern) > MAX_LENGTH:
            raise ValueError(f"glob is longer than {MAX_LENGTH} characters")
        if not pattern.isprintable():
            raise ValueError("glob has control characters")
        self.pattern = pattern
        readable_pattern = readable(pattern)
        self.folder = _WILD.split(readable_pattern, maxsplit=1)[0].rpartition("/")[0] + "/"
        if pattern.startswith("*"):
            self.folder = ""
        pieces = _PIECE.findall(readable_pattern)
        self._bits: defaultdict[str, int] = defaultdict(int)
        for position, piece in enumerate(pieces):
            self._bits[piece[:2]] |= 1 << position
        self._stars = self._bits["*"] | self._bits["**"]
        self._final = 1 << len(pieces)

    def matches(self, path: str) -> bool:
        """True where the pattern matches the whole path."""
        star, stars, one = self._bits["*"], self._bits["**"], self._bits["?"]
        state = self._skip(1)
        for char in readable(path):
            stay = state & stars
            step = 0 if char in "*?" else state & self._bits.get(char, 0)
            if char != "/":
                stay |= state & star
                step |= state & one
            state = self._skip(stay | step << 1)
            if not state:
                return False
        return bool(state & self._final)

    def _skip(self, state: int) -> int:
        """The state, and those reached by passing over a star; no two stars are adjacent."""
        return state | (state & self._stars) << 1


def readable(path: str) -> str:
    """The path with letters and spaces in place of their UTF-8 escapes; other escapes have capital digits."""
    decoded = _ESCAPED.sub(_decoded, path) if "%" in path else path
    return decoded if decoded.isascii() else unicodedata.normalize("NFC", decoded)


def _decoded(escape: re.Match[str]) -> str:
    data = bytes.fromhex(escape[0].replace("%", ""))
    try:
        text = data.decode()
    except UnicodeDecodeError:  # of an older encoding, which nothing names
        return escape[0].upper()
    return text if text.isprintable() else escape[0].upper()
