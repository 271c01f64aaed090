"""Code blocks of every highlighter as ``<pre><code class="language-x">``, white space exact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitebookify.book.extract.document import Element, drop, make, replace

_LINES = frozenset({"div", "p", "li", "tr", "pre"})
_NAMED = re.compile(r"(?:language|lang|highlight|source|brush|src|sourceCode)[-:]([\w+#.,{}-]+)")
_UNKNOWN = frozenset({"", "text", "none", "default", "plaintext", "plain", "txt", "source", "notranslate", "output"})
_SHORT = (
    "bash c c++ console cpp cs csharp css diff go haskell html http ini java javascript js json kotlin lua make "
    "perl php powershell py python python3 r rb rs ruby rust scala scss sh shell sql swift toml ts tsx typescript "
    "vim vue xml yaml yml zsh"
)
_BARE = frozenset(_SHORT.split())
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\ufeff"))


def normalise(root: Element) -> None:
    """Replace every ``pre`` under ``root`` by its plain form."""
    for pre in [node for node in root.iter("pre") if not any(a.tag == "pre" for a in node.iterancestors())]:
        text = text_of(pre)
        if text.strip():
            replace(pre, _block(text, language(pre), pre.get("id")))
        else:
            drop(pre)


def _block(text: str, name: str, anchor: str | None) -> Element:
    block = make("pre", id=anchor) if anchor else make("pre")
    block.append(make("code", text + "\n", **{"class": f"language-{name or 'text'}"}))
    return block


def text_of(block: Element) -> str:
    """The code as its author wrote it, without the blank lines around it; ``<br>`` and inner blocks end lines."""
    pieces: list[str] = []
    _collect(block, pieces)
    text = "".join(pieces).translate(_INVISIBLE).replace("\xa0", " ").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _collect(element: Element, pieces: list[str]) -> None:
    line = element.tag in _LINES
    if line:
        _end_line(pieces)
    if element.tag == "br":
        pieces.append("\n")
    pieces.append(element.text or "")
    for child in element:
        _collect(child, pieces)
        pieces.append(child.tail or "")
    if line:
        _end_line(pieces)


def _end_line(pieces: list[str]) -> None:
    last = next((piece for piece in reversed(pieces) if piece), "\n")
    if not last.endswith("\n"):
        pieces.append("\n")


def language(block: Element) -> str:
    """The language that the block, its ``code`` or the boxes just around it name; "" where none does."""
    inner = [block, *block.iterfind(".//code")][:2]
    for element in (*inner, *_boxes(block)):
        names = [element.get("data-lang") or "", element.get("data-language") or ""]
        names += [match[1] for word in (element.get("class") or "").split() if (match := _NAMED.match(word))]
        for name in names:
            plain = re.split(r"[,{}]", name.lower().lstrip("{.,"))[0]
            if plain not in _UNKNOWN:
                return plain
    bare = (word.lower() for element in inner for word in (element.get("class") or "").split())
    return next((word for word in bare if word in _BARE), "")


def _boxes(block: Element) -> Iterator[Element]:
    """The elements around a block that hold nothing but it."""
    count = len(block.findall(".//pre")) + 1
    for depth, box in enumerate(block.iterancestors()):
        if depth == 3 or len(box.findall(".//pre")) > count:
            return
        yield box
