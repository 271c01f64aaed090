"""A book's contents as nested lists of links into the reader's frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import quote

from sitebookify_api.web.book import Line
from sitebookify_api.web.pages import Html


def contents_list(lines: Sequence[Line], base: str) -> Html:
    """``ol`` in ``ol``; headings within a page have the class ``heading``."""
    return Html("".join(_nested(lines, base)))


def _nested(lines: Sequence[Line], base: str) -> Iterator[str]:
    depth = -1
    for line in lines:
        level = min(line.depth, depth + 1)
        if level > depth:
            yield "<ol>"
        else:
            yield "</li>" + "</ol></li>" * (depth - level)
        depth = level
        item = '<li class="heading">' if "#" in line.place else "<li>"
        yield f'{item}<a href="{base}{quote(line.place, safe="#")}" target="book">{escape(line.text)}</a>'
    yield "</li></ol>" * (depth + 1)
