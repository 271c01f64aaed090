"""The kinds of admonition: the words that pages use for each, and what writers call it. A further one is a row here."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class AdmonitionKind(StrEnum):
    """A kind: its name, which is its class in XHTML, and what belongs to it.

    Attributes:
        synonyms: words that say no more than the name, itself among them, in lower case.
        words: those, and further ones that name such a box: its classes, attributes, titles.
        alert: the one of the five kinds that GitHub's Markdown and AsciiDoc know, in capitals.
    """

    synonyms: tuple[str, ...]
    words: tuple[str, ...]
    alert: str

    def __new__(cls, name: str, synonyms: str, others: str, alert: str) -> Self:
        """A member from its row."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.synonyms = (name, *synonyms.split())
        kind.words = (*kind.synonyms, *others.split())
        kind.alert = alert
        return kind

    @property
    def is_severe(self) -> bool:
        """True for what is drawn with a heavier frame."""
        return self.alert not in ("NOTE", "TIP")

    NOTE = (
        "note",
        "info information notice",
        "remark seealso abstract summary tldr question help faq example todo quote cite secondary primary",
        "NOTE",
    )
    TIP = "tip", "hint", "success check done helpful", "TIP"
    IMPORTANT = "important", "attention", "", "IMPORTANT"
    WARNING = "warning", "warn", "", "WARNING"
    CAUTION = "caution", "danger error", "bug failure fail missing critical", "CAUTION"


KINDS: dict[str, AdmonitionKind] = {}
for _kind in AdmonitionKind:
    KINDS.update(dict.fromkeys(_kind.words, _kind))
"""Every word for a kind of admonition, and the kind."""
