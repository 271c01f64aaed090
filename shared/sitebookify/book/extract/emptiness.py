"""Why a page that answers has nothing to read: scripts draw it, it asks for a password, or it keeps programs out.

Sold as a chapter, "Loading..." would be a book of nothing. Only pages of few words are judged, and by what stands in
the page: a container that scripts fill, a password's field, the words of a challenge.
"""

from __future__ import annotations

import re
from enum import StrEnum

from sitebookify.book.html.vocabulary import METADATA
from sitebookify.book.tree import Element, first_words, text_of

MOST_WORDS = 60
"""Words of text that a page may have to be judged: the short pages of real sites have more, or none of the signs."""
_FEW_WORDS = 12
"""Words that a shell has outside of its menus: "Loading, please wait"."""
_MENUS = METADATA | {"header", "nav", "footer"}
_CONTAINERS = re.compile(
    r"(?:root|app|__next|__nuxt|___gatsby|svelte|main|content|application|docsify)(?:-root)?", re.IGNORECASE
)
_WAITING = re.compile(
    r"(?:loading|please wait|initiali[sz]ing|just a second|one moment|"
    r"読み込み中(?:です)?|読込中|お待ちください|加载中|正在加载|로딩|laden|chargement|cargando)\W*",
    re.IGNORECASE,
)
_NEEDS_SCRIPT = re.compile(r"java\s?script", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"checking your browser|just a moment|attention required|verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|ddos protection by|enable cookies and reload|unusual traffic|access denied|"
    r"security check|complete the captcha",
    re.IGNORECASE,
)
_CHALLENGE_TEXT = re.compile(
    r"process is automatic|will redirect to your requested|you will be redirected|allow up to \d+ seconds|"
    r"solve this|unblock|\bray id\b|reference (?:id|#)",
    re.IGNORECASE,
)
_NAMES = ("id", "class", "src", "action")
_CHALLENGE_NAMES = re.compile(r"captcha|cf-challenge|challenge-(?:form|platform|running)|turnstile", re.IGNORECASE)


class Emptiness(StrEnum):
    """What stands in the way of a page's text; a reason in reports and jobs."""

    NEEDS_JAVASCRIPT = "NEEDS_JAVASCRIPT"
    NEEDS_LOGIN = "NEEDS_LOGIN"
    BLOCKED = "BLOCKED"


def emptiness_of(document: Element) -> Emptiness | None:
    """Why the whole page has nothing to read, or None where it has."""
    text = first_words(document, MOST_WORDS + 1, without=_MENUS)
    if len(text.split()) > MOST_WORDS:
        return None
    if _asks_for_proof(document, text):
        return Emptiness.BLOCKED
    if any((field.get("type") or "").strip().lower() == "password" for field in document.iter("input")):
        return Emptiness.NEEDS_LOGIN
    return Emptiness.NEEDS_JAVASCRIPT if _is_shell(document, text) else None


def _asks_for_proof(document: Element, text: str) -> bool:
    """True where a title or a heading says what challenges say, and where their parts, or their other words, stand."""
    titles = " ".join(text_of(element) for element in document.iter("title", "h1", "h2"))
    if not _CHALLENGE.search(titles[:1000]):
        return False
    if _has_script(document) or _CHALLENGE_TEXT.search(text):
        return True
    names = (element.get(name) or "" for element in document.iter("div", "form", "iframe") for name in _NAMES)
    return any(_CHALLENGE_NAMES.search(name[:300]) for name in names)


def _is_shell(document: Element, text: str) -> bool:
    if _WAITING.fullmatch(text):
        return True
    if not _has_script(document) or len(text.split()) > _FEW_WORDS:
        return False
    if any(_NEEDS_SCRIPT.search(text_of(element)[:2000]) for element in document.iter("noscript")):
        return True
    return _NEEDS_SCRIPT.search(text) is not None or _has_empty_container(document)


def _has_script(document: Element) -> bool:
    return next(document.iter("script"), None) is not None


def _has_empty_container(document: Element) -> bool:
    """True for a named box without text, which a script of the page fills."""
    for box in document.iter("div", "main", "section", "app-root"):
        if _CONTAINERS.fullmatch(box.get("id") or str(box.tag)) and not text_of(box).strip():
            return True
    return False
