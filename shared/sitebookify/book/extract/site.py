"""What a site's sample says before its pages are extracted: which generator's entry fits, and the profile."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from sitebookify.book.extract.body import box_lines, parse_page, parse_unboxed
from sitebookify.book.extract.generated import content_of, roots_of
from sitebookify.book.extract.learn import learn, learn_template, with_names
from sitebookify.book.extract.margins import learn_margins
from sitebookify.book.extract.next_articles import drop_next_articles
from sitebookify.book.extract.outline import OutlinedPage
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.promotions import drop_promotions
from sitebookify.book.extract.removal import Explanation
from sitebookify.book.extract.root import balances
from sitebookify.book.extract.sampling import sample
from sitebookify.book.generators import Generator, generator_of, named
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.html.addresses import base_of
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.tree import Element
from sitebookify.messages import NOTHING, Message

_LEAST_TEXT = 30
"""Words of its own that a page has at least to be asked: start pages and redirects say little."""
_MOST_MISSING = 0.4
"""Share of the pages that may lack the entry's root: pages of other kinds, such as a blog beside a manual."""
_LEAST_HELD = 0.5
"""Share of a page's own words, not in links and not in blocks that many pages repeat, that the entry's root holds."""
_MOST = 0.5
"""Share of the pages on which the entry's root may hold less."""
_FEW = 8
"""Pages that are learned from where the generator is known: for pages of which the entry finds no root."""


class _Sampled(NamedTuple):
    base: str
    text: str
    document: Element


def learn_site(pages: Sequence[tuple[str, str]]) -> Profile:
    """The profile of the site that the pages, as (URL, HTML), are a sample of.

    Where most pages are recognised as a generator's, little is learned, and that is asked whether the entry fits.
    """
    sampled: list[_Sampled] = []
    for url, text in pages:
        with contextlib.suppress(NotADocument):
            document = parse_unboxed(text)
            sampled.append(_Sampled(base_of(document, url), text, document))
    few = sample(sampled, _FEW)
    name = generator_of([(page.document, page.text) for page in few])
    generator = named(name)
    for page in sampled:
        drop_next_articles(page.document, Explanation())
        drop_promotions(page.document, Explanation())
    documents = [(page.base, page.document) for page in sampled]
    objection = NOTHING
    if generator is not None:
        profile, outlined = learn_template([(page.base, parse_page(page.text)) for page in few], confirm=False)
        objection = objection_to(generator, outlined, profile)
        if not objection:
            profile = with_names(profile, documents)  # what the entry does not know
            return replace(profile, generator=name, margins=learn_margins(_contents(sampled, generator)))
    for page in sampled:
        box_lines(page.document)
    return replace(learn(documents), generator=name, objection=objection)


def _contents(pages: Sequence[_Sampled], generator: Generator) -> Iterator[Element]:
    """The content of the pages in which the entry finds any."""
    for page in pages:
        matcher = Matcher(page.document)
        roots = roots_of(matcher, generator)
        if roots is not None:
            yield content_of(roots, matcher, generator, Explanation())


def objection_to(generator: Generator, pages: Collection[OutlinedPage], profile: Profile) -> Message:
    """Why the entry's content box is not used for the site of this profile: some quote or imitate its mark-up.

    Nothing where it fits.
    """
    verdicts = Counter(_verdict(page, generator, profile) for page in pages)
    asked = len(pages) - verdicts[""]
    missing, small = verdicts["missing"], verdicts["small"]
    if missing > _MOST_MISSING * asked:
        return Message("generator.box_missing", count=asked, pages=missing, generator=generator.name)
    if small > _MOST * asked:
        return Message("generator.text_outside", count=asked, pages=small, generator=generator.name)
    return NOTHING


def _verdict(page: OutlinedPage, generator: Generator, profile: Profile) -> str:
    """What the page says of the entry's root: missing, small, or fits; "" where it has too little text to say."""
    balance = balances(page, profile)
    own = balance[page.outline].gain
    if own < _LEAST_TEXT:
        return ""
    roots = roots_of(Matcher(page.document), generator)
    if roots is None:
        return "missing"
    in_roots = sum(weighed.gain for block, weighed in balance.items() if block.element in roots.elements)
    return "fits" if in_roots >= _LEAST_HELD * own else "small"
