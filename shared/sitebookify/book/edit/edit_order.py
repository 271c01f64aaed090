"""How pages are edited: the order goes to the worker processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sitebookify.book.document.nodes import Attr, Document
from sitebookify.book.edit.scripts import base_of
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
    def keeps_language(self) -> bool:
        """True where the text is written anew in the language that it has."""
        rewrites = self.edition is Edition.REWRITE
        return rewrites and bool(self.source) and base_of(self.source) == base_of(self.language)

    def of_page(self, document: Document) -> EditOrder:
        """The order with the page's own language."""
        return replace(self, source=document.language or self.source)

    def is_done(self, attr: Attr | None) -> bool:
        """True for what the page says is in the language asked for."""
        if self.keeps_language or attr is None or not attr.lang:
            return False
        return base_of(attr.lang) == base_of(self.language)
