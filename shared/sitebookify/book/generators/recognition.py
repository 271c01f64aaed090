"""Which generator made a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.registry import generators
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.tree import Element

NEEDED = 2
"""Signs that must agree: themes imitate each other's classes, and pages quote each other's comments."""
_TEXT = "text:"
_HEAD = 4000
"""Characters of the source in which texts count as signs."""
_LONGEST_CLAIM = 200


def generator_of(pages: Sequence[tuple[Element, str]]) -> str:
    """The name of the generator that made more than half of the pages, each as (document, source); "" for none."""
    votes = Counter(recognised(document, source) for document, source in pages)
    return next((name for name, times in votes.items() if 2 * times > len(pages)), "")


def recognised(document: Element, source: str) -> str:
    """The generator whose signs the page has most of, at least two; "" where there is none."""
    counted = signs_of(document, source)
    enough = {name: signs for name, signs in counted.items() if signs >= NEEDED}
    return max(enough, key=lambda name: enough[name], default="")


def signs_of(document: Element, source: str) -> dict[str, int]:
    """How many signs of each generator the page has, without those that it has none of."""
    matcher = Matcher(document)
    claims = _claims(document)
    head = source[:_HEAD]
    counted: dict[str, int] = {}
    for name, generator in generators().items():
        signs = sum(_has(document, matcher, head, sign) for sign in generator.signs)
        signs += any(_is_claimed(generator, claim) for claim in claims)
        if signs:
            counted[name] = signs
    return counted


def _claims(document: Element) -> list[str]:
    """What the page says of its generator in ``meta name=generator``."""
    metas = [meta for meta in document.iter("meta") if (meta.get("name") or "").lower() == "generator"]
    return [" ".join((meta.get("content") or "").split())[:_LONGEST_CLAIM] for meta in metas]


def _is_claimed(generator: Generator, claim: str) -> bool:
    return bool(generator.generated) and re.match(generator.generated, claim, re.IGNORECASE) is not None


def _has(document: Element, matcher: Matcher, head: str, sign: str) -> bool:
    if sign.startswith(_TEXT):
        return sign.removeprefix(_TEXT) in head
    return bool(matcher.select(document, sign, itself=True))
