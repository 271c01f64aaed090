"""What a model adds to a text that is no part of it: addresses, mark-up, remarks, refusals, what nobody can see.

A sign counts where the answer has it and its source does not. The rules are about the kind of thing, not about what it
says: nothing here knows what a page is about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sitebookify.book.edit.scripts import common_words, phrases, script_of

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML has no place for, and so no book: whatever the source has."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\u202a-\u202e\u2066-\u2069]")
_UNSEEN = frozenset(("Cf", "Co", "Cn", "Cs"))
"""Categories of characters that are not seen: those of formats, of private use, and none at all."""
_JOINERS = "\u200c\u200d\u200e\u200f"
"""Of letters, and what turns the direction of a script."""
_EMOJI_JOINER = "\u200d"
_PLAIN_SCRIPTS = frozenset(("Latn", "Jpan", "Hani", "Hang", "Cyrl", "Grek"))
"""Scripts that join no letters."""
_ADDRESS = re.compile(r"(?:https?|ftp)://|\bwww\.|\]\(|\bjavascript:|\bdata:[a-z]+/", re.IGNORECASE)
_HOST = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,6}(?P<top>[a-z]{2,24})(?![\w-])(?P<path>/?)",
    re.ASCII | re.IGNORECASE,
)
_TOPS = frozenset(
    "com org net io dev info biz edu gov app xyz top site online shop club link click live me tv cc co ly gg to ru cn "
    "de jp fr uk us eu nl it es pl br in kr example test invalid".split()
)
"""Of addresses; elsewhere a dot without a space behind it is a slip, or a file's name."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w", re.ASCII)
_MARKUP = re.compile(r"<[a-zA-Z/!?]|<\s{1,3}/?\s{0,3}[a-z]{1,20}\s{0,3}>|&#x?[0-9a-f]{1,7};", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"```|~~~|`|\*\*|__|^#{1,6}\s|^[-*+\u2022]\s|^\d{1,3}[.)]\s[^\n]{0,2000}\n+\d{1,3}[.)]\s", re.MULTILINE
)
_INTRODUCTION = re.compile(rf"\A\W{{0,3}}(?:{phrases('introductions')})", re.IGNORECASE)
_REFUSAL = re.compile(rf"\A\W{{0,3}}(?:{phrases('refusals')})", re.IGNORECASE)
_REMARK = re.compile(phrases("remarks"), re.IGNORECASE | re.MULTILINE)
_SIGNS = (
    (_CONTROL, "there are control characters"),
    (_ADDRESS, "there is a link that the source does not have"),
    (_MAIL, "there is an e-mail address that the source does not have"),
    (_MARKUP, "there is mark-up that the source does not have"),
    (_MARKDOWN, "there is Markdown that the source does not have"),
    (_INTRODUCTION, "there is an introduction before the translation"),
    (_REFUSAL, "this is no translation"),
    (_REMARK, "there is a remark that the source does not have"),
)
_RUN = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*(?:[ ,]{1,2}[A-Za-z][A-Za-z'\u2019-]*){5,60}")
_FEWEST_COMMON, _LEAST_LEFT = 2, 0.25
"""Words that carry no subject in a run of six, and the share of a text's letters: names of things have fewer."""


def intrusion(before: str, after: str, source: str, target: str) -> str:
    """What the text ``after`` has that a translation of ``before`` has not, in words for the model; "" for nothing."""
    if _FORBIDDEN.search(after):
        return "there are control characters"
    for sign, fault in _SIGNS:
        if sign.search(after) and not sign.search(before):
            return fault
    if any(character not in before for character in _unseen(after, target)):
        return "there are characters that nobody sees"
    folded = before.casefold()
    for host in _hosts(after, target):
        if host not in folded:
            return f"the address {host} is not in the source"
    return "parts of the text are not translated" if _left(after, source, target) else ""


def _unseen(text: str, target: str) -> Iterator[str]:
    """Characters that are not seen, and do nothing in the script of the language."""
    useful = _EMOJI_JOINER if script_of(target) in _PLAIN_SCRIPTS else _JOINERS
    for character in text:
        if not character.isascii() and character not in useful and unicodedata.category(character) in _UNSEEN:
            yield character


def _hosts(text: str, target: str) -> Iterator[str]:
    """What is an address without saying so: in other scripts than Latin, any such word."""
    for match in _HOST.finditer(text):
        if match["path"] or match["top"].lower() in _TOPS or script_of(target) != "Latn":
            yield match.group().rstrip("/").casefold()


def _left(text: str, source: str, target: str) -> bool:
    """True where runs of words of the source's language are much of a text in another script."""
    if script_of(target) == "Latn" or script_of(source) != "Latn":
        return False
    common = common_words(source)
    left = 0
    for match in _RUN.finditer(text):
        words = [word.casefold() for word in re.split(r"[ ,]+", match.group())]
        if sum(word in common for word in words) >= _FEWEST_COMMON:
            left += sum(map(len, words))
    return left > _LEAST_LEFT * sum(map(str.isalpha, text))
