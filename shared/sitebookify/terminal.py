"""Text of strangers on a terminal: without the signs that move its cursor, colour it or turn lines around."""

from __future__ import annotations

import re

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""The text with each control character but tab and end of line written out, such as ``\x1b``."""
    return _CONTROLS.sub(lambda match: ascii(match[0])[1:-1], text)


def visible_json(text: str) -> str:
    """The same for JSON, which stays what it is: control characters stand in strings alone."""
    return _CONTROLS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
