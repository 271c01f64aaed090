"""Names in a text that was written anew: each must occur in what it was written from.

What looks like a name depends on the language. Words with capitals or digits inside, and acronyms, are names in all
languages of Latin script. A capital at the beginning of a word in the middle of a sentence is one where text is
written anew in its language, and two such words in a row where it is translated as well, except in German, where every
noun has one. In other scripts nothing tells names from words, and only the Latin ones in the text are looked at.
"""

from __future__ import annotations

import re

from sitebookify.book.edit.scripts import base_of, script_of

_WORD = re.compile(r"[A-Za-z0-9\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]+")
"""Of Latin script."""
_SENTENCE_END = re.compile(r"[.!?:;\u2026\u3002\uff01\uff1f\n\"\u201c\u201d\u00ab\u00bb()\[\]\u2013\u2014]\s*\Z")
_EVERY_NOUN = frozenset(("de", "lb"))
"""Languages in which all nouns have a capital."""
_LONG = 6
"""Letters of a name whose forms may differ in the last two: inflection changes the ends of words."""


def name_fault(source: str, answer: str, source_tag: str, target_tag: str, *, title: bool = False) -> str:
    """The first name of the answer that the source does not have, in words for the model, or "".

    In a ``title`` any word may have a capital.
    """
    words = {word.casefold() for word in _WORD.findall(source)}
    for name in names_in(answer, source_tag, target_tag, title=title):
        folded = name.casefold()
        if folded not in words and not any(_is_form(folded, word) for word in words):
            return f"the name {name} is not in the source"
    return ""


def _is_form(name: str, word: str) -> bool:
    """True for two forms of one word, such as ``Debian`` and ``Debians``, ``URL`` and ``URLs``."""
    short, long = sorted((name, word), key=len)
    if len(short) >= _LONG:
        return len(long) - len(short) <= 3 and long.startswith(short[:-2])
    return len(short) > 1 and len(long) - len(short) <= 2 and long.startswith(short)


def names_in(text: str, source_tag: str, target_tag: str, *, title: bool = False) -> list[str]:
    """What is a name in the text for certain, in its order."""
    if script_of(target_tag) != "Latn":
        return [word for word in _WORD.findall(text) if len(word) > 1 and word[0].isalpha()]
    own = base_of(source_tag) == base_of(target_tag)
    nouns = title or base_of(target_tag) in _EVERY_NOUN
    names: list[str] = []
    before = ""
    end = 0
    for match in _WORD.finditer(text):
        word = match.group()
        gap = text[end : match.start()]
        inside = bool(end) and not _SENTENCE_END.search(gap)
        capital = word[0].isupper() and word[1:].islower()
        if _is_marked(word):
            names.append(word)
        elif capital and inside and not nouns:
            if own:
                names.append(word)
            elif before and gap == " ":
                names += [before, word]
        before = word if capital and inside else ""
        end = match.end()
    return names


def _is_marked(word: str) -> bool:
    """True for a word that is written as only names are: with capitals or digits inside, as ``GitHub`` or ``H2O``."""
    return word[0].isalpha() and any(letter.isupper() or letter.isdigit() for letter in word[1:])
