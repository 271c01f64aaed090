"""The language of a page and its direction: what it states, or what its script tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.direction import direction_of
from sitebookify.book.document.nodes import Direction
from sitebookify.book.extract.body import body_of
from sitebookify.book.html.vocabulary import SILENT
from sitebookify.book.tree import Element, first_words, text_of

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")
_LETTERS = {
    "ja": "\u3041-\u309f\u30a1-\u30fa",
    "ko": "\uac00-\ud7af",
    "zh": "\u4e00-\u9fff",
    "th": "\u0e00-\u0e7f",
    "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0530-\u058f",
    "ur": "\u0679\u0688\u0691\u06ba\u06be\u06c1\u06d2",
    "fa": "\u067e\u0686\u0698\u06a9\u06af\u06cc",
    "ar": "\u0620-\u064a",
}
_SCRIPTS = {tag: re.compile(f"[{letters}]") for tag, letters in _LETTERS.items()}
_LETTER = re.compile(r"[^\W\d_]")
_LEAST = 0.1
"""Share of the letters: there is much Latin in texts about computers, and a few kana in an English one about Japan."""
_MOST = 0.3
"""Share of the letters, from which a page is not in the language that its template states."""
_BEGINNING = 150
"""Words looked at where a language is stated."""
_LONGEST = 50_000
"""Characters looked at."""


def language_of(document: Element) -> str:
    """The page's language as a BCP 47 tag, or "" where neither mark-up nor script tells."""
    tags = (stated.strip() for stated in _stated(document))
    stated = next(filter(_TAG.fullmatch, tags), "").replace("_", "-")
    if not stated:
        return _by_script(text_of(body_of(document))[:_LONGEST], _LEAST)
    if has_script_of_its_own(stated):
        return stated
    beginning = first_words(body_of(document), _BEGINNING, without=SILENT)
    return _by_script(beginning[:_LONGEST], _MOST) or stated


def has_script_of_its_own(tag: str) -> bool:
    """True for a language that is told by its letters."""
    return tag.partition("-")[0].lower() in _SCRIPTS


def page_direction(document: Element, language: str) -> Direction:
    """Answer "rtl" where the page's elements, or else its language, say that it runs from right to left; else ""."""
    for element in _outermost(document):
        direction = element.get("dir", "").strip().lower()
        if direction in ("ltr", "rtl"):
            return "rtl" if direction == "rtl" else ""
    return direction_of(language)


def _stated(document: Element) -> Iterator[str]:
    root, body, *box = _outermost(document)
    yield from map(_stated_by, (root, body))
    for meta in document.iter("meta"):
        names = [meta.get(name, "").lower() for name in ("http-equiv", "name")]
        if "content-language" in names:
            yield meta.get("content", "").partition(",")[0]
    yield from map(_stated_by, box)


def _stated_by(element: Element) -> str:
    return element.get("lang") or element.get("xml:lang") or ""


def _outermost(document: Element) -> Iterator[Element]:
    """The root, the body, and the box around everything, if there is one."""
    body = body_of(document)
    yield document
    yield body
    boxes = [*body]
    if len(boxes) == 1:
        yield boxes[0]


def _by_script(text: str, least: float) -> str:
    """Languages that share a script: the one with letters of its own is asked first, as Japanese with its kana."""
    letters = len(_LETTER.findall(text))
    for tag, script in _SCRIPTS.items():
        count = len(script.findall(text))
        if count and count >= least * letters:
            return tag
    return ""
