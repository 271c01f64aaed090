"""Code told apart by weight and slant, so that it reads in black and white; colour only adds to it.

Pygments reads the code; it knows consoles and tracebacks, which pandoc's highlighter does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, String, _TokenType

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
    whole = [("", code)]
    lexer = _lexer(language.lower()) if _readable(code) else None
    if lexer is None:
        return whole
    text = f"{code}\n"  # or lexers of consoles do not see the last line
    # Not `get_tokens`, which only prepares the text in ways that are switched off, and costs a tenth more.
    pieces = _joined(lexer.get_tokens_unprocessed(text))
    if "".join(piece for _, piece in pieces) != text:
        return whole
    marked = sum(1 for kind, _ in pieces if kind)
    if marked * _MARKUP > GROWTH * len(code):
        return whole
    kind, last = pieces.pop()
    last = last.removesuffix("\n")
    return [*pieces, (kind, last)] if last else pieces


def plain(code: str, language: str) -> list[tuple[str, str]]:  # noqa: ARG001 - stands in for `highlighted`
    """The code as one piece without a class."""
    return [("", code)]


def _readable(code: str) -> bool:
    return len(code) <= LONGEST and all(len(line) <= LONGEST_LINE for line in code.split("\n"))


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    if language not in _languages() or language == "text":
        return None
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


@cache
def _languages() -> frozenset[str]:
    """What Pygments itself calls languages; for other names it would look through all installed packages."""
    aliases = chain.from_iterable(aliases for _, aliases, _, _ in get_all_lexers(plugins=False))
    return frozenset(map(str.lower, aliases))


class _Classes(dict[_TokenType, str]):
    """The class of each type of token that was asked for: that of the first row that it belongs to."""

    def __missing__(self, token: _TokenType) -> str:
        self[token] = next((name for kind, name in _CLASSES if token[: len(kind)] == kind), "")
        return self[token]


_CLASS_OF = _Classes()
_CHANGED = ("del", "ins")


def _joined(tokens: Iterable[tuple[int, _TokenType, str]]) -> list[tuple[str, str]]:
    """Neighbours of one class as one piece; white space takes its neighbour's, unless a line would go through it."""
    pieces: list[tuple[str, str]] = []
    kind = ""
    texts: list[str] = []
    for _, token, text in tokens:
        name = _CLASS_OF[token]
        if not texts:
            kind = name
        elif name != kind and text.strip("\n" if kind in _CHANGED else None):
            pieces.append((kind, "".join(texts)))
            kind = name
            texts = []
        texts.append(text)
    if texts:
        pieces.append((kind, "".join(texts)))
    return pieces
