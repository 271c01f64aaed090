"""Tables: Markdown's own where it can hold them, else HTML as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

import lxml.html

from sitebookify.book.markdown import raw
from sitebookify.book.markdown.blocks import BLOCKS
from sitebookify.book.markdown.inlines import formula_of
from sitebookify.book.tree import Element, elements, make, replace, unwrap

_KEPT = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "ol": {"start", "type"},
    "code": {"class"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "abbr": {"title"},
}
_BLANK_LINES = re.compile(r"\n\n+")


def as_html(root: Element, anchors: Mapping[str, str]) -> None:
    """Replace every table that Markdown cannot hold by a message that passes it on as HTML."""
    for table in [table for table in root.iter("table") if not any(up.tag == "table" for up in table.iterancestors())]:
        if not _fits(table):
            replace(table, raw.block(_html(table, anchors)))


def for_pipes(root: Element) -> None:
    """Make the other tables such that pandoc writes them as pipe tables."""
    for table in [*root.iter("table")]:
        caption = table.find("caption")
        if caption is not None:
            _below(table, caption)
        for block in [*table.iter("p", "div")]:
            unwrap(block)
        for code in table.iter("code"):
            # GitHub takes a bar for the end of the cell, in code and formulas too; pandoc 3.9 does not escape it there.
            code.text = (code.text or "").replace("|", "\\|")
        for line in [*table.iter("br")]:
            replace(line, raw.inline("<br />"))
        for column in [*table.iter("colgroup")]:
            column[:] = []


def _fits(table: Element) -> bool:
    """True where every row is as wide as the others and no cell holds more than a line."""
    if table.find(".//table") is not None or any(_spans(cell) for cell in table.iter("td", "th")):
        return False
    if not all(_alone(block) for block in table.iter(*BLOCKS) if block is not table):
        return False
    widths = {len(row.findall("td")) + len(row.findall("th")) for row in table.iter("tr")}
    return len(widths) == 1 and widths != {0} and len(table.findall("thead/tr")) <= 1


def _spans(cell: Element) -> bool:
    return cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1"


def _alone(block: Element) -> bool:
    """True for a paragraph that is all its cell holds."""
    cell = block.getparent()
    if block.tag not in ("p", "div") or cell is None or cell.tag not in ("td", "th") or len(cell) != 1:
        return False
    return not (cell.text or "").strip() and not (block.tail or "").strip()


def _below(table: Element, caption: Element) -> None:
    """Markdown has no captions: a paragraph after the table, in italics."""
    paragraph = make("p")
    caption.tag, caption.tail = "em", None
    paragraph.append(caption)
    table.addnext(paragraph)
    paragraph.tail, table.tail = table.tail, None


def _html(table: Element, anchors: Mapping[str, str]) -> str:
    """The table as HTML without a blank line, which would end Markdown's HTML block."""
    for formula in [node for node in table.iter("span", "math") if formula_of(node)]:
        source, display = formula_of(formula) or ("", False)
        replace(formula, make("span", f"$${source}$$" if display else f"${source}$"))
    for element in elements(table):
        anchor = anchors.get(element.get("id") or "")
        for name in set(element.attrib) - _KEPT.get(str(element.tag), set()):
            del element.attrib[name]
        if anchor:
            element.set("id", anchor)
    table.tail = None
    return _BLANK_LINES.sub(_spelled, lxml.html.tostring(table, encoding="unicode").strip())


def _spelled(lines: re.Match[str]) -> str:
    return "\n" + "&#10;" * (len(lines[0]) - 1)
