"""What the edit stage has done so far: its checkpoint."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

import msgspec

from sitebookify.book.edit.arrangement import Arrangement
from sitebookify.book.edit.ladder import Outcome
from sitebookify.book.edit.tagged_text import plain_text
from sitebookify.book.stage import State
from sitebookify.jobs import ModelUse
from sitebookify.messages import Message
from sitebookify.spec import Edition

_MOST_TROUBLES = 1000
_QUOTED = 80


@dataclass(slots=True)
class BatchWork:
    """What has been sent in batches.

    Pages are gone through in rounds: ``walked`` of them in this one, whose ``sent`` requests are in batches. A batch
    has ``size`` requests at most; where the service had no room for several at a time, each is sent ``alone``, after
    the one before it. Those that are ``closed``, by their labels, are in the sum of what is paid. ``polls`` counts the
    looks at the others. Once it is ``over``, the rest is asked for one by one.
    """

    round: int = 1
    walked: int = 0
    sent: int = 0
    size: int = 2000
    alone: bool = False
    polls: int = 0
    over: bool = False
    closed: list[str] = field(default_factory=list)

    def next_round(self) -> None:
        """Go through the pages again."""
        self.round += 1
        self.walked = self.sent = 0


@dataclass(slots=True)
class EditWork:
    """What the stage has done so far.

    ``contents`` are the groups' arrangements, or why there is none; ``pages`` the edited pages in reading order, as
    blob and title; ``use`` is what the model has cost so far.
    """

    began: str = ""
    contents: list[Arrangement | str] = field(default_factory=list)
    terms: dict[str, str] | None = None
    titles: dict[str, str] | None = None
    pages: list[tuple[str, str]] = field(default_factory=list)
    use: ModelUse = field(default_factory=ModelUse)
    edited: int = 0
    kept: int = 0
    paid: int = 0
    waits: int = 0
    troubles: list[dict[str, Any]] = field(default_factory=list)
    batch: BatchWork = field(default_factory=BatchWork)

    def to_json(self) -> State:
        """Every field under its name."""
        return asdict(self)

    @classmethod
    def from_json(cls, state: State | None) -> Self:
        """The inverse of `to_json`; None where the stage begins."""
        if state is None:
            return cls(began=datetime.now(UTC).date().isoformat())
        return msgspec.convert(state, cls, str_keys=True)

    def add(self, url: str, outcome: Outcome, use: ModelUse, edition: Edition) -> None:
        """Add what became of a page, and what it cost."""
        self.edited += len(outcome.answers)
        self.kept += len(outcome.kept)
        self.use = self.use.plus(use)
        for text, fault in outcome.kept.items():
            self.note(url, _trouble(edition, plain_text(text)[:_QUOTED], fault))

    def note(self, url: str, why: Message) -> None:
        """Note for the report what could not be done, or was left out."""
        if len(self.troubles) < _MOST_TROUBLES:
            self.troubles.append({"url": url, **why.fields("reason")})


def _trouble(edition: Edition, text: str, why: str) -> Message:
    if edition is Edition.REWRITE:
        return Message("trouble.unwritten", text=text, why=why)
    return Message("trouble.untranslated", text=text, why=why)
