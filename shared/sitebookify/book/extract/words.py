"""Words as evidence: counted the same way in every script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_ASCII_WORD = re.compile(r"\w+", re.ASCII)


def words(text: str) -> list[str]:
    """The words of a text in lower case; where a script has no spaces, its characters."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def counted(text: str) -> Counter[str]:
    """How often each word stands in the text."""
    return Counter(words(text))
