"""Terminals: text of strangers without the signs that move the cursor, and terminals that close."""

from __future__ import annotations

import contextlib
import re
from typing import Any, TextIO, cast

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""The text with each control character but tab and end of line written out, such as ``\x1b``."""
    return _CONTROLS.sub(lambda match: ascii(match[0])[1:-1], text)


def visible_json(text: str) -> str:
    """The same for JSON, which stays what it is: control characters stand in strings alone."""
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class _Outliving:
    """Passes everything on, and drops what is not taken any more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def outliving(stream: TextIO) -> TextIO:
    """The stream, to which anything can be written after its terminal has closed or its disk is full.

    What a command tells its user on the way is not worth its work, which it could not keep if it ended by that.
    """
    return cast("TextIO", _Outliving(stream))
