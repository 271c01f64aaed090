"""What stands on its own: lists of definitions, details, admonitions, figures, boxes."""

from __future__ import annotations

from collections.abc import Iterable

from sitebookify.book.markdown import raw
from sitebookify.book.tree import Element, drop, elements, make, replace, text_of, unwrap, words_of

BLOCKS = frozenset(
    "aside blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre section summary table "
    "ul".split()
)
ALERTS = frozenset({"note", "tip", "important", "warning", "caution"})
_HOLDS_BLOCKS = ("blockquote", "dd", "details", "div", "section", "aside", "li", "td", "th")


def simplify(root: Element) -> None:
    """Leave only blocks that pandoc turns into Markdown; what Markdown cannot say becomes HTML around Markdown."""
    for code in [*root.iter("pre")]:
        _code_block(code)
    for holder in [root, *root.iter(*_HOLDS_BLOCKS)]:
        if any(child.tag in BLOCKS and child.tag not in ("ul", "ol") for child in holder):
            paragraphs(holder)
    for element in reversed(elements(root)[1:]):
        _simplify(element)


def paragraphs(holder: Element) -> None:
    """Put text that stands between the blocks of ``holder`` into paragraphs."""
    run = _started(holder, 0, holder.text)
    holder.text = None
    for child in [*holder]:
        if child is run:
            continue
        tail, child.tail = child.tail, None
        if child.tag in BLOCKS:
            run = _started(holder, holder.index(child) + 1, tail)
            continue
        if run is None:
            run = make("p")
            child.addprevious(run)
        run.append(child)
        child.tail = tail


def _started(holder: Element, place: int, text: str | None) -> Element | None:
    if not text or not text.strip():
        return None
    paragraph = make("p", text)
    holder.insert(place, paragraph)
    return paragraph


def _code_block(pre: Element) -> None:
    if pre.get("class") == "raw-html":
        return
    code = pre.find("code")
    name = (code.get("class") or "") if code is not None else ""
    plain = make("code", text_of(pre), **{"class": name or "language-text"})  # without one it would be indented
    pre.attrib.clear()
    pre.text, pre[:] = None, [plain]


def _simplify(element: Element) -> None:
    tag = str(element.tag)
    if tag == "dl":
        _definitions(element)
    elif tag == "details":
        _details(element)
    elif tag == "figure":
        _figure(element)
    elif tag in ("div", "section", "aside"):
        _box(element)
    elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        _heading(element)


def _heading(heading: Element) -> None:
    for line in [*heading.iter("br")]:
        line.tail = " " + (line.tail or "")
        drop(line)
    if not words_of(heading) and heading.find(".//img") is None:
        drop(heading)


def _definitions(definitions: Element) -> None:
    """``dl`` as HTML tags around Markdown: GitHub's Markdown has no list of definitions."""
    opening = "<dl>"
    pieces: list[Element] = []
    for item in _items(definitions):
        pieces.append(raw.block(f"{opening}\n<{item.tag}>"))
        pieces += _content(item)
        opening = f"</{item.tag}>"
    if pieces:
        pieces.append(raw.block(f"{opening}\n</dl>"))
    _put(definitions, _merged(pieces))


def _items(definitions: Element) -> Iterable[Element]:
    for child in [*definitions]:
        if child.tag in ("dt", "dd"):
            yield child
        else:
            yield from (
                [item for item in child if item.tag in ("dt", "dd")] if child.tag == "div" else [_as("dd", child)]
            )


def _as(tag: str, content: Element) -> Element:
    box = make(tag)
    content.tail = None
    box.append(content)
    return box


def _content(holder: Element) -> list[Element]:
    paragraphs(holder)
    return [*holder]


def _merged(pieces: list[Element]) -> list[Element]:
    """Tags that follow each other directly, as one block: no blank line between them."""
    merged: list[Element] = []
    for piece in pieces:
        if merged and piece.get("class") == "raw-html" == merged[-1].get("class"):
            merged[-1][0].text = f"{merged[-1][0].text}\n{piece[0].text}"
        else:
            merged.append(piece)
    return merged


def _details(details: Element) -> None:
    summary = details.find("summary")
    title = words_of(summary) if summary is not None else "Details"
    if summary is not None:
        drop(summary)
    escaped = title.replace("&", "&amp;").replace("<", "&lt;")
    opening = raw.block(f"<details>\n<summary>{escaped}</summary>")
    _put(details, [opening, *_content(details), raw.block("</details>")])


def _figure(figure: Element) -> None:
    """Its content and its caption, as a paragraph of its own, in their order."""
    for caption in [*figure.iter("figcaption")]:
        if any(child.tag in BLOCKS for child in caption):
            caption.tag = "div"
            _box(caption)
        else:
            caption.tag = "em"
            replace(caption, wrapped := make("p"))
            caption.tail, wrapped.tail = None, caption.tail
            wrapped.append(caption)
    _put(figure, _content(figure))


def _box(box: Element) -> None:
    kind = next((name for name in (box.get("class") or "").split() if name in ALERTS), "")
    if kind and box.get("class") != "footnotes":
        _alert(box, kind)
    elif box.get("role") != "doc-endnotes":
        _put(box, _content(box))


def _alert(box: Element, kind: str) -> None:
    """The form that pandoc's extension ``alerts`` reads; a title of its own stays as the first paragraph."""
    title = next((child for child in box if child.get("class") == "admonition-title"), None)
    if title is not None:
        title.attrib.clear()
        if words_of(title).rstrip(":!").casefold() == kind:
            drop(title)
        else:
            title.tag = "strong"
            title.addnext(paragraph := make("p"))
            paragraph.append(title)
    content = _content(box)
    heading = make("div", **{"class": "title"})
    heading.append(make("p", kind.title()))
    box.attrib.clear()
    box.set("class", kind)
    box[:] = [heading, *content]


def _put(element: Element, content: list[Element]) -> None:
    """Replace an element by blocks."""
    box = make("div")
    box.extend(content)
    replace(element, box)
    unwrap(box)
