"""Whether an answer is the translation that was asked for: nothing is trusted that can be checked without a model.

Every check names what is wrong, for the model to correct it. What a check gets wrong costs a second request or leaves a
text as it was, and never a text of the book.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from sitebookify.book.edit.intrusions import intrusion
from sitebookify.book.edit.names import name_fault
from sitebookify.book.edit.page_plan import Task, Unit
from sitebookify.book.edit.prompt import AnswerError, texts_of
from sitebookify.book.edit.scripts import fits_in_length, language_fault, own_language_fault
from sitebookify.book.edit.tagged_text import PARAGRAPH_END, MarkError, check_marks, plain_text

_NUMBER = re.compile(r"\d+(?:[.,'\u2019\u00a0\u202f]\d+)*")
_GROUPING = re.compile(r"[.,'\u2019\u00a0\u202f]")
_LONGEST_TERM, _TERM_GROWTH, _TERM_EXTRA = 80, 2, 12
_NO_TERM = '=/;,:.!?()"\n\u3001\u3002\uff08\uff1a\uff01\uff1f\u201c\u201d\u300c\u300d\u00ab\u00bb'
"""Signs that no term has, unless its source has them."""
_REPEATED_LENGTH, _MOST_REPEATS = 20, 5
_BLANK_LINE = re.compile(r"\S\s*\n\s*\n\s*\S")


def checked(answer: str, unit: Unit, *, source: str, target: str, terms: Iterable[str] = ()) -> tuple[str, ...]:
    """The answer's texts, each of which has passed every check; ``source`` and ``target`` are BCP 47 tags.

    Names in passages that are written anew are those of the unit or of the ``terms`` in force.

    Raises:
        AnswerError: what is wrong, in words for the model.
    """
    texts = texts_of(answer, unit)
    for number, (asked, text) in enumerate(zip(unit.texts, texts, strict=True), 1):
        fault = text_fault(asked, text, source, target)
        if not fault:
            fault = _task_fault(asked, text, unit, source=source, target=target, terms=terms)
        if fault:
            raise AnswerError(f"item {number}: {fault}" if len(texts) > 1 else fault)
    return texts


def _task_fault(asked: str, text: str, unit: Unit, *, source: str, target: str, terms: Iterable[str]) -> str:
    """What is wrong with a text by what was to be done with it, or ""."""
    if unit.task is Task.WRITE:
        if _repeats_heading(text, unit):
            return "the heading stands in the text"
        context = " ".join((plain_text(asked, whole=True), unit.heading, unit.before, *terms))
        return name_fault(context, plain_text(text), source, target)
    if _BLANK_LINE.search(text):
        return "there are several paragraphs in place of one text"
    return _term_fault(asked, text, source, target) if unit.task is Task.NAME else ""


def text_fault(asked: str, answer: str, source: str, target: str) -> str:
    """What is wrong with the translation of one text, or ""."""
    try:
        check_marks(asked, answer)
    except MarkError as error:
        return str(error)
    before, after = plain_text(asked), plain_text(answer)
    if not after.strip():
        return "the text is empty"
    return (
        intrusion(before, after, source, target)
        or _lost_number(before, after)
        or _new_number(before, after)
        or ("" if fits_in_length(before, after, source, target) else "the text is too long or too short for its source")
        or _repetition(before, after)
        or language_fault(before, after, source, target)
    )


def _repeats_heading(text: str, unit: Unit) -> bool:
    """True where the text's first paragraph is the heading that stands above it."""
    if not unit.heading:
        return False
    first, _, rest = text.strip().partition(PARAGRAPH_END)
    return bool(rest) and plain_text(first).strip().casefold() == unit.heading.casefold()


def _term_fault(asked: str, text: str, source: str, target: str) -> str:
    """What makes a text no translation of a term: it would end up in every request."""
    if len(text) > _LONGEST_TERM or len(text) > _TERM_GROWTH * len(asked) + _TERM_EXTRA:
        return "the term is too long"
    if len(text.split()) > 2 * len(asked.split()) + 1:
        return "the term has too many words"
    if any(sign in text and sign not in asked for sign in _NO_TERM):
        return "the translation alone, without alternatives, quotation marks or full stops"
    return name_fault(asked, text, source, target)


def own_text_fault(context: str, text: str, source: str, target: str, *, title: bool = False) -> str:
    """What is wrong with a text that the model wrote by itself, about what the context says; "" where nothing is."""
    return (
        intrusion("", text, source, target)
        or own_language_fault(text, source, target)
        or _new_number(context, text)
        or name_fault(context, text, source, target, title=title)
    )


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, as digits without the marks between them; those below 10 are often words elsewhere."""
    numbers: set[str] = set()
    for number in _NUMBER.findall(unicodedata.normalize("NFKC", text)):
        plain = _GROUPING.sub("", number)
        digits = "".join(str(unicodedata.digit(digit)) for digit in plain).lstrip("0")
        has_marks = plain != number
        if len(digits) > 1 or (digits and has_marks):
            numbers.add(digits)
    return numbers


def _new_number(before: str, after: str) -> str:
    new = numbers_in(after) - numbers_in(before)
    return f"the number {min(new)} is not in the source" if new else ""


def _lost_number(before: str, after: str) -> str:
    lost = numbers_in(before) - numbers_in(after)
    return f"the number {min(lost)} is missing" if lost else ""


def _repetition(before: str, after: str) -> str:
    """A model in a loop."""
    starts = range(0, len(after) - _REPEATED_LENGTH + 1, _REPEATED_LENGTH)
    counts = Counter(after[start : start + _REPEATED_LENGTH] for start in starts)
    for piece, count in counts.most_common(1):
        if count >= _MOST_REPEATS and before.count(piece) < count:
            return "the text repeats itself"
    return ""
