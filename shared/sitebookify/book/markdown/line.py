"""A line of Markdown: text, emphasis, code, links, pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote

from sitebookify.book.markdown import raw
from sitebookify.book.markdown.escape import can_close, can_open, escape, escape_first
from sitebookify.book.tree import Element

_MARKS = {"em": "*", "i": "*", "strong": "**", "b": "**", "del": "~~", "s": "~~", "strike": "~~", "sub": "", "sup": ""}
_TAGS = {"*": "em", "**": "strong", "~~": "del"}
_SPACES = re.compile("[ \t\n\r\f]+")
_ODD = re.compile("[\x80-\x9f]")
"""Numbers of Windows-1252, which HTML's readers put right."""
_NOT_IN_URLS = re.compile(r'[\s<>|"{}\[\]^`\\\x00-\x1f]')
_MAIL = re.compile(r"mailto:([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_LINK_STARTS = ("http://", "https://", "ftp://")
_TICKS = re.compile("`+")
_PARENTHESES = re.compile("[()]")
_GAP, _BREAK = " ", "\\\n"
_OTHER = "."
"""A sign that is not one of emphasis."""


class NotHereError(Exception):
    """Something that is left to pandoc."""


@dataclass(slots=True)
class _Text:
    text: str


@dataclass(slots=True)
class _Mark:
    """What stands as it is."""

    text: str


@dataclass(slots=True)
class _Wrap:
    """A line inside an element: ``tag`` of emphasis, or a link to ``target``."""

    tag: str
    line: Line
    target: str = ""
    title: str = ""

    def is_like(self, other: object) -> bool:
        return isinstance(other, _Wrap) and other.tag == self.tag != "a"


_Item = _Text | _Mark | _Wrap


@dataclass(slots=True)
class Line:
    """Inlines as they come, neighbours of a kind as one."""

    items: list[_Item] = field(default_factory=list)

    @classmethod
    def of(cls, element: Element) -> Self:
        """What the element holds.

        Raises:
            NotHereError: there is something in it that Markdown has nothing for.
        """
        line = cls()
        line.text(element.text)
        for child in element:
            line.inline(child)
            line.text(child.tail)
        return line

    def text(self, text: str | None) -> None:
        """Words, and what is between them."""
        if not text:
            return
        if _ODD.search(text):
            raise NotHereError
        text = _SPACES.sub(_GAP, text)
        if text[0] == _GAP:
            self.gap()
        if words := text.strip(_GAP):
            if self.items and isinstance(last := self.items[-1], _Text):
                last.text += words
            else:
                self.items.append(_Text(words))
            if text[-1] == _GAP:
                self.gap()

    def gap(self) -> None:
        """A space, unless there is one."""
        if not (self.items and _is_space(self.items[-1])):
            self.items.append(_Mark(_GAP))

    def inline(self, element: Element) -> None:
        """One more element, without its tail."""
        tag = str(element.tag)
        if tag in _MARKS and not element.attrib:
            self._wrap(_Wrap(tag if not _MARKS[tag] else _TAGS[_MARKS[tag]], Line.of(element)))
        elif tag == "code":
            self.items.append(_Mark(_code(element)))
        elif tag == "a" and set(element.attrib) <= {"href", "title"} and element.get("href"):
            self._wrap(_Wrap("a", Line.of(element), _url(element.get("href") or ""), element.get("title") or ""))
        elif tag == "img" and set(element.attrib) <= {"src", "alt", "title"}:
            self.items.append(_Mark(_picture(element)))
        elif tag == "br":
            self._break()
        else:
            raise NotHereError

    def _break(self) -> None:
        if self.items and self.items[-1] == _Mark(_GAP):
            self.items.pop()
        self.items.append(_Mark(_BREAK))

    def _space(self, space: str) -> None:
        if space:
            self._break() if space == _BREAK else self.gap()

    def _wrap(self, wrap: _Wrap) -> None:
        """What is only space at the ends of what is wrapped goes outside."""
        before, after = wrap.line.trim()
        if not wrap.line.items:
            raise NotHereError
        self._space(before)
        if self.items and isinstance(last := self.items[-1], _Wrap) and last.is_like(wrap):
            last.line.extend(wrap.line.items)
        else:
            self.items.append(wrap)
        self._space(after)

    def extend(self, items: Sequence[_Item]) -> None:
        """Append what another line holds."""
        first, last = items[0], self.items[-1]
        if isinstance(first, _Text) and isinstance(last, _Text):
            last.text += first.text
            items = items[1:]
        elif isinstance(first, _Wrap) and isinstance(last, _Wrap) and last.is_like(first):
            last.line.extend(first.line.items)
            items = items[1:]
        self.items += items

    def trim(self) -> tuple[str, str]:
        """Take spaces and breaks from both ends; what there was, a break before a space."""
        first, last = 0, len(self.items)
        while first < last and _is_space(self.items[first]):
            first += 1
        while last > first and _is_space(self.items[last - 1]):
            last -= 1
        before, after = _space_of(self.items[:first]), _space_of(self.items[last:])
        self.items = self.items[first:last]
        return before, after

    def block(self) -> str:
        """Markdown of the line as a block of its own; "" where it says nothing."""
        self.trim()
        return self.between("", "", starts=True)

    def markdown(self) -> str:
        """Markdown of the line after something else, as in a heading or a cell."""
        self.trim()
        return self.between("", "")

    def between(self, before: str, after: str, *, starts: bool = False, inside: bool = False) -> str:
        """The line between two characters, "" for none; a ``*`` is one of emphasis, which the line may be inside."""
        said: list[str] = []
        for number, item in enumerate(self.items):
            following = self.items[number + 1] if number + 1 < len(self.items) else None
            if isinstance(item, _Mark):
                said.append(item.text)
            elif isinstance(item, _Text):
                said.append(_text(item.text, said, following) if starts else _escaped(item.text, before, following))
            elif item.tag == "a":
                said.append(_link(item))
            else:
                said.append(_emphasis(item, before, _first_of(following, after), inside=inside))
            before = _OTHER if isinstance(item, _Text) and said[-1][-1] == "*" else said[-1][-1]
        return "".join(said)


def _emphasis(wrap: _Wrap, before: str, after: str, *, inside: bool) -> str:
    """Emphasis as Markdown's, or as HTML where its signs would not be taken for it."""
    mark = next((mark for mark, tag in _TAGS.items() if tag == wrap.tag), "")
    if mark and mark[0] not in (before, after):
        only = wrap.line.items[0] if len(wrap.line.items) == 1 else None
        if isinstance(only, _Wrap) and only.tag == wrap.tag:
            return _emphasis(only, before, after, inside=inside)
        nested = isinstance(only, _Wrap) and only.tag in ("em", "strong") and mark != "~~"
        around = (before, after) if nested else (mark[0], mark[0])
        inner = wrap.line.between(*around, inside=not nested)
        bare = inner.strip("*") if nested else inner
        if _is_taken(before, bare, after, inside=inside) and not (mark == "~~" and "~" in inner):
            return f"{mark}{inner}{mark}"
    return f"<{wrap.tag}>{wrap.line.between('>', '<', inside=inside)}</{wrap.tag}>"


def _is_taken(before: str, text: str, after: str, *, inside: bool) -> bool:
    """True where signs around the text open and close emphasis, and inside of other emphasis do nothing else."""
    first, last = text[0], text[-1]
    if inside and (can_close(before, first) or can_open(last, after)):
        return False
    return can_open(before, first) and can_close(last, after)


def _space_of(items: Sequence[_Item]) -> str:
    """What these spaces come to: a break if there is one."""
    return max((item.text for item in items if isinstance(item, _Mark)), default="", key=len)


def _is_space(item: _Item) -> bool:
    return isinstance(item, _Mark) and item.text in (_GAP, _BREAK)


def _first_of(item: _Item | None, after: str) -> str:
    """The first character of what follows."""
    if item is None:
        return after
    if isinstance(item, _Wrap):
        return "[" if item.tag == "a" else "*" if item.tag in ("em", "strong") else "<"
    return (escape(item.text) if isinstance(item, _Text) else item.text)[:1]


def _text(text: str, said: Sequence[str], following: _Item | None) -> str:
    """A text in a line that starts a block."""
    if said and said[-1] != _BREAK:
        return _escaped(text, said[-1][-1], following)
    alone = following is None or following == _Mark(_BREAK)
    escaped = escape_first(text, ends=alone or following == _Mark(_GAP), alone=alone, below=bool(said))
    return _no_picture(escaped, following)


def _escaped(text: str, before: str, following: _Item | None) -> str:
    number = before == "$" and text[0].isdigit()  # after it, a dollar sign would not end a formula
    return ("<!-- -->" if number else "") + _no_picture(escape(text), following)


def _no_picture(escaped: str, following: _Item | None) -> str:
    """A link after an exclamation mark is a picture."""
    return escaped[:-1] + "\\!" if escaped[-1] == "!" and _first_of(following, "") == "[" else escaped


def _link(link: _Wrap) -> str:
    label = link.line.between("[", "]")
    only = link.line.items[0] if len(link.line.items) == 1 else None
    if isinstance(only, _Text) and not link.title:
        mail = _MAIL.fullmatch(link.target)
        said = mail[1] if mail else link.target
        if said == only.text and (mail or said.startswith(_LINK_STARTS)):
            return f"<{said}>"
    return f"[{label}]({link.target}{_titled(link.title)})"


def _picture(image: Element) -> str:
    source, said = image.get("src") or "", Line()
    said.text(image.get("alt"))
    label = said.markdown() if said.items != [_Text(source)] else ""
    return f"![{label}]({_url(source)}{_titled(image.get('title') or '')})"


def _titled(title: str) -> str:
    title = _SPACES.sub(_GAP, title).replace("\\", "\\\\").replace('"', '\\"').replace("|", "\\|")
    return f' "{title}"' if title else ""


def _url(url: str) -> str:
    """The URL without what would end it."""
    url = _NOT_IN_URLS.sub(lambda found: quote(found[0]), url)
    depth = 0
    for sign in _PARENTHESES.findall(url):
        depth += 1 if sign == "(" else -1
        if depth < 0:
            break
    return url.replace("(", "%28").replace(")", "%29") if depth else url


def _code(code: Element) -> str:
    text = code.text or ""
    if len(code) or not text:
        raise NotHereError
    kind = code.get("class") or ""
    if kind == "raw-html":
        return text
    if kind in raw.MESSAGES:
        return f"$${text}$$" if kind == "tex-display" else f"${text.strip()}$"
    said = _SPACES.sub(_GAP, text)
    if code.attrib or said == _GAP:
        raise NotHereError
    longest = max(map(len, _TICKS.findall(said)), default=0)
    fence, room = "`" * (longest + 1), _GAP if longest else ""
    return f"{fence}{room}{said}{room}{fence}"
