"""Words as evidence: counted the same way in every script."""

from __future__ import annotations

import re
import unicodedata

from sitebookify.book.tree import Element, text_of

_CJK = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_HAS_CJK = re.compile(f"[{_CJK}]")
_SPACED_WORD = re.compile(r"\w+")
_ASCII_WORD = re.compile(r"\w+", re.ASCII)


def words(text: str) -> list[str]:
    """The words of a text in lower case; where a script has no spaces, its characters."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    text = unicodedata.normalize("NFKC", text).lower()
    return (_WORD if _HAS_CJK.search(text) else _SPACED_WORD).findall(text)


def amount(text: str) -> int:
    """How many words a text amounts to: two characters of a script without spaces make one."""
    spaced = len(text.split())
    if text.isascii():
        return spaced
    return spaced + len(_HAS_CJK.findall(text)) // 2


def word_count(element: Element) -> int:
    """How many words, separated by spaces, the element's text has."""
    return len(text_of(element).split())
