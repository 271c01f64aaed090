"""How deep a stranger's JSON is nested, found out before a parser follows it."""

from __future__ import annotations

import re

DEEPEST = 32
"""Levels that any message to these services has room for; the deepest has six."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def too_deep(data: bytes, deepest: int = DEEPEST) -> bool:
    """True where brackets, outside of strings, are open at more than ``deepest`` levels at once; linear in the size."""
    if data.count(b"[") + data.count(b"{") <= deepest:
        return False
    depth = 0
    for match in _TOKEN.finditer(data):
        token = match[0]
        if token in b"[{":
            depth += 1
            if depth > deepest:
                return True
        elif token in b"]}":
            depth -= 1
    return False
