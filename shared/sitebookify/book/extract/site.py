"""What a site's sample says before its pages are extracted: which generator's entry fits, and the profile."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sitebookify.book.extract.agreement import objection_to
from sitebookify.book.extract.body import box_lines, parse_page, parse_unboxed
from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.extract.generated import content_of, roots_of
from sitebookify.book.extract.learn import Sample, learn, learn_template, with_names
from sitebookify.book.extract.margins import learn_margins
from sitebookify.book.extract.next_articles import drop_next_articles
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.promotions import drop_promotions
from sitebookify.book.extract.sampling import sample
from sitebookify.book.generators import Generator, generator_of, named
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.html.addresses import base_of
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.tree import Element
from sitebookify.messages import NOTHING

_FEW = 8
"""Pages that are learned from where the generator is known: for pages of which the entry finds no root."""


@dataclass(frozen=True, slots=True)
class _Sampled:
    base: str
    text: str
    document: Element


def learn_site(pages: Sequence[tuple[str, str]]) -> Profile:
    """The profile of the site that the pages, as (URL, HTML), are a sample of.

    Where most pages are recognised as a generator's, little is learned, and that is asked whether the entry fits.
    """
    sampled = list(_parsed(pages))
    few = sample(sampled, _FEW)
    name = generator_of([(page.document, page.text) for page in few])
    generator = named(name)
    for page in sampled:
        drop_next_articles(page.document, Explanation())
        drop_promotions(page.document, Explanation())
    objection = NOTHING
    if generator is not None:
        outlined = Sample.of([(page.base, parse_page(page.text)) for page in few])
        profile = learn_template(outlined, confirm=False)
        objection = objection_to(generator, outlined, profile)
        if not objection:
            return replace(_with_entry(profile, generator, sampled), generator=name)
    for page in sampled:
        box_lines(page.document)
    profile = learn([(page.base, page.document) for page in sampled])
    return replace(profile, generator=name, objection=objection)


def _parsed(pages: Sequence[tuple[str, str]]) -> Iterator[_Sampled]:
    for url, text in pages:
        with contextlib.suppress(NotADocument):
            document = parse_unboxed(text)
            yield _Sampled(base_of(document, url), text, document)


def _with_entry(profile: Profile, generator: Generator, pages: Sequence[_Sampled]) -> Profile:
    """The profile with what the entry does not know: titles, links beside headings, and the site's own margins."""
    profile = with_names(profile, [(page.base, page.document) for page in pages])
    return replace(profile, margins=learn_margins(_contents(pages, generator)))


def _contents(pages: Sequence[_Sampled], generator: Generator) -> Iterator[Element]:
    """The content of the pages in which the entry finds any."""
    for page in pages:
        matcher = Matcher(page.document)
        roots = roots_of(page.document, matcher, generator)
        if roots is not None:
            yield content_of(roots, matcher, generator, Explanation())
