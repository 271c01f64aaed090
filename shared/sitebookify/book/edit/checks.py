"""Whether an answer is the translation that was asked for: nothing is trusted that can be checked without a model.

Every check names what is wrong, for the model to correct it. What a check gets wrong costs a second request or leaves a
text as it was, and never a text of the book.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from sitebookify.book.edit.names import name_fault
from sitebookify.book.edit.page_plan import Task, Unit
from sitebookify.book.edit.prompt import AnswerError, texts_of
from sitebookify.book.edit.scripts import fits_in_length, language_fault, own_language_fault
from sitebookify.book.edit.tagged_text import MarkError, check_marks, plain_text

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML has no place for, and so no book: whatever the source has."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"(?:https?|ftp)://|\bwww\.|\]\(|\bjavascript:|\bdata:[a-z]+/", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!]")
_FENCE = re.compile(r"```|~~~")
_PREAMBLE = re.compile(
    r"\A\W{0,3}(?:"
    r"(?:sure|certainly|of course|okay)\b[^.:\n]{0,60}[:!.]"
    r"|(?:here(?:'s| is| are)|below is|the following is)\b[^:\n]{0,60}"
    r"\b(?:translat|rewrit|revis)\w{1,6}\b[^:\n]{0,40}:?"
    r"|(?:rewritten|revised) (?:text|version|passage)\b[^:\n]{0,30}:"
    r"|translat(?:ion|ed text|ed)\b[^:\n]{0,30}:"
    r"|(?:以下|こちら)[^。:\uff1a\n]{0,30}(?:翻訳|訳|書き直)[^。:\uff1a\n]{0,20}[:\uff1a。]"
    r"|(?:翻訳|訳文|译文|翻译)[::\uff1a]"
    r"|(?:hier ist|voici|aquí está|ecco|aqui está)\b[^:\n]{0,40}(?:übersetz|traduc|traduz|tradu)\w{0,8}[^:\n]{0,30}:?"
    r")",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\A\W{0,3}(?:"
    r"i(?:'|\u2019)?m (?:sorry|unable|afraid)|i am (?:sorry|unable)|i (?:can(?:'|\u2019)t|cannot|won(?:'|\u2019)t)\b"
    r"|sorry, (?:but )?i\b|as an ai\b|as a language model"
    r"|申し訳(?:ありません|ございません)|抱歉|对不起|죄송"
    r"|es tut mir leid|je suis désolé|lo siento|mi dispiace"
    r")",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,'\u2019\u00a0\u202f]\d+)*")
_GROUPING = re.compile(r"[.,'\u2019\u00a0\u202f]")
_LONGEST_TERM = 80
_REPEATED_LENGTH, _MOST_REPEATS = 20, 5


def checked(answer: str, unit: Unit, *, source: str, target: str, terms: Iterable[str] = ()) -> tuple[str, ...]:
    """The answer's texts, each of which has passed every check; ``source`` and ``target`` are BCP 47 tags.

    Names in passages that are written anew are those of the unit or of the ``terms`` in force.

    Raises:
        AnswerError: what is wrong, in words for the model.
    """
    texts = texts_of(answer, unit)
    for number, (asked, text) in enumerate(zip(unit.texts, texts, strict=True), 1):
        fault = text_fault(asked, text, source, target)
        if not fault and unit.task is Task.NAME:
            fault = _term_fault(text)
        if not fault and unit.task is Task.WRITE:
            context = " ".join((plain_text(asked, whole=True), unit.heading, unit.before, *terms))
            fault = name_fault(context, plain_text(text), source, target)
        if fault:
            raise AnswerError(f"item {number}: {fault}" if len(texts) > 1 else fault)
    return texts


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
        _intrusion(before, after)
        or _number_fault(before, after)
        or ("" if fits_in_length(before, after, source, target) else "the text is too long or too short for its source")
        or _repetition(before, after)
        or language_fault(before, after, source, target)
    )


def _term_fault(text: str) -> str:
    """What makes a text no translation of a term: it would end up in every request."""
    if len(text) > _LONGEST_TERM or "\n" in text:
        return "the term is too long"
    return "the translation alone, without alternatives" if re.search("[=/;,()\u3001\uff08]", text) else ""


def own_text_fault(context: str, text: str, source: str, target: str, *, title: bool = False) -> str:
    """What is wrong with a text that the model wrote by itself, about what the context says; "" where nothing is."""
    if _MARKUP.search(text):
        return "there is mark-up"
    return (
        _intrusion("", text)
        or own_language_fault(text, source, target)
        or name_fault(context, text, source, target, title=title)
    )


def _intrusion(before: str, after: str) -> str:
    """What a model adds that is no translation."""
    if _FORBIDDEN.search(after) or (_CONTROL.search(after) and not _CONTROL.search(before)):
        return "there are control characters"
    if _ADDRESS.search(after) and not _ADDRESS.search(before):
        return "there is a link that the source does not have"
    if _FENCE.search(after) and not _FENCE.search(before):
        return "there is a code fence"
    if _PREAMBLE.match(after) and not _PREAMBLE.match(before):
        return "there is an introduction before the translation"
    if _REFUSAL.match(after) and not _REFUSAL.match(before):
        return "this is no translation"
    return ""


def numbers_in(text: str) -> set[str]:
    """The numbers of a text, as digits without the marks between them; those below 10 are often words elsewhere."""
    numbers: set[str] = set()
    for match in _NUMBER.findall(unicodedata.normalize("NFKC", text)):
        digits = "".join(str(unicodedata.digit(each)) for each in _GROUPING.sub("", match)).lstrip("0")
        if len(digits) > 1 or (digits and _GROUPING.search(match)):
            numbers.add(digits)
    return numbers


def _number_fault(before: str, after: str) -> str:
    asked, answered = numbers_in(before), numbers_in(after)
    missing = sorted(asked - answered)
    if missing:
        return f"the number {missing[0]} is missing"
    new = sorted(answered - asked)
    return f"the number {new[0]} is not in the source" if new else ""


def _repetition(before: str, after: str) -> str:
    """A model in a loop."""
    counts: Counter[str] = Counter()
    for start in range(0, len(after) - _REPEATED_LENGTH + 1, _REPEATED_LENGTH):
        counts[after[start : start + _REPEATED_LENGTH]] += 1
    for piece, count in counts.most_common(1):
        if count >= _MOST_REPEATS and before.count(piece) < count:
            return "the text repeats itself"
    return ""
