"""The pages that a page names as its neighbours: the next one, the one before, the one above.

Links to them say little else ("Next page →"), or announce the page's title after a sign ("Next: Widgets"). "Next steps"
is a chapter. Rows of such links go when the order of the pages has been read from them: of a single page they are told
by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from itertools import chain, islice, pairwise

from sitebookify.book.extract import rules
from sitebookify.book.extract.hyperlinks import access_key, target_of
from sitebookify.book.extract.promotion_signs import is_small
from sitebookify.book.extract.removal import Explanation, drop_all
from sitebookify.book.extract.words import word_count
from sitebookify.book.html.addresses import page_of
from sitebookify.book.tree import Element, finder, first_words, is_blank, is_last_of, relations_of, words_of

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
    return len(text) <= _LONGEST and (leads(text, "next") or leads(text, "prev"))


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


_RELATIONS = {"next": {"next"}, "prev": {"prev", "previous"}, "up": {"up"}}
"""What links there say of themselves, and in its first letter which access key they have."""
_NAMES = {"next": "next|older", "prev": "prev|previous|newer"}
_NAMED = {way: re.compile(rf"(?:^|[-_\s])(?:{names})(?:$|[-_\s])", re.IGNORECASE) for way, names in _NAMES.items()}
"""Classes of such links."""
_BREADCRUMB = re.compile(r"breadcrumb", re.IGNORECASE)
_related = finder(attributes=["rel"])
_keyed = finder(attributes=["accesskey"])


def _says_opposite(link: Element, direction: str) -> bool:
    """True where the link's words contradict its relation: an old theme of MkDocs calls the previous page ``next``."""
    opposite = {"next": "prev", "prev": "next"}.get(direction)
    return opposite is not None and link.tag == "a" and leads(said_by(link), opposite)


def neighbour(document: Element, base: str, direction: str) -> str:
    """The page that a link calls ``next``, ``prev`` or ``up``, by relation, access key, class or words; or ""."""
    related = (link for link in _related(document) if not _RELATIONS[direction].isdisjoint(relations_of(link)))
    keyed = (link for link in _keyed(document) if access_key(link) == direction[0])
    name = _NAMED.get(direction)
    anchors = document.iter("a") if name else ()
    named = (link for link in anchors if name and _is_named(link, name))
    links = (link for link in chain(related, keyed, named) if link.tag in ("link", "a") and link.get("href"))
    link = next((link for link in links if not _says_opposite(link, direction)), None)
    if link is not None:
        return target_of(link, base)
    if name is None:
        return ""
    texts = [(link, said_by(link)) for link in document.iter("a")]
    return _worded(texts, base, direction) or _beside_its_opposite(texts, base, direction)


def _worded(links: Iterable[tuple[Element, str]], base: str, direction: str) -> str:
    """Another page to which a link leads that says nothing but where, or ""; the links come with what they say."""
    for link, text in links:
        if leads(text, direction) and link.get("href"):
            target = _other_page(link, base)
            if target:
                return target
    return ""


def _other_page(link: Element, base: str) -> str:
    """Where the link leads; "" for the page itself and for no page."""
    target = target_of(link, base)
    return "" if target == page_of(base) else target


def _beside_its_opposite(links: Sequence[tuple[Element, str]], base: str, direction: str) -> str:
    """Where the later or the earlier of two titles with arrows leads: "← Rigging" and "Anchors →"; or ""."""
    for (earlier, earlier_text), (later, later_text) in pairwise(links):
        if titled(earlier_text, "prev") and titled(later_text, "next") and _are_close(earlier, later):
            return target_of(later if direction == "next" else earlier, base)
    return ""


def _are_close(one: Element, other: Element) -> bool:
    """True for two links in one box, each in one of its own at most."""
    first = one.getparent()
    second = other.getparent()
    if first is None or second is None or first is second:
        return True
    outer = first.getparent()
    return outer is second or second.getparent() in (first, outer)


def parent_page(document: Element, base: str, *, menus: Container[Element] = frozenset()) -> str:
    """The page above this one: by a link's relation, the last link of a breadcrumb, or a link's words; or "".

    ``menus`` are elements of the site's tables of contents, in which no words name it.
    """
    related = neighbour(document, base, "up")
    if related:
        return related
    boxes = document.iter("nav", "ol", "ul", "div")
    called = ((box, f"{box.get('class')} {box.get('aria-label')}") for box in boxes)
    trail = next((box for box, names in called if _BREADCRUMB.search(names)), None)
    if trail is None:
        links = (link for link in document.iter("a") if link not in menus)
        return _worded(((link, said_by(link)) for link in links), base, "up")
    targets = [_other_page(link, base) for link in trail.iter("a")]
    return next(filter(None, reversed(targets)), "")


def _is_named(link: Element, name: re.Pattern[str]) -> bool:
    """True where a class of the link, or of a box that holds nothing else, has such a name."""
    if _has(name, link):
        return True
    box = link.getparent()
    if box is None or not _has(name, box):
        return False
    return is_last_of(link, box) and words_of(link) == words_of(box)


def _has(name: re.Pattern[str], element: Element) -> bool:
    return name.search(element.get("class", "")) is not None


_BOXES = ("ul", "ol", "div", "footer", "section")
_MOST_BESIDE = 4
"""Words beside the link."""


def drop_pagers(root: Element, explanation: Explanation) -> None:
    """Drop the boxes of one or two such links."""
    boxes = [*root.iterdescendants(*_BOXES)]
    pagers = (box for box in boxes if box.getparent() is not None and _is_pager(box))
    drop_all(root, (("links to the pages before and after", box) for box in pagers), explanation)


def _is_pager(box: Element) -> bool:
    """True for a box of two parts that say "Previous" and "Next", or have arrows, or of one part that has both."""
    parts = list(islice(box, 3))
    if len(parts) not in (1, 2) or not is_blank(box.text) or not all(is_blank(part.tail) for part in parts):
        return False
    if not is_small(box, rules.BAR_WORDS.count):
        return False
    ways = {_way(part) for part in parts}
    if "" in ways or len(ways) != len(parts):
        return False
    return len(parts) == 2 or is_labelled(words_of(box))


def _way(part: Element) -> str:
    """Which way the part says that it leads, "prev" or "next", if it is little but a link; else ""."""
    links = list(islice(part.iter("a"), 2))
    if len(links) != 1 or (links[0].get("href") or "#").startswith("#"):
        return ""
    if word_count(part) - word_count(links[0]) > _MOST_BESIDE:
        return ""
    return way_of(words_of(part))
