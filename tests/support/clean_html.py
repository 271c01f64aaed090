"""A document as the clean HTML it could be made of: what tests expect is easiest to read so."""

from __future__ import annotations

from html import escape
from typing import Any

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import walk

_LINES: dict[type, str] = {
    n.Emph: "em",
    n.Strong: "strong",
    n.Underline: "u",
    n.Strikeout: "del",
    n.Superscript: "sup",
    n.Subscript: "sub",
    n.Quoted: "q",
}
_HERE = "\x00"
"""Stands for the page's URL until it is known."""


def html_of(document: n.Document) -> str:
    """The document as clean HTML, on one line."""
    html = "".join(map(_block, document.blocks))
    if document.notes:
        backs = {
            node.name: node.attr.id
            for node in walk(document.blocks, document.notes)
            if isinstance(node, n.Note) and node.attr and node.attr.id
        }
        notes = "".join(_note(note, backs.get(note.name, f"to-{note.name}")) for note in document.notes)
        html += f'<section class="footnotes" role="doc-endnotes"><ol>{notes}</ol></section>'
    return html.replace(_HERE, escape(document.url))


def _note(note: n.Footnote, call: str) -> str:
    back = f'<a class="footnote-back" role="doc-backlink" href="{_HERE}#{escape(call)}">\u21a9</a>'
    inner = _blocks(note.blocks)
    inner = f"{inner.removesuffix('</p>')} {back}</p>" if inner.endswith("</p>") else inner + back
    return f'<li id="{escape(note.name)}" role="doc-endnote">{inner}</li>'


def _blocks(blocks: n.Blocks) -> str:
    return "".join(map(_block, blocks))


def _tag(name: str, attr: n.Attr | None, inner: str, **others: Any) -> str:
    said = {"id": attr.id, "lang": attr.lang, "dir": attr.dir} if attr else {}
    said |= {key.rstrip("_"): str(value) for key, value in others.items()}
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in said.items() if value)
    return f"<{name}{attributes}>{inner}</{name}>"


def _void(name: str, attr: n.Attr | None, **others: Any) -> str:
    return _tag(name, attr, "", **others).partition("</")[0]


def _block(block: n.Block) -> str:  # noqa: C901, PLR0911, PLR0912 - a case for each node
    match block:
        case n.Plain():
            return _inlines(block.content)
        case n.Para():
            return _tag("p", block.attr, _inlines(block.content))
        case n.Header():
            return _tag(f"h{block.level}", block.attr, _inlines(block.content))
        case n.CodeBlock():
            code = _tag(
                "code", None, escape(block.text, quote=False) + "\n", class_=f"language-{block.language or 'text'}"
            )
            return _tag("pre", block.attr, code)
        case n.BlockQuote():
            return _tag("blockquote", block.attr, _blocks(block.blocks))
        case n.BulletList():
            return _tag("ul", block.attr, "".join(map(_item, block.items)))
        case n.OrderedList():
            others: dict[str, Any] = {"start": block.start if block.start != 1 else "", "type": block.style}
            others["reversed"] = "reversed" if block.reversed else ""
            return _tag("ol", block.attr, "".join(map(_item, block.items)), **others)
        case n.DefinitionList():
            return _tag("dl", block.attr, "".join(map(_definition, block.items)))
        case n.Table():
            return _table(block)
        case n.Figure():
            caption = _tag("figcaption", None, _blocks(block.caption)) if block.caption else ""
            inner = _blocks(block.blocks)
            return _tag("figure", block.attr, caption + inner if block.caption_first else inner + caption)
        case n.Translation():
            return _tag("div", block.attr, _blocks(block.blocks), class_="translation")
        case n.Div():
            return _tag("div", block.attr, _blocks(block.blocks))
        case n.Admonition():
            title = _tag("p", None, _inlines(block.title), class_="admonition-title") if block.title else ""
            kind = f"admonition {block.kind}"
            return _tag("div", block.attr, title + _blocks(block.blocks), role="note", class_=kind)
        case n.Details():
            return _tag("details", block.attr, _tag("summary", None, _inlines(block.summary)) + _blocks(block.blocks))
        case n.TabSet():
            return "".join(map(_tab, block.tabs))
        case n.LineBlock():
            lines = "".join(_tag("div", None, _inlines(line)) for line in block.lines)
            return _tag("div", block.attr, lines, class_="line-block")
        case n.HorizontalRule():
            return _void("hr", block.attr)


def _item(item: n.ListItem) -> str:
    sign = {None: "", False: "\u2610 ", True: "\u2611 "}[item.done]
    value = "" if item.value is None else item.value
    return _tag("li", item.attr, sign + _blocks(item.blocks), value=value)


def _definition(item: n.DefinitionItem) -> str:
    terms = "".join(_tag("dt", term.attr, _inlines(term.content)) for term in item.terms)
    return terms + "".join(_tag("dd", each.attr, _blocks(each.blocks)) for each in item.definitions)


def _tab(tab: n.Tab) -> str:
    label = _tag("p", None, _tag("strong", None, _inlines(tab.label))) if tab.label else ""
    return label + _blocks(tab.blocks)


def _table(table: n.Table) -> str:
    html = _tag("caption", None, _blocks(table.caption)) if table.caption else ""
    html += _group("thead", table.head)
    html += "".join(_group("tbody", body) for body in table.bodies)
    return _tag("table", table.attr, html + _group("tfoot", table.foot))


def _group(tag: str, group: n.RowGroup | None) -> str:
    if group is None:
        return ""
    return _tag(tag, group.attr, "".join(_tag("tr", row.attr, "".join(map(_cell, row.cells))) for row in group.rows))


def _cell(cell: n.Cell) -> str:
    spans = {"colspan": cell.colspan, "rowspan": cell.rowspan}
    others: dict[str, Any] = {name: value for name, value in spans.items() if value > 1}
    others |= {"align": cell.align, "scope": cell.scope}
    return _tag("th" if cell.header else "td", cell.attr, _blocks(cell.blocks), **others)


def _inlines(content: n.Inlines) -> str:
    return "".join(map(_inline, content))


def _inline(inline: n.Inline) -> str:  # noqa: C901, PLR0911 - a case for each node
    if isinstance(inline, str):
        return escape(inline, quote=False)
    if tag := _LINES.get(type(inline)):
        return _tag(tag, None, _inlines(getattr(inline, "content", ())))
    match inline:
        case n.Code():
            return _tag("samp" if inline.sample else "code", None, _inlines(inline.content))
        case n.Span():
            return _tag(inline.kind or "span", inline.attr, _inlines(inline.content), title=inline.title)
        case n.Link():
            return _tag("a", inline.attr, _inlines(inline.content), href=inline.target, title=inline.title)
        case n.Image():
            sizes = {"width": inline.width or "", "height": inline.height or ""}
            return _void("img", inline.attr, src=inline.source, alt=inline.alt, title=inline.title, **sizes)
        case n.Math():
            if inline.mathml is not None:
                return _mathml(inline.mathml)
            tex = f"\\[{inline.tex}\\]" if inline.display else f"\\({inline.tex}\\)"
            kind = "display" if inline.display else "inline"
            return _tag("span", inline.attr, escape(tex, quote=False), class_=f"math {kind}")
        case n.Note():
            attr = inline.attr or n.Attr(id=f"to-{inline.name}")
            return _tag("a", attr, "*", class_="footnote-ref", role="doc-noteref", href=f"{_HERE}#{inline.name}")
        case n.Ruby():
            return (
                "<ruby>"
                + "".join(f"{text}<rt>{said}</rt>" if said else text for text, said in inline.segments)
                + "</ruby>"
            )
    return "<br>"


def _mathml(node: n.MathNode) -> str:
    inner = escape(node.text, quote=False) + "".join(map(_mathml, node.children))
    return _tag(node.tag, None, inner, **dict(node.attributes))
