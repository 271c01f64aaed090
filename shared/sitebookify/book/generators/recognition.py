"""Which generator made a page, and the entries, read once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from sitebookify.book.generators.entry import Generator
from sitebookify.book.generators.selectors import Matcher
from sitebookify.book.tree import Element

_FOLDER = files("sitebookify.book.generators")
_SUFFIX = ".toml"
NEEDED = 2
"""Signs that must agree: themes imitate each other's classes, and pages quote each other's comments."""
_TEXT = "text:"
_HEAD = 4000
"""Characters of the source in which texts count as signs."""
_LONGEST_CLAIM = 200


@cache
def generators() -> Mapping[str, Generator]:
    """Every generator by the name of its file, in alphabetical order."""
    return {name: _entry(name) for name in _names()}


def named(name: str) -> Generator | None:
    """The generator with this name, of which alone the file is read; None for "" or one that another version knew."""
    return _entry(name) if name in _names() else None


@cache
def _names() -> tuple[str, ...]:
    names = [file.name for file in _FOLDER.iterdir() if file.name.endswith(_SUFFIX)]
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in names))


@cache
def _entry(name: str) -> Generator:
    return read_entry(_FOLDER.joinpath(name + _SUFFIX))


def read_entry(file: Traversable) -> Generator:
    """The entry in the file.

    Raises:
        ValidationError: it has not the form; the message names the file and the field.
    """
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Generator)
    except msgspec.DecodeError as error:
        raise msgspec.ValidationError(f"{file.name}: {error}") from error


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
    metas = [meta for meta in document.iter("meta") if meta.get("name", "").lower() == "generator"]
    claims = [" ".join(meta.get("content", "").split())[:_LONGEST_CLAIM] for meta in metas]
    head = source[:_HEAD]
    counted: dict[str, int] = {}
    for name, generator in generators().items():
        signs = sum(_has(matcher, head, sign) for sign in generator.signs)
        if generator.generated:
            signs += any(re.match(generator.generated, claim, re.IGNORECASE) for claim in claims)
        if signs:
            counted[name] = signs
    return counted


def _has(matcher: Matcher, head: str, sign: str) -> bool:
    if sign.startswith(_TEXT):
        return sign.removeprefix(_TEXT) in head
    return bool(matcher.select(matcher.document, sign, itself=True))
