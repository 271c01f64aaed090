"""How pages are edited: the order goes to the worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sitebookify.spec import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOrder:
    """How to edit a page.

    Attributes:
        source: the language of the page where it names none itself, a BCP 47 tag or "".
        language: the language asked for, a BCP 47 tag.
        edition: what the book has of the two languages.
        titles: of the contents, each with its translation.
        answers: accepted answers by the texts that they translate; what is missing stays as it is.
    """

    source: str
    language: str
    edition: Edition
    titles: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def bilingual(self) -> bool:
        """True where both languages are in the book."""
        return self.edition is Edition.BILINGUAL
