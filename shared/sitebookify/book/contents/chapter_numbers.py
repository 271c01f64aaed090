"""The numbers that a site's contents give its pages: "4.1." before "What Is Ownership?"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

_NUMBER = re.compile(r"((?:\d{1,3}|[A-Z]|[IVXL]{2,7})(?:\.\d{1,3}){0,5}[.):]?)\s+(?=\S)")
_FEWEST = 3
"""Numbered pages of a book at least: a title may begin with a number."""
_SHARE = 0.2
"""Of a book's pages, those numbered at least: a list of the ten pages that are read most is numbered too."""
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50}
_SEPARATORS = ".):"
_SEPARATOR = re.compile(r"[.):]")
_BEGINNINGS = {(0, 0), (0, 1), (1, 1)}
"""The values of 0, 1 and A."""


def is_numbered(text: str) -> bool:
    """True if the text of a link may begin with the number of the page it leads to."""
    return _NUMBER.match(text) is not None


def numbers_of(texts: Mapping[int, str], titles: Sequence[str], order: Sequence[int]) -> dict[int, str]:
    """The pages' numbers as the site writes them.

    Args:
        texts: of links that may begin with a number, by page.
        titles: of all pages, by page; a page whose title has the number already gets none.
        order: the pages in reading order, in which the numbers have to rise.
    """
    numbers: dict[int, str] = {}
    for page in order:
        number = _number(texts.get(page, ""), titles[page])
        if number:
            numbers[page] = number
    are_enough = len(numbers) >= max(_FEWEST, _SHARE * len(order))
    return numbers if are_enough and _rise(numbers.values()) else {}


def _number(text: str, title: str) -> str:
    """What stands before the title in the text, if that is a number and nothing stands behind the title."""
    match = _NUMBER.match(text)
    if match is None or _words(text[match.end() :]) != _words(title):
        return ""
    return match[1]


def _words(text: str) -> list[str]:
    return text.casefold().split()


def _rise(numbers: Iterable[str]) -> bool:
    """True if each number is above the one before, or the first of a new count: parts may count anew."""
    parts = [_SEPARATOR.split(number.rstrip(_SEPARATORS)) for number in numbers]
    return _are_in_order(parts, _value) or _are_in_order(parts, _roman_value)


def _are_in_order(numbers: Iterable[Sequence[str]], value: Callable[[str], tuple[int, int]]) -> bool:
    values = [list(map(value, parts)) for parts in numbers]
    return all(previous < following or following[0] in _BEGINNINGS for previous, following in pairwise(values))


def _value(part: str) -> tuple[int, int]:
    """Sorts numerals before letters, since appendices have letters."""
    if part.isdigit():
        return 0, int(part)
    number = 0
    for letter in part:
        number = 26 * number + ord(letter) - ord("A") + 1
    return 1, number


def _roman_value(part: str) -> tuple[int, int]:
    """The same where letters that may be a Roman numeral are one."""
    if not _ROMAN.keys() >= set(part):
        return _value(part)
    values = [_ROMAN[letter] for letter in part]
    number = 0
    for value, following in pairwise([*values, 0]):
        number += -value if value < following else value
    return 0, number
