"""The thresholds by which pages are judged and put in order: the rules of extraction, and the constants of others."""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass

from sitebookify.book.extract import promotion_rules, rules
from sitebookify.book.extract.rules import Rule

RULES = {
    name: rule for module in (rules, promotion_rules) for name, rule in vars(module).items() if isinstance(rule, Rule)
}
"""All rules by name, in the order of their modules."""
_BOOK = "sitebookify.book"
_UNIT = "tests/unit/book"
_EXTRACT = f"{_UNIT}/extract"
_CONTENTS = f"{_UNIT}/contents"
_CRAWL = f"{_UNIT}/crawl"
_CONSTANTS = (
    ("extract.site", "_LEAST_TEXT _MOST_MISSING _LEAST_HELD _MOST", f"{_UNIT}/generators"),
    ("extract.language", "_LEAST _MOST", f"{_EXTRACT}/test_language.py"),
    ("extract.emptiness", "MOST_WORDS _FEW_WORDS", f"{_EXTRACT}/test_emptiness.py"),
    ("extract.chrome", "_LEAST_PROSE", f"{_EXTRACT}/test_chrome.py"),
    ("extract.margins", "_DEPTH", f"{_EXTRACT}/test_furniture.py"),
    ("contents.reading_order", "_MOST _AS_MANY _OFTEN _FEWEST _FEWEST_LISTS", _CONTENTS),
    ("contents.reading_order", "_REPEATED _ON_ALL _FEWEST_SORTED", _CONTENTS),
    ("contents.posts", "_MOST _FEWEST _FEWEST_IN_YEARS", _CONTENTS),
    ("contents.page_groups", "_GLOBAL _MUTUAL _WIDELY _SHOWN _FEWEST", _CONTENTS),
    ("contents.site_sections", "_MOST_FOREIGN", _CONTENTS),
    ("contents.chains", "_MOST _FEWEST", _CONTENTS),
    ("contents.evidence", "_SHORT", _CONTENTS),
    ("contents.chapters", "MOST_PAGES MOST_WORDS", f"{_CONTENTS}/test_chapters.py"),
    ("crawl.contents_menus", "_FEWEST _WHOLE _SAME _ON_HOME", f"{_CRAWL}/test_contents_menus.py"),
    ("crawl.contents_menus", "_LONG_MENU", f"{_CRAWL}/test_choices.py"),
    ("crawl.copies", "SAME COVERED FEWEST_PARTS", f"{_CRAWL}/test_copies.py"),
    ("crawl.post_lists", "_FEWEST_DATED MOST_OF_IT", f"{_CRAWL}/test_post_lists.py"),
    ("crawl.post_entries", "_MOST_PARTS", f"{_CRAWL}/test_post_lists.py"),
    ("crawl.variants", "PAIRS _SHARE _VOTES", f"{_CRAWL}/test_variants.py"),
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that decides, and the tests that show it: the first ones are the likeliest to fail."""

    name: str
    number: float
    unit: str
    tests: tuple[str, ...]

    @property
    def moved(self) -> tuple[float, float]:
        """A third lower and a third higher; counts of things move by one at least, and stay whole."""
        lower, higher = self.number * 2 / 3, self.number * 4 / 3
        if isinstance(self.number, int) or (self.unit and self.number >= 1):
            return math.floor(lower), math.ceil(higher)
        return lower, higher

    def move(self, number: float) -> None:
        """Let all of this process decide by another number."""
        module, _, constant = self.name.rpartition(".")
        if module:
            setattr(importlib.import_module(f"{_BOOK}.{module}"), constant, number)
            return
        object.__setattr__(RULES[self.name], "threshold", number)


def thresholds() -> list[Threshold]:
    """All of them."""
    examples = f"{_EXTRACT}/test_rules.py"
    listed = [
        Threshold(name, rule.threshold, rule.unit, (f"{examples}::{rule.example}", _EXTRACT))
        for name, rule in RULES.items()
    ]
    for module, constants, tests in _CONSTANTS:
        values = vars(importlib.import_module(f"{_BOOK}.{module}"))
        listed += [Threshold(f"{module}.{name}", values[name], "", (tests,)) for name in constants.split()]
    return listed
