"""Links made absolute, anchors kept, and links that only say "here" removed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from urllib.parse import unquote, urlsplit

from sitebookify.book.extract.clean.moves import put_place_before
from sitebookify.book.extract.clean.questions import has_letters
from sitebookify.book.extract.signs import stands_beside
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.html.vocabulary import HEADINGS, TITLES
from sitebookify.book.tree import Element, drop, elements, is_inside, is_last_of, unwrap, words_of

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
_LONGEST_SWITCH = 2
"""Words of what folds or opens a section."""
_MOST_ANCHORS = 50
"""Empty anchors before a title that are looked at."""


def normalise(root: Element, base: str, site_signs: Collection[str] = ()) -> None:
    """Give every ``a`` its one form; those that are ``site_signs`` go, with their text."""
    _drop_site_signs(root, site_signs)
    places = anchors(root)
    signs = _signs(root, base)
    for link in [*root.iter("a", "area")]:
        _normalise(link, base, places, signs)


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
    for element in elements(root):
        for name in _anchor_names(element):
            places.setdefault(name, element)
    return places


def _anchor_names(element: Element) -> Iterator[str]:
    names = (element.get("id"), element.get("name") if element.tag == "a" else None)
    return filter(None, names)


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
    if not text:
        return not _shows_picture(link)
    is_here = target is None or _is_here(link, target)
    if not has_letters(text):
        return is_here or _HEADER_LINK.search(link.get("class", "")) is not None
    title = next(link.iterancestors(*TITLES), None)
    if title is None:
        return False
    is_whole = words_of(title) == text
    if is_whole and title.tag in HEADINGS and _is_entry(target):
        return True
    if target is None or not is_here:
        return False
    is_named = text in signs or _NAMES.search(link.get("class", "")) is not None
    return is_named or (is_last_of(link, title) if is_whole else _SAYS_LINK.fullmatch(text) is not None)


def _is_entry(target: Element | None) -> bool:
    """True for an entry of the page's own contents, to which headings lead back; it may be gone already."""
    return target is None or (target.tag == "a" and is_inside(target, "li"))


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


def _shows_picture(link: Element) -> bool:
    """True for more than an arrow or a sign."""
    picture = next(link.iter("img"), None)
    return picture is not None and len(picture.get("alt", "").split()) > 1


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
