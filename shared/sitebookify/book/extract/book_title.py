"""What a book is called: the start page's title, which some sites do not take for a name."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"\s+[-\u2013\u2014|·•»«/~]+\s+|\s*[|»«]\s*")
"""Between a page's title and the site's name."""
_LONGEST = 200
"""Characters of a title that nobody has read yet."""
_WORDS = """
about, contents, docs, documentation, get started, getting started, home, home page, homepage, index, introduction,
main page, overview, readme, start, start page, table of contents, welcome,
ホーム, トップ, トップページ, はじめに, 概要, 目次, ようこそ, ドキュメント,
accueil, bienvenue, sommaire, startseite, willkommen, einführung, inicio, bienvenido, introducción, inizio, início
"""
_START_PAGES = frozenset(word.strip() for word in _WORDS.split(","))
"""What a site calls its first page, and nobody a book."""


def first_title(title: str, *, one_book: bool = False) -> str:
    """What a book is called while only the start page's ``title`` is known, which may say the site's name too."""
    start, *others = [part for part in _BETWEEN.split(title[:_LONGEST]) if part.strip()] or [""]
    return title_of_book(start, others[-1] if others else "", one_book=one_book).strip()


def title_of_book(start: str, name: str, *, one_book: bool = False) -> str:
    """The start page's title, or the site's name where that title only says that it is the start.

    ``one_book``: the site is a book of that name, and the start page a chapter of it.
    """
    is_chapter = one_book or start.strip(" !.").casefold() in _START_PAGES
    return name if name and is_chapter else start
