"""What a page's scripts do with TeX in its text: whether one typesets it, and its settings in the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sitebookify.book.extract.clean.tex_delimiters import Dollars
from sitebookify.book.extract.clean.tex_macros import Macro, macros_defined_by, macros_in
from sitebookify.book.html.visibility import is_out_of_sight
from sitebookify.book.tree import Element, text_of

_TYPESETTERS = re.compile(r"mathjax|katex", re.IGNORECASE)
_DOLLARS = re.compile(r"[\"']\$[\"']\s*,\s*[\"']\$[\"']|left[\"']?\s*:\s*[\"']\$[\"']")
"""Delimiters in the settings of MathJax 2 to 4, and of KaTeX's auto-render."""
_NUMBERS = re.compile(r"\btags[\"']?\s*:\s*[\"'](?:ams|all)|autoNumber[\"']?\s*:\s*[\"'](?:AMS|all)", re.IGNORECASE)
_ONLY_MARKED = re.compile(r"ignoreHtmlClass[\"']?\s*:\s*[\"']\.\*")
_LONGEST = 20_000
"""Characters of a script, or of a hidden text, that are looked at."""
_MOST_HIDDEN = 30
"""Hidden boxes of a page that are looked at for definitions."""
_SETTINGS = re.compile(r"(?i:mathjax|katex)|delimiters|inlineMath|macros")
"""Words of what can set delimiters or macros: it may not name its typesetter."""
_DEFINITIONS = ("\\newcommand", "\\def", "\\DeclareMathOperator")


@dataclass(frozen=True, slots=True)
class Typesetting:
    r"""``text`` says whether TeX in the page's text is typeset; in boxes that a class calls mathematics it always is.

    ``dollars`` is what a single dollar sign is, ``numbers`` whether formulas without a number get one.
    """

    text: bool = False
    dollars: Dollars = Dollars.SIGNS
    numbers: bool = False
    macros: dict[str, Macro] = field(default_factory=dict)


def typesetting_of(document: Element) -> Typesetting:
    """How the scripts of the page would typeset TeX that stands in its text."""
    scripts: list[str] = []
    for element in document.iter("script"):
        loaded = element.get("onload", "")
        scripts.append(element.get("src", "") + (element.text or "")[:_LONGEST] + loaded[:_LONGEST])
    if not any(map(_TYPESETTERS.search, scripts)):
        return Typesetting()
    settings = [script for script in scripts if _SETTINGS.search(script)]
    macros: dict[str, Macro] = {}
    for script in settings:
        macros |= macros_in(script)
    for text in _hidden_texts(document):
        if any(definition in text for definition in _DEFINITIONS):
            macros |= macros_defined_by(text)
    return Typesetting(
        text=not any(map(_ONLY_MARKED.search, settings)),
        dollars=Dollars.DELIMITERS if any(map(_DOLLARS.search, settings)) else Dollars.BEFORE_TEX,
        numbers=any(map(_NUMBERS.search, settings)),
        macros=macros,
    )


def _hidden_texts(document: Element) -> Iterator[str]:
    """What is not shown: definitions that all pages have are taken for the site's, and are no text of any."""
    boxes = document.iter("div", "p", "span", "section")
    marked = (box for box in boxes if box.get("style") or box.get("hidden") is not None)
    for box in islice(filter(is_out_of_sight, marked), _MOST_HIDDEN):
        yield text_of(box)[:_LONGEST]
