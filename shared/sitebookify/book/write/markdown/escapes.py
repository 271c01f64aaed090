"""Signs of Markdown in texts and URLs, and the characters that emphasis may stand between."""

from __future__ import annotations

import re
import unicodedata
from string import punctuation
from urllib.parse import quote

_SIGNS = re.compile(
    r"[`*\[\]<>|$]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word it means nothing
    r"|\\(?=[!-/:-@\[-`{-~ ]|$)"
    r"|!(?=\[)"
    r"|~(?=~)|(?<=[^\s/])~"  # a single one may end what GitHub strikes out; "/~name" is a path
    r"|&(?=#?\w+;)"
    r"|(?:^|(?<= ))#(?=#*(?: |$))"
)
_CANDIDATES = re.compile(r"[`*\[\]<>|$_\\!~&#]")
"""The characters in `_SIGNS`: to look for them first takes a twentieth of the time."""
_ROMAN = "m*(?:cm)?d?(?:cd)?c*(?:xc)?l?(?:xl)?x*(?:ix)?v?(?:iv)?i*"
_NUMBER = re.compile(rf"\(?(?:\d{{1,9}}|[#@]\w*|[a-z]|(?i:{_ROMAN}))[.)]")
"""What begins an ordered list, in this Markdown or in a kindred one."""
_RULE = re.compile("-{3,}")
_UNDERLINE = re.compile("-+|=+")
_AT_MOST = 10  # characters of a number that begins a list
_NOT_IN_URLS = re.compile(r'[\s<>|"{}\[\]^`\\\x00-\x1f]')
_PARENTHESES = re.compile("[()]")
_BEFORE_MARK = re.compile("[.()]")
"""The marks of a number that begins a list."""


def escape(text: str) -> str:
    """The text, its white space collapsed, with a backslash before each sign."""
    return _SIGNS.sub(r"\\\g<0>", text) if _CANDIDATES.search(text) else text


def escape_first(text: str, *, ends: bool, alone: bool, below: bool) -> str:
    """The same for a text at the start of a line, where more are signs.

    ``ends`` says that white space or nothing follows, ``alone`` that the text is the whole line,
    ``below`` that there is a line above it.
    """
    rule = _UNDERLINE if below else _RULE
    if alone and rule.fullmatch(text):
        return "\\" + escape(text)
    word, gap, _ = text.partition(" ")
    if word in ("+", "-"):
        return "\\" + escape(text)
    is_word = bool(gap) or ends
    if is_word and 1 < len(word) <= _AT_MOST and _NUMBER.fullmatch(word):
        return _BEFORE_MARK.sub(r"\\\g<0>", word) + escape(text[len(word) :])
    return escape(text)


def escape_url(url: str) -> str:
    """The URL without what would end it."""
    url = _NOT_IN_URLS.sub(lambda match: quote(match[0], errors="replace"), url)
    depth = 0
    for sign in _PARENTHESES.findall(url):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            break
    return url.replace("(", "%28").replace(")", "%29") if depth else url


def escape_title(title: str) -> str:
    """A link's or picture's title as it follows the URL; "" where there is none."""
    title = " ".join(title.split()).replace("\\", "\\\\").replace('"', '\\"').replace("|", "\\|")
    return f' "{title}"' if title else ""


def can_open(before: str, first: str) -> bool:
    """True where a ``*`` between these characters begins emphasis in CommonMark; "" is a line's end."""
    if _is_space(first):
        return False
    return not _is_punctuation(first) or _is_space(before) or _is_sign(before)


def can_close(last: str, after: str) -> bool:
    """The same for its end."""
    return can_open(after, last)


def _is_space(character: str) -> bool:
    return not character or character.isspace()


def _is_sign(character: str) -> bool:
    return character in punctuation or unicodedata.category(character)[0] == "P"


def _is_punctuation(character: str) -> bool:
    """Signs and, since CommonMark 0.31, symbols: where versions differ, neither is relied on."""
    return unicodedata.category(character)[0] in "PS"
