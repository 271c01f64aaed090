"""Lines as a language model reads and writes them: text with numbered tags in place of everything that is not text.

Emphasis and links are pairs, such as ``<b1>…</b1>``. Code, formulas, pictures, notes, places and what looks like code
are *atoms*: ``<c2/>``, or ``<c2>git push</c2>`` where the words help to form a sentence. Whatever comes back inside an
atom is ignored, since the line gets the original node again. A number is used once in a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from msgspec.structs import replace

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import line_of

_LONGEST_SHOWN = 60
"""Characters of an atom's words that the model may read."""
_ATOM_LETTERS = "cmgnlpx"
_LETTERS: Mapping[type, str] = {n.Emph: "i", n.Link: "a", n.Quoted: "q", n.Strong: "b"}
_OTHER_PAIR = "s"
_ATOMS: Mapping[type, str] = {n.Code: "c", n.Image: "g", n.LineBreak: "l", n.Math: "m", n.Note: "n"}
_FIXED_SPANS = frozenset(("kbd", "var"))
_PROTECTED = re.compile(
    r"https?://[^\s<>\"]{1,2000}"
    r"|\bwww\.[^\s<>\"]{1,2000}"
    r"|(?<![\w.+-])[\w+-][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
    r"|(?<![\w-])--[A-Za-z][\w-]{1,60}"
    r"|(?<![\w])[A-Za-z]\w{0,60}_\w{1,60}(?:\(\))?"
    r"|(?<![\w])[A-Za-z][\w.]{1,60}\(\)",
    re.ASCII,
)
"""Text that is code though the page does not mark it: addresses, options, identifiers, calls."""
_OF_PROTECTED = ("://", "www.", "@", "--", "_", "()")
"""One of these is in each such text; to look for them is much faster."""
_TAG = re.compile(r"<(/?)([a-z])([0-9]{1,4})\s?(/?)>")
_ATOM = re.compile(rf"<([{_ATOM_LETTERS}])([0-9]{{1,4}})\s?>.*?</\1\2\s?>", re.DOTALL)
_EMPTY_ATOM = re.compile(rf"<[{_ATOM_LETTERS}][0-9]{{1,4}}\s?/>")
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_WORD = re.compile(r"[^\W\d_]{2,}|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Something that can be translated: two letters in a row, or a character that is a word by itself."""
_SPACE = re.compile(r"\s+")
PARAGRAPH_END = "\n\n"
"""Between the paragraphs of a passage; no line has it."""


class MarkError(ValueError):
    """The tags of an answer do not fit its source; the message says which, for the model to correct it."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A line as the model reads it, and the nodes behind its tags, in the order of their numbers, from 1 on.

    ``words`` is False where there is nothing to translate.
    """

    text: str
    nodes: tuple[n.Inline, ...]
    words: bool


def marked(content: n.Inlines) -> Marked:
    """The line with its tags."""
    return marked_passage((content,))


def marked_passage(paragraphs: Iterable[n.Inlines]) -> Marked:
    """Paragraphs that may be worded anew together: their tags are numbered throughout."""
    writer = _Writer()
    text = PARAGRAPH_END.join(map(writer.written, paragraphs))
    return Marked(text, tuple(writer.nodes), writer.texts > 0)


def paragraphs_of(passage: str) -> list[str]:
    """A passage's paragraphs, each as `marked` writes it by itself."""
    return [_numbered_anew(text) for text in passage.split(PARAGRAPH_END)]


def _numbered_anew(text: str) -> str:
    first = min((int(match.group(3)) for match in _TAG.finditer(text)), default=1)

    def earlier(match: re.Match[str]) -> str:
        slash, letter, number, empty = match.groups()
        return f"<{slash}{letter}{int(number) - first + 1}{empty}>"

    return _TAG.sub(earlier, text)


def has_words(text: str) -> bool:
    """True for text that can be translated."""
    return _WORD.search(text) is not None


class _Writer:
    """Writes lines with tags; ``texts`` counts those in which there are words."""

    def __init__(self) -> None:
        self.nodes: list[n.Inline] = []
        self.texts = 0

    def written(self, content: Iterable[n.Inline]) -> str:
        """The nodes' text."""
        return "".join(map(self._node, content))

    def _node(self, node: Any) -> str:
        if isinstance(node, str):
            return self._text(node)
        if isinstance(node, n.Ruby):
            return self._text("".join(text for text, _ in node.segments))
        letter = _ATOMS.get(type(node))
        if letter:
            return self._atom(letter, node)
        if isinstance(node, n.Span) and node.kind in _FIXED_SPANS:
            return self._atom("c", node)
        return self._pair(node)

    def _pair(self, node: Any) -> str:
        """The node around its words; one without words is an atom."""
        nodes_before, texts_before = len(self.nodes), self.texts
        self.nodes.append(node)
        content = self.written(node.content)
        if self.texts == texts_before:
            del self.nodes[nodes_before:]
            return self._atom("x" if node.content else "p", node)
        tag = f"{_LETTERS.get(type(node), _OTHER_PAIR)}{nodes_before + 1}"
        return f"<{tag}>{content}</{tag}>"

    def _atom(self, letter: str, node: n.Inline) -> str:
        self.nodes.append(node)
        tag = f"{letter}{len(self.nodes)}"
        shown = "" if isinstance(node, n.Math) else line_of((node,))
        if not shown or len(shown) > _LONGEST_SHOWN:
            return f"<{tag}/>"
        return f"<{tag}>{escape(shown, quote=False)}</{tag}>"

    def _text(self, text: str) -> str:
        text = text.replace("\n", " ")
        pieces: list[str] = []
        end = 0
        protects = any(part in text for part in _OF_PROTECTED)
        for match in _PROTECTED.finditer(text) if protects else ():
            protected = match.group().rstrip(".,;:!?)")
            pieces += [self._unprotected(text[end : match.start()]), self._atom("x", protected)]
            end = match.start() + len(protected)
        return "".join([*pieces, self._unprotected(text[end:])])

    def _unprotected(self, text: str) -> str:
        self.texts += has_words(text)
        return escape(text, quote=False)


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


# --- Reading ---------------------------------------------------------------------------------------------------------


def plain_text(text: str, *, whole: bool = False) -> str:
    """A marked line's text without tags and, unless it is asked for as a ``whole``, without what stands in atoms."""
    if whole:
        return _unescaped(_TAG.sub(" ", text))
    without_atoms = _EMPTY_ATOM.sub(" ", _ATOM.sub("  ", text))
    return _unescaped(_TAG.sub("", without_atoms))


_Tree = list[Any]
"""Text, and tags as pairs of a number and the tree inside, None for atoms."""


class _Reader:
    """Reads one answer in order, and knows which tags are open."""

    def __init__(self, source: str) -> None:
        self._letters = {int(tag[3]): tag[2] for tag in _TAG.finditer(source)}
        self._used: set[int] = set()
        self._atom = 0
        self.root: _Tree = []
        self._open: list[tuple[int, _Tree]] = [(0, self.root)]

    def words(self, text: str) -> None:
        """Add text to the tree; inside an atom it is ignored."""
        if text and not self._atom:
            self._open[-1][1].append(text)

    def tag(self, match: re.Match[str]) -> None:
        """Open or close what the tag names."""
        tag, number = match[0], int(match[3])
        closes = bool(match[1])
        if self._letters.get(number) != match[2]:
            raise MarkError(f"the tag {tag} is not in the source")
        if self._atom:
            if not (closes and number == self._atom):
                raise MarkError(f"the tag {tag} stands inside another that only takes its own words")
            self._atom = 0
        elif closes:
            opened, _ = self._open.pop()
            if opened != number:
                raise MarkError(f"the tag {tag} closes what is not open there")
        else:
            self._begin(tag, number, is_empty=bool(match[4]))

    def _begin(self, tag: str, number: int, *, is_empty: bool) -> None:
        if number in self._used:
            raise MarkError(f"the tag {tag} occurs more than once")
        self._used.add(number)
        inside: _Tree | None = None if self._letters[number] in _ATOM_LETTERS else []
        self._open[-1][1].append((number, inside))
        if inside is None:
            self._atom = 0 if is_empty else number
        elif is_empty:
            raise MarkError(f"the tag {tag} has lost its words")
        else:
            self._open.append((number, inside))

    def end(self) -> None:
        """Check that every tag was there and is closed."""
        if self._atom or len(self._open) > 1:
            raise MarkError(f"the tag number {self._atom or self._open[-1][0]} is not closed")
        missing = sorted(self._letters.keys() - self._used)
        if missing:
            names = ", ".join(f"<{self._letters[number]}{number}>" for number in missing[:10])
            raise MarkError(f"tags are missing: {names}")


def _tree(source: str, answer: str) -> _Tree:
    """The answer's tags, each once and well nested, as a tree.

    Raises:
        MarkError: they are not the source's.
    """
    reader = _Reader(source)
    end = 0
    for match in _TAG.finditer(answer):
        reader.words(answer[end : match.start()])
        reader.tag(match)
        end = match.end()
    reader.words(answer[end:])
    reader.end()
    return reader.root


def check_marks(source: str, answer: str) -> None:
    """Raise where the answer's tags are not the source's, each once and well nested, or where it has other mark-up.

    Raises:
        MarkError: what is wrong.
    """
    _check_words(_tree(source, answer))
    allowed = {match.group() for match in _ANY_TAG.finditer(_unescaped(_TAG.sub("", source)))}
    for match in _ANY_TAG.finditer(_TAG.sub("", answer)):
        if match.group() not in allowed:
            raise MarkError(f"the source has no mark-up {match.group()[:40]}")


def _check_words(tree: _Tree) -> None:
    for item in tree:
        if isinstance(item, tuple) and item[1] is not None:
            if not any(isinstance(each, tuple) or each.strip() for each in item[1]):
                raise MarkError(f"the tag number {item[0]} has lost its words")
            _check_words(item[1])


def unmarked(source: Marked, answer: str) -> n.Inlines:
    """The answer as a line, with the source's nodes behind its tags.

    Raises:
        MarkError: the tags are not the source's.
    """
    return _line(_tree(source.text, _SPACE.sub(" ", answer).strip()), source.nodes)


def unmarked_passage(source: Marked, answer: str) -> tuple[n.Inlines, ...]:
    """The answer to a passage as the contents of its paragraphs, with the source's nodes behind its tags.

    Raises:
        MarkError: the tags are not the source's.
    """
    spaced = _SPACE.sub(_paragraph_end_or_space, answer.strip())
    paragraphs: list[_Tree] = [[]]
    for item in _tree(source.text, spaced):
        if not isinstance(item, str):
            paragraphs[-1].append(item)
            continue
        first, *others = item.split(PARAGRAPH_END)
        paragraphs[-1].append(first)
        paragraphs += [[text] for text in others]
    lines = [_line(tree, source.nodes) for tree in paragraphs]
    return tuple(line for line in lines if line)


def _paragraph_end_or_space(space: re.Match[str]) -> str:
    return PARAGRAPH_END if space.group().count("\n") > 1 else " "


def _line(tree: _Tree, nodes: tuple[n.Inline, ...]) -> n.Inlines:
    content: list[Any] = []
    for item in tree:
        if isinstance(item, str):
            if item:
                _append(content, _unescaped(item.replace(PARAGRAPH_END, " ")))
            continue
        number, inside = item
        node = nodes[number - 1]
        if inside is None:
            _append(content, node)
        else:
            content.append(_around(node, _line(inside, nodes)))
    return tuple(content)


def _append(content: list[Any], node: Any) -> None:
    """Add a node; text goes on with the text before it."""
    if isinstance(node, str) and content and isinstance(content[-1], str):
        content[-1] += node
    else:
        content.append(node)


def _around(node: Any, content: n.Inlines) -> Any:
    """The node with other content, which is no longer in the language that the node names."""
    if content == node.content:  # words in a third language, which stay
        return node
    attr = getattr(node, "attr", None)
    if attr is None or not (attr.lang or attr.dir):
        return replace(node, content=content)
    return replace(node, content=content, attr=n.Attr(id=attr.id) if attr.id else None)
