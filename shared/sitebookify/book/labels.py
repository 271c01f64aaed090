"""The few words that the book itself says, in the book's language; a language is a table of ``labels.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words in one language.

    ``translated`` and ``rewritten`` say that a ``{model}`` has made the text on a ``{date}`` and nobody has read it.
    """

    contents: str
    cover: str
    source: str
    sources: str
    search: str
    translated: str
    rewritten: str

    def of_sources(self, count: int) -> str:
        """The word for so many sources."""
        return self.source if count == 1 else self.sources


@cache
def _labels() -> Mapping[str, Labels]:
    text = files("sitebookify.book").joinpath("labels.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Labels])


def labels_of(language: str) -> Labels:
    """The words in the language of a BCP 47 tag; in English where there are none."""
    labels = _labels()
    return labels.get(language.partition("-")[0].lower(), labels["en"])
