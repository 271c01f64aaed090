"""The language of a page: what it states, or what its script can be in only one of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from sitebookify.book.extract.body import body_of
from sitebookify.book.tree import Element, text_of

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_SCRIPTS = {
    "ja": re.compile("[\u3041-\u309f\u30a1-\u30fa]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
}
_LETTER = re.compile(r"[^\W\d_]")
_LEAST = 0.1
"""Share of the letters: there is much Latin in texts about computers, and a few kana in an English one about Japan."""
_LONGEST = 50_000
"""Characters looked at."""


def language_of(document: Element) -> str:
    """The page's language as a BCP 47 tag, or "" where neither mark-up nor script tells."""
    return next((tag.replace("_", "-") for said in _stated(document) if (tag := _tag(said))), "") or _by_script(
        document
    )


def _tag(said: str) -> str:
    return said.strip().replace("_", "-") if _TAG.fullmatch(said.strip()) else ""


def _stated(document: Element) -> Iterator[str]:
    body = body_of(document)
    for element in (document, body):
        yield element.get("lang") or element.get("xml:lang") or ""
    for meta in document.iter("meta"):
        if "content-language" in ((meta.get("http-equiv") or "").lower(), (meta.get("name") or "").lower()):
            yield (meta.get("content") or "").partition(",")[0]
    boxes = [*body]
    if len(boxes) == 1:  # a box around everything
        yield boxes[0].get("lang") or boxes[0].get("xml:lang") or ""


def _by_script(document: Element) -> str:
    """Chinese characters are Japanese where kana stand among them, which is why those are asked first."""
    text = text_of(body_of(document))[:_LONGEST]
    letters = len(_LETTER.findall(text))
    found = Counter({tag: len(script.findall(text)) for tag, script in _SCRIPTS.items()})
    return next((tag for tag in _SCRIPTS if found[tag] and found[tag] >= _LEAST * letters), "")
