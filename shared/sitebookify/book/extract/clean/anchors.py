"""Links made absolute, anchors kept, and links that only say "here" or "to the top" removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from itertools import islice
from urllib.parse import unquote, urlsplit

from sitebookify.book.extract.clean.elements import beside, has_letters, is_marked, put_place_before
from sitebookify.book.extract.signs import stands_beside
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import BLOCKS, CELLS, HEADINGS, ITEMS, TITLES
from sitebookify.book.tree import Element, drop, is_blank, is_inside, is_last_of, text_before, unwrap, words_of

_NAMES = re.compile(r"permalink|headerlink|headinglink|anchor|hash-?link", re.IGNORECASE)
_SAYS_LINK = re.compile(
    r"(?:copy |direct |get )?(?:perma)?link(?:s)?(?: (?:to|for)\b.*)?|anchor(?: (?:to|for|link)\b.*)?", re.IGNORECASE
)
"""What links of headings to themselves are called."""
_HEADER_LINK = re.compile(r"(?:^|[-_ ])(?:permalink|header-?link|heading-?link)(?:$|[-_ ])", re.IGNORECASE)
"""What a link is called that leads to its own place, wherever that is marked (pydoctor)."""
_PICTURE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$", re.IGNORECASE)
_SIZE = re.compile(r"^\d{2,5}px-|-\d{2,5}x\d{2,5}(?=\.)|@\dx(?=\.)|-scaled(?=\.)")
"""How wikis and blogs name smaller copies of a picture."""
_UP = re.compile(
    r"[\[(^\u2191\u25b2\s]*(?:(?:(?:back|go|return|jump|scroll)[\s-]*)?(?:to[\s-]*)?(?:the[\s-]*)?(?:top|start)"
    r"(?:\s*of\s*(?:the\s*)?page)?|top|nach oben|(?:zur\u00fcck )?zum (?:seiten)?anfang|haut de (?:la )?page"
    r"|retour en haut(?: de (?:la )?page)?|volver arriba|arriba|torna su|voltar ao topo|terug naar boven"
    r"|\u043d\u0430\u0432\u0435\u0440\u0445|(?:\u30da\u30fc\u30b8(?:\u306e)?)?(?:\u5148\u982d|\u30c8\u30c3\u30d7)"
    r"(?:\u3078|\u306b)?(?:\u623b\u308b)?|(?:\u56de\u5230|\u8fd4\u56de)\u9876\u90e8)[\])^\u2191\u25b2\s]*",
    re.IGNORECASE,
)
_LONGEST_UP = 40
"""Characters of a link to the beginning of the page."""
_LONGEST_ADDRESS = 2000
_LONGEST_SWITCH = 2
"""Words of what folds or opens a section."""
_MOST_ANCHORS = 50
"""Empty anchors before a title that are looked at."""


def normalise(root: Element, base: str, site_signs: Collection[str] = ()) -> None:
    """Give every ``a`` its one form; those that are ``site_signs`` go, with their text."""
    _drop_ways_up(root, page_of(base))
    _drop_site_signs(root, site_signs)
    places = anchors(root)
    signs = _signs(root, base)
    for link in [*root.iter("a", "area")]:
        _normalise(link, base, places, signs)


def _drop_ways_up(root: Element, page: str) -> None:
    """Drop each link that is a line of its own, leads to a place of the page and says that this is the top."""
    for link in [*root.iter("a")]:
        href, box = link.get("href", ""), link.getparent()
        can_lead_up = ("#" in href or href.isspace()) and len(href) <= _LONGEST_ADDRESS
        words = words_of(link) if can_lead_up else ""
        if len(words) > _LONGEST_UP or not _UP.fullmatch(words) or page_of(absolute(href, page)) != page:
            continue
        if box is not None and _is_line(link, box):
            drop(link)
            if box.tag in ("p", "div", "center") and not len(box) and not words_of(box):
                drop(box)


def _is_line(link: Element, box: Element) -> bool:
    """True where only blocks stand beside the link, and it says nothing to a list, a cell or a note."""
    if box.tag in ITEMS or box.tag in CELLS or is_marked(box):
        return False
    is_bare = is_blank(text_before(link)) and is_blank(link.tail)
    return is_bare and all(other.tag in BLOCKS or other.tag == "br" for other in beside(link))


def _drop_site_signs(root: Element, site_signs: Collection[str]) -> None:
    boxes: list[Element] = []
    for link in [*root.iter("a")]:
        if words_of(link) in site_signs and stands_beside(link):
            boxes += [up for up in link.iterancestors("span", "small", "sup", "div", "p") if up is not root][:2]
            drop(link)
    for box in boxes:  # the brackets around "edit" are no text either
        if not has_letters(words_of(box)) and box.find(".//img") is None:
            drop(box)


def _signs(root: Element, base: str) -> set[str]:
    """Texts that links in several titles to their own page share: "link to this heading" or "collapse" in any language.

    Titles may stand in each other: a heading in the summary that opens its section.
    """
    links: set[Element] = set()
    for title in root.iter(*TITLES):
        links.update(title.iter("a"))
    links_here = [link for link in links if link.get("href") == "#" or _fragment(link.get("href", ""), base)]
    times = Counter(map(words_of, links_here))
    return {text for text in times if times[text] > 1}


def anchors(root: Element) -> dict[str, Element]:
    """The elements that links can lead to, by id."""
    places: dict[str, Element] = {}
    for element in root.iter("*"):
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                places.setdefault(name, element)
    return places


def _normalise(link: Element, base: str, places: Mapping[str, Element], signs: set[str]) -> None:
    name = str(link.attrib.pop("name", ""))
    if name and not link.get("id"):
        link.set("id", name)
    href = link.get("href")
    if href is None:
        link.tag = "span"
        return
    fragment = _fragment(href, base)
    if len(link) == 1 and link[0].tag in HEADINGS and fragment == link.get("id"):
        link[0].set("id", link[0].get("id") or fragment)  # a heading in a link to itself
        unwrap(link)
        return
    if _is_switch(link, signs) or (fragment and _says_nothing(link, places.get(fragment), signs)):
        _remove(link)
        return
    url = absolute(href, base)
    if not url:
        _remove(link, keep_text=True)
        return
    link.set("href", url)
    if _shows_itself(link, url):
        unwrap(link)


def _is_switch(link: Element, signs: set[str]) -> bool:
    """True for what a script makes fold or open a section: it leads nowhere, and ends a heading or several titles."""
    if link.get("href") != "#":
        return False
    words = words_of(link)
    if words in signs:
        return True
    heading = next(link.iterancestors(*HEADINGS), None)
    if heading is None or not 0 < len(words.split()) <= _LONGEST_SWITCH:
        return False
    return is_last_of(link, heading) and words_of(heading).endswith(f" {words}")


def _fragment(href: str, base: str) -> str:
    """What the link names on its own page, or ""."""
    url, _, fragment = href.partition("#")
    return unquote(fragment) if not url or page_of(absolute(href, base)) == page_of(base) else ""


def _says_nothing(link: Element, target: Element | None, signs: set[str]) -> bool:
    """True for a sign or picture that leads to where it stands or nowhere, and for a title's link to itself."""
    text = words_of(link)
    if not text:  # more than an arrow or a sign has a name of several words
        picture = next(link.iter("img"), None)
        return picture is None or len(picture.get("alt", "").split()) < 2
    is_here = target is None or _is_here(link, target)
    if not has_letters(text):
        return is_here or _HEADER_LINK.search(link.get("class", "")) is not None
    title = next(link.iterancestors(*TITLES), None)
    if title is None:
        return False
    is_whole = words_of(title) == text
    # Headings lead back to the page's own contents, which may be gone already.
    is_entry = target is None or (target.tag == "a" and is_inside(target, "li"))
    if is_whole and title.tag in HEADINGS and is_entry:
        return True
    if target is None or not is_here:
        return False
    is_named = text in signs or _NAMES.search(link.get("class", "")) is not None
    return is_named or (is_last_of(link, title) if is_whole else _SAYS_LINK.fullmatch(text) is not None)


def _is_here(link: Element, target: Element) -> bool:
    """True where the target is around the link, beside it in the same title or line, or an anchor before the title."""
    if target is link or target in link.iterancestors() or target.getparent() is link.getparent():
        return True
    title = next(link.iterancestors(*TITLES), None)
    if title is None:
        return False
    for before in islice(title.itersiblings(preceding=True), _MOST_ANCHORS):
        if before is target:
            return not words_of(target)
        if before.tag not in ("a", "span") or words_of(before):
            return False  # several anchors may stand before it
    return False


def _shows_itself(link: Element, url: str) -> bool:
    """True for a picture that leads to its own file, or to a larger copy of it: a reader enlarges what he sees."""
    if len(link) != 1 or link[0].tag != "img" or words_of(link) or link.get("id"):
        return False
    return _file(url) == _file(link[0].get("src", "")) != ""


def _file(url: str) -> str:
    """The name of a picture's file without what says how large it is."""
    name = urlsplit(url).path.rpartition("/")[2]
    return _SIZE.sub("", name).lower() if _PICTURE.search(name) else ""


def _remove(link: Element, *, keep_text: bool = False) -> None:
    """Remove the link but not the anchor it may be; a title that is wholly a link to itself keeps its text."""
    title = next(link.iterancestors(*TITLES), link.getparent())
    words = words_of(link)
    is_whole = words != "" and title is not None and is_last_of(link, title) and words_of(title) == words
    anchor = link.get("id")
    if anchor:
        put_place_before(link, anchor)
    if keep_text or is_whole:
        unwrap(link)
    else:
        drop(link)
