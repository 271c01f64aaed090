"""Signs that a page's scripts write by the reader's language of programming (Sandcastle): dots, brackets of types."""

from __future__ import annotations

import re
from html import unescape

from sitebookify.book.tree import Element

_CALL = re.compile(r"AddLanguageSpecificTextSet\(\s*[\"']([^\"'?]{1,80})\?([^\"']{1,400})[\"']\s*\)")
_PREFERRED = ("cs", "nu")
"""C#, which most of these pages show first, then what is neutral."""


def write_language_texts(document: Element) -> None:
    """Write what the scripts would: ``Boat`` and ``Row`` of a title are ``Boat.Row``."""
    texts: dict[str, str] = {}
    for script in document.iter("script"):
        if script.text and "AddLanguageSpecificTextSet" in script.text:
            texts.update({match[1]: _chosen(match[2]) for match in _CALL.finditer(script.text)})
    if not texts:
        return
    for place in document.iter("span"):
        name = place.get("id")
        if name in texts and not len(place) and not (place.text or "").strip():
            place.text = texts[name]


def _chosen(choices: str) -> str:
    """The text for the preferred language of ``cs=.|vb=.|nu=.``, else the first one."""
    texts = dict(choice.partition("=")[::2] for choice in choices.split("|"))
    return unescape(next((texts[name] for name in _PREFERRED if name in texts), next(iter(texts.values()), "")))
