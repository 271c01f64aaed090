"""Texts that a page's scripts write: Sandcastle's signs by language of programming, addresses that Cloudflare hides."""

from __future__ import annotations

import re
from html import unescape

from sitebookify.book.tree import Element, drop, finder, is_blank

_CALL = re.compile(r"AddLanguageSpecificTextSet\(\s*[\"']([^\"'?]{1,80})\?([^\"']{1,400})[\"']\s*\)")
_LONGEST_ADDRESS = 254
"""Characters of an address of e-mail (RFC 5321)."""
_hidden_addresses = finder(attributes=["data-cfemail"])


def write_scripted_texts(document: Element) -> None:
    """Write what the scripts would."""
    _write_signs(document)
    for place in _hidden_addresses(document):
        address = _decoded(place.get("data-cfemail") or "")
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
