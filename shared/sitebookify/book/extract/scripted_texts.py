"""Texts that a page's scripts write: Sandcastle's signs by language of programming, addresses that Cloudflare hides.

Diagrams that they draw from what the page does not hold are missing in the book, which can only say so.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from sitebookify.book.html.vocabulary import EMBEDDED
from sitebookify.book.tree import Element, drop, finder, holds, is_blank, words_of
from sitebookify.messages import Message

_CALL = re.compile(r"AddLanguageSpecificTextSet\(\s*[\"']([^\"'?]{1,80})\?([^\"']{1,400})[\"']\s*\)")
_LONGEST_ADDRESS = 254
"""Characters of an address of e-mail (RFC 5321)."""
_hidden_addresses = finder(attributes=["data-cfemail"])


def write_scripted_texts(document: Element) -> None:
    """Write what the scripts would."""
    _write_signs(document)
    for place in _hidden_addresses(document):
        address = _decoded(place.get("data-cfemail", ""))
        if not address:
            continue
        for child in [*place]:
            drop(child)
        place.text = address
        if place.tag == "a":
            place.set("href", f"mailto:{address}")


def _decoded(code: str) -> str:
    """The address: each byte is combined with the first one."""
    try:
        first, *rest = bytes.fromhex(code[: 2 * _LONGEST_ADDRESS])
    except ValueError:
        return ""
    return bytes(byte ^ first for byte in rest).decode("utf-8", "replace")


def _write_signs(document: Element) -> None:
    """What stands for ``Boat`` and ``Row`` of a title is ``Boat.Row``."""
    texts: dict[str, str] = {}
    for script in document.iter("script"):
        if script.text and "AddLanguageSpecificTextSet" in script.text:
            texts.update({match[1]: _chosen(match[2]) for match in _CALL.finditer(script.text)})
    if not texts:
        return
    for place in document.iter("span"):
        name = place.get("id")
        if name in texts and not len(place) and is_blank(place.text):
            place.text = texts[name]


def _chosen(choices: str) -> str:
    """Of ``cs=.|vb=.|nu=.`` the text for C#, which most of these pages show first, else the neutral or first one."""
    texts = dict(choice.partition("=")[::2] for choice in choices.split("|"))
    first = next(iter(texts.values()))
    return unescape(texts.get("cs", texts.get("nu", first)))


_DIAGRAM = re.compile(r"(?:.*[-_])?(?:mermaid|plantuml|graphviz|drawio)(?:[-_].*)?")
_SHOWN = tuple(EMBEDDED | {"script"})
"""What holds a drawing, or its source."""


def undrawn_diagrams(root: Element) -> Message | None:
    """What is doubtful about a page with empty boxes for diagrams; None where there are none."""
    boxes = [box for box in root.iter("div", "figure", "pre") if _names_diagram(box.get("class", ""))]
    empty = {box for box in boxes if not words_of(box) and not holds(box, *_SHOWN)}
    outermost = sum(box.getparent() not in empty for box in empty)
    return Message("doubt.diagrams_missing", count=outermost) if outermost else None


@lru_cache(maxsize=4096)
def _names_diagram(classes: str) -> bool:
    """The answer for a class attribute; templates have few."""
    return any(map(_DIAGRAM.fullmatch, classes.lower().split()))
