"""Code told apart by weight and slant, so that it reads in black and white; colour only adds to it.

Pygments reads the code; it knows consoles and tracebacks, which pandoc's highlighter does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, String, _TokenType
from pygments.util import ClassNotFound

Highlight = Callable[[str, str], Sequence[tuple[str, str]]]
"""A function such as `highlighted`."""

LONGEST = 50_000
LONGEST_LINE = 1000
"""Longer code is data rather than code, and a lexer's patterns may take very long for it: it is left plain."""
GROWTH = 8
"""Mark-up makes code at most so many times as long; else it is left plain."""
_MARKUP = len('<span class="xxx"></span>')
_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "c"),
    (Keyword, "k"),
    (String, "s"),
    (Name.Function, "f"),
    (Name.Class, "f"),
    (Name.Decorator, "d"),
    (Name.Tag, "k"),
    (Name.Attribute, "a"),
    (Generic.Prompt, "p"),
    (Generic.Deleted, "del"),
    (Generic.Inserted, "ins"),
    (Generic.Heading, "k"),
)


def highlighted(code: str, language: str) -> list[tuple[str, str]]:
    """Pieces of the code, each with a class of the stylesheet or "".

    The pieces together are exactly the code. A language that Pygments does not know is left plain.
    """
    lexer = _lexer(language.lower()) if _readable(code) else None
    if lexer is None:
        return [("", code)]
    pieces = list(_joined((_class(token), text) for token, text in lexer.get_tokens(code)))
    marked = sum(1 for kind, _ in pieces if kind) * _MARKUP
    exact = "".join(text for _, text in pieces) == code
    return pieces if exact and marked <= GROWTH * len(code) else [("", code)]


def plain(code: str, language: str) -> list[tuple[str, str]]:  # noqa: ARG001 - stands in for `highlighted`
    """The code as one piece without a class."""
    return [("", code)]


def _readable(code: str) -> bool:
    return len(code) <= LONGEST and all(len(line) <= LONGEST_LINE for line in code.split("\n"))


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    if language in ("", "text"):
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _class(token: _TokenType) -> str:
    return next((name for kind, name in _CLASSES if token[: len(kind)] == kind), "")


def _joined(tokens: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Neighbours of one class as one piece; white space takes its neighbour's."""
    kind, piece = "", ""
    for name, text in tokens:
        if piece and name != kind and text.strip():
            yield kind, piece
            kind, piece = name, ""
        elif not piece:
            kind = name
        piece += text
    if piece:
        yield kind, piece
