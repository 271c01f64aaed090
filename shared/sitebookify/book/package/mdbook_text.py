"""Markdown that mdBook takes for nothing but Markdown.

mdBook's preprocessor looks for ``{{#include FILE}}`` and its kin in the raw text of a chapter, in code too, and puts
the reader's own files there (https://rust-lang.github.io/mdBook/format/mdbook.html). A page that says so would publish
them. book.toml switches the preprocessor off, and the text does not depend on it: a brace becomes a character
reference, which is a brace again once the Markdown is read. Code, where references mean nothing, becomes HTML's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

_COMMAND = re.compile(r"\{\{\s*#")
_SECOND_BRACE = re.compile(r"(?<=\{)\{")
_REFERENCE = "&#123;"
_FENCE = re.compile(r"((?:[ >]|[*+-] +|\d{1,9}[.)] +)*)(`{3,}|~{3,})[ ]*([^\s`]*)[^`\n]*")
_CODE_SPAN = re.compile(r"(?<![\\`])(`{1,9})(?!`)([^\n]*?[^`\n])\1(?!`)")


def inert(text: str) -> str:
    """The Markdown without a command of mdBook; it reads the same."""
    return "\n".join(_lines(text.split("\n"))) if _COMMAND.search(text) else text


def inert_line(text: str) -> str:
    """The same for a line that has no code, such as a title."""
    return _SECOND_BRACE.sub(_REFERENCE, text)


def _lines(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        fence = _FENCE.fullmatch(lines[at])
        if fence is None:
            yield _without_commands(lines[at])
            at += 1
            continue
        end = _end(lines, at, fence[2])
        if "{{" in "\n".join(lines[at:end]):
            yield from _as_html(fence, lines[at + 1 : end])
        else:
            yield from lines[at : end + 1]
        at = end + 1


def _end(lines: list[str], begin: int, fence: str) -> int:
    """The number of the line that closes the code; the last one where none does."""
    for at in range(begin + 1, len(lines)):
        rest = lines[at].lstrip(" >")
        if rest.startswith(fence) and not rest.strip(fence[0] + " "):
            return at
    return len(lines)


def _as_html(fence: re.Match[str], code: list[str]) -> Iterator[str]:
    """The code as an element, in the same quotation or list."""
    margin = re.sub(r"[^ >]", " ", fence[1])
    kind = f' class="language-{escape(fence[3])}"' if fence[3] else ""
    before = f"{fence[1]}<pre><code{kind}>"
    for line in code:
        body = line[len(margin) :] if line[: len(margin)].strip(" >") == "" else line
        yield before + inert_line(escape(body, quote=False))
        before = margin
    yield f"{before}</code></pre>"


def _without_commands(line: str) -> str:
    if "{{" not in line:
        return line
    pieces: list[str] = []
    at = 0
    for span in _CODE_SPAN.finditer(line):
        pieces.append(inert_line(line[at : span.start()]))
        pieces.append(_span_as_html(span) if "{{" in span[2] else span[0])
        at = span.end()
    return "".join([*pieces, inert_line(line[at:])])


def _span_as_html(span: re.Match[str]) -> str:
    code = span[2]
    if code.startswith(" ") and code.endswith(" ") and code.strip():
        code = code[1:-1]
    return f"<code>{inert_line(escape(code, quote=False)).replace('*', '&#42;').replace('_', '&#95;')}</code>"
