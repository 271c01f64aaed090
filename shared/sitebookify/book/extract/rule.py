"""What a threshold of extraction is: a number with a reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold: what it decides, why, how much of which unit, what is known of it, and the test that pins it."""

    name: str
    reason: str
    threshold: float
    unit: str
    evidence: str
    example: str

    @property
    def count(self) -> int:
        """The threshold of what is counted in whole units."""
        return round(self.threshold)
