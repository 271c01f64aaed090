"""Words by which links lead to the next and the previous page, and to the contents, in the languages of most sites.

A link counts where it says little else ("Next page →"), or announces the page's title after a sign ("Next: Widgets").
"Next steps" is a chapter.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sitebookify.book.tree import Element, first_words

_MOST_PARTS = 3
"""Elements in a link: an arrow, a word, a title."""
_MOST_WORDS = 12
_LONGEST = 120
"""Characters of what a link says, as far as it is looked at."""
_PAGE = (
    r"(?:page|chapter|section|part|lesson|topic|unit|article|seite|kapitel|abschnitt|teil|lektion|chapitre|leçon|"
    r"página|pagina|capítulo|capitolo|sección|sezione|lección|lezione|hoofdstuk|sida|side|strona|rozdział|stránka|"
    r"kapitola|sayfa|bölüm|страница|глава|раздел)"
)
_NEXT = (
    r"next|forward|continue|weiter|vorwärts|nächste[rs]?|suivante?|siguiente|próxim[ao]|seguinte|seguente|"
    r"successiv[ao]|avanti|volgende|næste|nästa|neste|seuraava|następn[aey]|dalej|další|következő|sonraki|ileri|"
    r"далее|вперёд|следующ(?:ая|ий|ее)"  # noqa: RUF001 - Russian
)
_PAGE_UNSPACED = r"(?:ページ|頁|章|節|項|編|話|回|課|記事|手順|ステップ|レッスン|チャプター|セクション|トピック)"
_NEXT_UNSPACED = (
    rf"(?:次|つぎ)(?:の?{_PAGE_UNSPACED})?(?:[へに](?:進む|すすむ|移動)?|を(?:読む|見る))?|"
    r"下一(?:页|頁|章|节|節|篇|课)|다음(?: ?(?:페이지|장))?"
)
_PREVIOUS = (
    r"prev(?:ious)?|zurück|vorherige[rs]?|vorige[rs]?|précédente?|anterior|precedente|indietro|vorige|forrige|"
    r"föregående|edellinen|poprzedni[aey]?|wstecz|předchozí|előző|önceki|geri|"
    r"назад|предыдущ(?:ая|ий|ее)"  # noqa: RUF001 - Russian
)
_PREVIOUS_UNSPACED = (
    rf"(?:前|まえ)(?:の?{_PAGE_UNSPACED}(?:[へに](?:戻る|もどる|移動)?|を(?:読む|見る))?|[へに](?:戻る|もどる)?)|"
    r"上一(?:页|頁|章|节|節|篇|课)|이전(?: ?(?:페이지|장))?"
)
_UP = (
    r"up|(?:table of )?contents|toc|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice|indice|"
    r"contenidos?|sumário|sommario|inhoud(?:sopgave)?|spis treści|obsah|içindekiler|содержание|оглавление"
)
_UP_UNSPACED = r"目次(?:へ)?|もくじ(?:へ)?|目录|目錄|차례|목차"
_WORDS = {
    "next": (_NEXT, _NEXT_UNSPACED, r">{1,2}|»|\u203a|→|⇒|▶|►|➡"),
    "prev": (_PREVIOUS, _PREVIOUS_UNSPACED, r"<{1,2}|«|\u2039|←|⇐|◀|◄|⬅"),
    "up": (_UP, _UP_UNSPACED, r"\^|↑|⇑|▲"),
}
"""For each direction the words, those of scripts without spaces, and arrows."""


def _pattern(spaced: str, unspaced: str, arrows: str) -> re.Pattern[str]:
    words = rf"(?:{_PAGE}\s)?(?:{spaced})(?:\s{_PAGE})?|{unspaced}"
    alone = rf"\W*(?:{words})\W*|\W?(?:{arrows})\W?"
    announcing = rf"\W*(?:{words})\s*(?:[:\uff1a»\u203a→|]|[-\u2013—]\s).*"
    return re.compile(rf"{alone}|{announcing}", re.IGNORECASE)


_PATTERNS = {direction: _pattern(*words) for direction, words in _WORDS.items()}


_BEGUN = {
    "prev": re.compile(rf"(?:{_WORDS['prev'][2]}|\s)*(?:{_PREVIOUS}|{_PREVIOUS_UNSPACED}|older)(?!\w)", re.IGNORECASE),
    "next": re.compile(rf"(?:{_NEXT}|{_NEXT_UNSPACED}|newer)(?!\w)", re.IGNORECASE),
}
"""What a link begins with where the page's title follows in a line of its own; blogs say "older" and "newer"."""
_ARROW = re.compile(rf"{_WORDS['prev'][2]}|{_WORDS['next'][2]}")
_TITLED = {
    "next": re.compile(rf"[^\s<«\u2039←].*\s(?:{_WORDS['next'][2]})"),
    "prev": re.compile(rf"(?:{_WORDS['prev'][2]})\s.*[^\s>»\u203a→]"),
}


@lru_cache(maxsize=4096)
def leads(words: str, direction: str) -> bool:
    """True for words of a link (`said_by`) that leads to the ``next``, the ``prev`` or the ``up`` page.

    The answers are kept: a site's menus are on all of its pages.
    """
    return bool(words) and _PATTERNS[direction].fullmatch(words) is not None


@lru_cache(maxsize=4096)
def titled(words: str, direction: str) -> bool:
    """True for words of a link that are a title behind an arrow to the ``prev`` page, or before one to the ``next``.

    "Read more →" says the same, so it takes both beside each other to be the page's neighbours.
    """
    return _TITLED[direction].fullmatch(" ".join(words.split())) is not None


def way_of(text: str) -> str:
    """The way that a text names in its first words, or by an arrow beside a title: "next", "prev", or "" for none."""
    return _begun(text) or next((way for way, words in _TITLED.items() if words.fullmatch(text)), "")


def is_labelled(text: str) -> bool:
    """True where the first words of a text name a way, and an arrow stands with them: "Next → The fir"."""
    return bool(_begun(text)) and _ARROW.search(text) is not None


def _begun(text: str) -> str:
    return next((way for way, words in _BEGUN.items() if words.match(text)), "")


def is_direction(text: str) -> bool:
    """True for the words of a link to the next or the previous page."""
    return len(text) <= _LONGEST and any(_PATTERNS[each].fullmatch(text) for each in ("next", "prev"))


def said_by(link: Element) -> str:
    """The beginning of the link's text, or what stands for it: a picture's text, a label for readers who see none."""
    if len(link) > _MOST_PARTS:
        return ""
    text = first_words(link, _MOST_WORDS, without=()) if len(link) else (link.text or "").strip()
    if not any(map(str.isalnum, text)):
        pictures = (picture.get("alt") for picture in link.iter("img"))
        names = (link.get("aria-label"), link.get("title"), *pictures)
        name = next(filter(None, names), "")
        text = name.strip() or text
    return text[:_LONGEST]
