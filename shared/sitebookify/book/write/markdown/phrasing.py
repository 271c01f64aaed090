"""A line's atoms as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as escape_html
from typing import TypeGuard

from sitebookify.book.write.markdown.atoms import Around, Atom, Wrap, opening_tag
from sitebookify.book.write.markdown.escapes import (
    can_close,
    can_open,
    escape,
    escape_first,
    escape_title,
)

_MAIL = re.compile(r"mailto:([\w.+-]+@[\w-]+(?:\.[\w-]+)+)", re.ASCII)
_LINK_STARTS = ("http://", "https://", "ftp://")
_TICKS = re.compile("`+")
_START, _NEXT_LINE = "\r", "\n"
"""What stands before the first character of a block's first line, and of its others."""
_OTHER = "."
"""A sign that is not one of emphasis."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What stands in the same wrap."""

    wrap: Wrap
    parts: list[_Part]


_Part = Atom | _Group


def line_markdown(atoms: Sequence[Atom], *, starts: bool = False) -> str:
    """Markdown of a line, "" where it is empty; ``starts`` says that it begins a block."""
    return _between(_grouped(_settled(atoms), 0), _START if starts else "", "")


def line_html(atoms: Sequence[Atom]) -> str:
    """The line as HTML without line ends, of atoms that were made for that."""
    return _html(_grouped(_settled(atoms), 0))


def _html(parts: Sequence[_Part]) -> str:
    pieces = []
    for part in parts:
        if isinstance(part, _Group):
            wrap = part.wrap
            pieces.append(f"{_opening(wrap)}{_html(part.parts)}</{wrap.tag}>")
        elif part.kind == "text":
            pieces.append(escape_html(part.text, quote=False))
        elif part.kind == "code":
            pieces.append(f"<code>{escape_html(part.text, quote=False)}</code>")
        else:
            pieces.append(part.text)
    return "".join(pieces)


def _opening(wrap: Wrap) -> str:
    if wrap.target:
        return opening_tag("a", href=wrap.target, title=wrap.title)
    return wrap.opening or f"<{wrap.tag}>"


def _settled(atoms: Sequence[Atom]) -> list[Atom]:
    """The atoms without spaces at the line's ends; between two others is one space or a line's end.

    A space at the end of emphasis moves out of it, since a sign beside a space is none.
    """
    settled: list[Atom] = []
    spaces: list[Atom] = []
    for atom in atoms:
        if atom.kind in ("gap", "break"):
            spaces.append(atom)
            continue
        if spaces and settled:
            around = _shared(settled[-1].around, atom.around)
            if len(spaces) > 1:
                spaces = [space for space in spaces if space.kind == "break"] or spaces[:1]
            settled += [_within(around, space) for space in spaces]
        settled.append(atom)
        spaces = []
    return settled


def _within(around: Around, space: Atom) -> Atom:
    return space if space.around == around else Atom(space.kind, space.text, around)


def _shared(left: Around, right: Around) -> Around:
    if not left or not right:  # as most
        return ()
    depth = 0
    while depth < min(len(left), len(right)) and left[depth] is right[depth]:
        depth += 1
    return left[:depth]


def _grouped(atoms: Sequence[Atom], depth: int) -> list[_Part]:
    """The atoms that are ``depth`` wraps deep, grouped by the next wrap; neighbours of a kind merge."""
    parts: list[_Part] = []
    start = 0
    while start < len(atoms):
        atom = atoms[start]
        end = start + 1
        if len(atom.around) > depth:
            wrap = atom.around[depth]
            while end < len(atoms) and _continues(atoms[end], wrap, depth):
                end += 1
            parts.append(_Group(wrap, _grouped(atoms[start:end], depth + 1)))
        elif parts and _merge(parts[-1], atom):
            parts[-1] = Atom(atom.kind, parts[-1].text + atom.text, atom.around)
        else:
            parts.append(atom)
        start = end
    return parts


def _merge(part: _Part, atom: Atom) -> TypeGuard[Atom]:
    """True for words after words, and code after code."""
    return isinstance(part, Atom) and part.kind == atom.kind and atom.kind in ("text", "code")


def _continues(atom: Atom, wrap: Wrap, depth: int) -> bool:
    if len(atom.around) <= depth:
        return False
    other = atom.around[depth]
    return other is wrap or (wrap.sign != "" and other.sign == wrap.sign)


def _between(parts: Sequence[_Part], before: str, after: str, *, inside: bool = False) -> str:
    """The parts between two characters, "" for a line's end; a ``*`` is one of emphasis.

    ``inside`` says that emphasis is around the parts.
    """
    pieces: list[str] = []
    for number, part in enumerate(parts):
        following = parts[number + 1] if number + 1 < len(parts) else None
        if isinstance(part, _Group):
            piece = _wrapped(part, before, _first(following, after), inside=inside)
        elif part.kind == "text":
            second = before == "]" and (number == 1 or pieces[-2:-1] == ["\\\n"])
            piece = _text(part.text, before, following, second=second)
        elif part.kind == "code":
            piece = _code(part.text)
        else:
            piece = _apart(part.text, before)
        pieces.append(piece)
        escaped = piece[-1] == "*" and not isinstance(part, _Group)
        before = _OTHER if escaped else piece[-1]
    return "".join(pieces)


def _first(part: _Part | None, after: str) -> str:
    """The first character of what follows."""
    if part is None:
        return after
    if isinstance(part, _Group):
        return "[" if part.wrap.target else part.wrap.sign[:1] or "<"
    if part.kind == "text":
        return escape(part.text)[0]
    return "`" if part.kind == "code" else part.text[0]


def _text(text: str, before: str, following: _Part | None, *, second: bool) -> str:
    """Escaped text; ``second`` says that only one thing stands before it on its line."""
    if before in (_START, _NEXT_LINE):
        kind = following.kind if isinstance(following, Atom) else ""
        alone = following is None or kind == "break"
        ends = alone or kind == "gap"
        escaped = escape_first(text, ends=ends, alone=alone, below=before == _NEXT_LINE)
    else:
        escaped = escape(text)
    if escaped[-1] == "!" and _first(following, "") == "[":
        escaped = f"{escaped[:-1]}\\!"  # with it, a link would be a picture
    if _joins_bracket(text[0], before, second=second):
        escaped = f"\\{escaped}"
    return _apart(escaped, before)


def _joins_bracket(first: str, before: str, *, second: bool) -> bool:
    """True where a note's call would be a link or begin the note, or a link would be a note's call."""
    if before == "[":
        return first == "^"
    return before == "]" and (first == "(" or (first == ":" and second))


def _apart(text: str, before: str) -> str:
    """The text, kept apart from a formula, which would not end before a digit or a dollar sign."""
    is_part = before == "$" and (text[0].isdigit() or text[0] == "$")
    return f"<!-- -->{text}" if is_part else text


def _code(text: str) -> str:
    longest = max(map(len, _TICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    room = " " if longest else ""
    return f"{fence}{room}{text}{room}{fence}"


def _wrapped(group: _Group, before: str, after: str, *, inside: bool) -> str:
    wrap = group.wrap
    if wrap.target:
        return _link(group)
    if wrap.sign and wrap.sign[0] not in (before, after):
        text = _emphasis(group, before, after, inside=inside)
        if text:
            return text
    return f"{_opening(wrap)}{_between(group.parts, '>', '<', inside=inside)}</{wrap.tag}>"


def _emphasis(group: _Group, before: str, after: str, *, inside: bool) -> str:
    """Emphasis with Markdown's signs; "" where they would not be taken for it."""
    sign = group.wrap.sign
    if sign == "~~":
        text = _between(group.parts, "~", "~", inside=True)
        is_taken = "~" not in text and _is_taken(before, text, after, inside=inside)
    elif _is_emphasis(group.parts):  # its signs stand beside these
        text = _between(group.parts, before, after)
        is_taken = _is_taken(before, text.strip("*"), after, inside=inside)
    else:
        text = _between(group.parts, "*", "*", inside=True)
        is_taken = _is_taken(before, text, after, inside=inside)
    return f"{sign}{text}{sign}" if is_taken else ""


def _is_emphasis(parts: Sequence[_Part]) -> bool:
    """True where the parts are one, with stars around it."""
    only = parts[0]
    return len(parts) == 1 and isinstance(only, _Group) and only.wrap.sign.startswith("*")


def _is_taken(before: str, text: str, after: str, *, inside: bool) -> bool:
    """True where signs around the text open and close emphasis, and do nothing else inside another."""
    first, last = text[0], text[-1]
    if inside and (can_close(before, first) or can_open(last, after)):
        return False
    return can_open(before, first) and can_close(last, after)


def _link(group: _Group) -> str:
    wrap = group.wrap
    if not wrap.title:
        address = _shown_address(group)
        if address:
            return f"<{address}>"
    label = _between(group.parts, "[", "]")
    if "]:" in label:  # in code, which has no escapes: a block that begins so defines a reference
        return f"{_opening(wrap)}{label}</a>"
    return f"[{label}]({wrap.target}{escape_title(wrap.title)})"


def _shown_address(group: _Group) -> str:
    """The address that is all that the link says and where it leads; "" where it says something else."""
    only = group.parts[0]
    if len(group.parts) > 1 or not isinstance(only, Atom) or only.kind != "text":
        return ""
    target = group.wrap.target
    mail = _MAIL.fullmatch(target)
    if mail and only.text == mail[1]:
        return only.text
    return only.text if only.text == target and target.startswith(_LINK_STARTS) else ""
