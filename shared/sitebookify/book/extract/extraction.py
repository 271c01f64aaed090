"""One page from raw to clean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import msgspec

from sitebookify.book.document.build import document_of
from sitebookify.book.document.nodes import Direction, Document, Image
from sitebookify.book.document.walk import walk
from sitebookify.book.extract.bars import is_bar
from sitebookify.book.extract.body import box_lines, parse_unboxed
from sitebookify.book.extract.bylines import Byline, byline_of, put_byline
from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.clean.picture_sizes import Sizes, sizes_of
from sitebookify.book.extract.clean.typesetting import Typesetting, typesetting_of
from sitebookify.book.extract.emptiness import emptiness_of
from sitebookify.book.extract.emptiness_kinds import Emptiness
from sitebookify.book.extract.extracted import Extracted
from sitebookify.book.extract.furniture import furniture
from sitebookify.book.extract.generated import apply_entry, content_of, heading_of, roots_of
from sitebookify.book.extract.hyperlinks import target_of
from sitebookify.book.extract.language import language_of, page_direction
from sitebookify.book.extract.logos import drop_logos
from sitebookify.book.extract.margins import drop_margins
from sitebookify.book.extract.navigation import Lists, boxes_of, framed_pages, navigation
from sitebookify.book.extract.neighbours import drop_pagers, neighbour, parent_page
from sitebookify.book.extract.next_articles import drop_next_articles
from sitebookify.book.extract.outline import OutlinedPage, stated_title
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.promotions import drop_promotions
from sitebookify.book.extract.removal import Explanation, drop_all
from sitebookify.book.extract.root import choose_root
from sitebookify.book.extract.scripted_texts import undrawn_diagrams, write_scripted_texts
from sitebookify.book.extract.titles import heading_like, name_of_file, shortened, title_of, without_affixes
from sitebookify.book.extract.words import words
from sitebookify.book.generators import Generator, named
from sitebookify.book.generators.entry import Order
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.html.addresses import base_of
from sitebookify.book.model import Page
from sitebookify.book.tree import Element, elements, text_of
from sitebookify.messages import Message


class _Facts(NamedTuple):
    """What the page says of itself, before anything is taken out of it."""

    url: str
    base: str
    frames: Lists
    language: str
    direction: Direction
    typesetting: Typesetting
    sizes: Sizes
    emptiness: Emptiness | None
    byline: Byline


class _Order(NamedTuple):
    """What the page says of the order of pages: its lists of links, and its neighbours' URLs, "" for none."""

    lists: Lists
    next: str
    previous: str
    up: str


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The content root without what is no content, the page's heading, and why the root is doubtful.

    ``rule`` is what chose the root, ``logos`` are the URLs of the site's pictures that were left out.
    """

    root: Element
    rule: str
    heading: str
    order: _Order
    doubt: Message | None
    logos: tuple[str, ...] = ()


def extract_page(
    text: str, url: str, profile: Profile, encoding: str = "utf-8", explanation: Explanation | None = None
) -> Extracted:
    """The content of a page that was found at ``url`` in ``encoding``; ``explanation`` is filled in.

    Raises:
        NotADocument: the text holds no HTML body.
    """
    explanation = explanation or Explanation()
    document = parse_unboxed(text, encoding)
    alive = elements(document)
    facts = _facts_of(document, url, named(profile.generator), explanation)
    chosen = _choose(document, facts, profile, explanation)
    explanation.root = chosen.rule
    root, heading = chosen.root, chosen.heading
    amount = len(words(text_of(root)))
    embedded = clean(root, facts.base, heading, typesetting=facts.typesetting, sizes=facts.sizes, signs=profile.signs)
    del alive  # till here lxml need not make an object of each element anew whenever one is looked at
    content = document_of(root, url=url, title=heading, language=facts.language, direction=facts.direction)
    return _extracted(content, amount, embedded, chosen, facts)


def _facts_of(document: Element, url: str, generator: Generator | None, explanation: Explanation) -> _Facts:
    base = base_of(document, url)
    write_scripted_texts(document)
    language = language_of(document)
    emptiness = emptiness_of(document)
    drop_next_articles(document, explanation)  # they have bylines too
    return _Facts(
        url=url,
        base=base,
        frames=framed_pages(document, url, base),
        language=language,
        direction=page_direction(document, language),
        typesetting=typesetting_of(document),
        sizes=sizes_of(document),
        emptiness=emptiness,
        byline=byline_of(document, generator),
    )


def _choose(document: Element, facts: _Facts, profile: Profile, explanation: Explanation) -> _Chosen:
    """The content, with what the page shows of a post below its title."""
    drop_promotions(document, explanation)
    chosen = _by_entry(document, facts.base, profile, explanation)
    chosen = chosen or _by_profile(document, facts.base, profile, explanation)
    root = chosen.root
    drop_pagers(root, explanation)
    logos = drop_logos(root, facts.base, profile.pictures, explanation)
    heading = shortened(chosen.heading or name_of_file(facts.url))
    generator = named(profile.generator)
    if generator is None or generator.kind == "blog":
        put_byline(root, heading, facts.byline)
    return replace(chosen, heading=heading, doubt=chosen.doubt or undrawn_diagrams(root), logos=logos)


def _extracted(content: Document, amount: int, embedded: dict[str, str], chosen: _Chosen, facts: _Facts) -> Extracted:
    order = chosen.order
    lists = (*order.lists, *facts.frames)
    page = Page(document=content, nav=lists, next=order.next, prev=order.previous, up=order.up)
    images = (node.source for node in walk(content.blocks, content.notes) if isinstance(node, Image))
    return Extracted(
        packed=page.pack(),
        title=content.title,
        language=facts.language,
        words=amount,
        sha256=hashlib.sha256(msgspec.msgpack.encode(content)).hexdigest(),
        doubt=chosen.doubt,
        rules=chosen.rule,
        images=tuple(dict.fromkeys(filter(None, images))),
        embedded=embedded,
        logos=chosen.logos,
        emptiness=facts.emptiness,
        authors=facts.byline.authors,
        date=facts.byline.date,
    )


def _by_entry(document: Element, base: str, profile: Profile, explanation: Explanation) -> _Chosen | None:
    """The content that the entry of the site's generator names; None without an entry, or where it finds no root."""
    generator = None if profile.objection else named(profile.generator)
    if generator is None:
        return None
    matcher = Matcher(document)
    roots = roots_of(matcher, generator)
    if roots is None:
        return None
    name = without_affixes(stated_title(document), *profile.affixes)
    heading = heading_of(roots, matcher, generator) or heading_like(document, name) or name
    dropped = matcher.each(document, generator.content.drop)
    content = _elements_in(roots.elements) - _elements_in(chrome for _, chrome in dropped)
    order = _order(matcher, base, content, generator.order, roots.elements)
    root = content_of(roots, matcher, generator, explanation)
    neighbours = {order.next, order.previous, order.up} - {""}
    drop_margins(root, profile.margins, neighbours, base, explanation)
    return _Chosen(root, f"{generator.name}: {roots.selector}", heading, order, None)


def _order(matcher: Matcher, base: str, content: set[Element], entry: Order, roots: Iterable[Element]) -> _Order:
    """The lists and neighbours that the entry names; where it names none that the page has, those of any page."""
    document = matcher.document
    _, named_lists = matcher.first(document, entry.contents)
    menus = _elements_in(named_lists)
    lists: Lists = ()
    if named_lists:
        others = chain.from_iterable(map(boxes_of, roots))
        lists = navigation(document, base, content, [*named_lists, *(box for box in others if box not in menus)])
    return _Order(
        lists or navigation(document, base, content),
        _target(matcher, base, entry.next) or neighbour(document, base, "next"),
        _target(matcher, base, entry.previous) or neighbour(document, base, "prev"),
        _target(matcher, base, entry.up) or parent_page(document, base, menus=menus),
    )


def _elements_in(boxes: Iterable[Element]) -> set[Element]:
    return set(chain.from_iterable(box.iter("*") for box in boxes))


def _target(matcher: Matcher, base: str, selectors: Sequence[str]) -> str:
    _, links = matcher.first(matcher.document, selectors, itself=True)
    return next(filter(None, (target_of(link, base) for link in links)), "")


def _by_profile(document: Element, base: str, profile: Profile, explanation: Explanation) -> _Chosen:
    """The content by what was learned from the site's pages, or by the page alone."""
    box_lines(document)
    page = OutlinedPage.of(base, document, profile.vocabulary)
    root, doubt = choose_root(page, profile)
    heading = title_of(page, profile)
    removed, alike = furniture(page, root, profile)
    content = _elements_in([root.element]) - _elements_in(block.element for block in removed if is_bar(block))
    matcher = Matcher(document)
    order = _order(matcher, base, content, Order(), ())
    drop_all(root.element, ((block.rule, block.element) for block in removed), explanation)
    generator = named(profile.generator)
    if generator is not None and not profile.is_imitation:
        apply_entry(root.element, matcher, generator, explanation)
    return _Chosen(root.element, root.rule, heading, order, alike or doubt)
