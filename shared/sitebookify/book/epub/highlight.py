"""Code told apart by weight and slant, so that it reads in black and white; colour only adds to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, String, Token, _TokenType
from pygments.util import ClassNotFound

_LONGEST = 20_000
_LONGEST_LINE = 500
"""Longer code is left plain: it is data rather than code, and a lexer's patterns may need long for it."""
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
    (Generic.Output, "o"),
    (Generic.Deleted, "del"),
    (Generic.Inserted, "ins"),
    (Generic.Heading, "k"),
)


def highlighted(code: str, language: str) -> Iterator[tuple[str, str]]:
    """Pieces of the code, each with a class of the stylesheet or "".

    The pieces together are exactly the code; neighbours of one class are one piece.
    """
    lexer = _lexer(language) if _short(code) else None
    if lexer is None:
        yield "", code
        return
    tokens = list(lexer.get_tokens(code))
    if "".join(text for _, text in tokens) != code:
        yield "", code
        return
    kind, piece = "", ""
    for token, text in tokens:
        name = _class(token) if text.strip() else kind
        if name == kind:
            piece += text
            continue
        if piece:
            yield kind, piece
        kind, piece = name, text
    if piece:
        yield kind, piece


def _short(code: str) -> bool:
    return len(code) <= _LONGEST and all(len(line) <= _LONGEST_LINE for line in code.split("\n"))


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    if not language or language == "text":
        return None
    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def _class(token: _TokenType) -> str:
    if token is Token.Text:
        return ""
    return next((name for kind, name in _CLASSES if kind == token[: len(kind)]), "")
