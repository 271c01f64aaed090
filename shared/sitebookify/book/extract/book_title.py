"""What a book is called: the start page's title, which some sites do not take for a name."""

from __future__ import annotations

_WORDS = """
about, contents, docs, documentation, get started, getting started, home, home page, homepage, index, introduction,
main page, overview, readme, start, start page, table of contents, welcome,
ホーム, トップ, トップページ, はじめに, 概要, 目次, ようこそ, ドキュメント,
accueil, bienvenue, sommaire, startseite, willkommen, einführung, inicio, bienvenido, introducción, inizio, início
"""
_START_PAGES = frozenset(word.strip() for word in _WORDS.split(","))
"""What a site calls its first page, and nobody a book."""


def title_of_book(start: str, name: str) -> str:
    """The start page's title, or the site's name where that title only says that it is the start."""
    return name if name and start.strip(" !.").casefold() in _START_PAGES else start
