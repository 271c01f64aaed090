"""What readers of Markdown make of what is written: CommonMark's own way back, for documents of all kinds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from lxml.etree import _Element as Element
from markdown_it import MarkdownIt

from sitebookify.book.document import nodes as n
from sitebookify.book.document.admonition_kinds import AdmonitionKind
from sitebookify.book.document.walk import children, line_of
from sitebookify.book.write.markdown import document_markdown
from sitebookify.book.write.quotation import quotation_marks
from support.random_documents import URL, blocks, lines, plain_inlines, words

Sign = tuple[str, frozenset[str]]
"""A letter or sign, and what it stands in."""
TAGS: dict[type, str] = {
    n.Code: "code",
    n.Emph: "em",
    n.Link: "a",
    n.Strikeout: "del",
    n.Strong: "strong",
    n.Subscript: "sub",
    n.Superscript: "sup",
    n.Underline: "u",
    n.BlockQuote: "blockquote",
    n.Admonition: "blockquote",
    n.BulletList: "ul",
    n.OrderedList: "ol",
    n.ListItem: "li",
    n.DefinitionList: "dl",
    n.Definition: "dd",
    n.Term: "dt",
    n.Details: "details",
    n.Row: "tr",
    n.Cell: "td",
}
SPANS = {"dfn": "em", "var": "em", "ins": "ins", "kbd": "kbd", "mark": "mark"}
UNSEEN = frozenset({"div", "p", "pre", "tbody", "thead", "table", "abbr", "bdo", "summary"})


def read(markdown: str) -> Element:
    """The elements that a reader sees."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["strikethrough", "table"])
    html = reader.render(markdown).replace("<s>", "<del>").replace("</s>", "</del>").replace("<!-- -->", "")
    html = html.replace("<th", "<td").replace("</th", "</td").replace("<tdead", "<thead").replace("</tdead", "</thead")
    whole: Element = lxml_html.fragment_fromstring(html, create_parent="div")
    return whole


def signs_read(element: Element, around: frozenset[str] = frozenset()) -> Iterator[Sign]:
    """Every letter and sign in the elements."""
    if element.tag not in UNSEEN:
        around |= {str(element.tag)}
    yield from signs(element.text or "", around)
    for child in element:
        yield from signs_read(child, around)
        yield from signs(child.tail or "", around)


def signs(text: str, around: frozenset[str]) -> Iterator[Sign]:
    return ((sign, around) for sign in text if not sign.isspace())


def signs_written(nodes: Iterable[Any], around: frozenset[str] = frozenset(), depth: int = 0) -> Iterator[Sign]:
    """Every letter and sign of the nodes, in the elements that it is to stand in."""
    for node in nodes:
        if isinstance(node, str):
            yield from signs(node, around)
        elif isinstance(node, n.CodeBlock):
            yield from signs(node.text, around | {"code"})
        else:
            tag = f"h{node.level}" if isinstance(node, n.Header) else TAGS.get(type(node), "")
            if isinstance(node, n.Span):
                tag = SPANS.get(node.kind, "")
            inside = around | {tag} if tag else around
            yield from signs_written(parts(node, depth), inside, depth + isinstance(node, n.Quoted))


def parts(node: Any, depth: int) -> Iterable[Any]:
    """What the node holds, with what the writer adds; ``depth`` is that of quotations around it."""
    inside: Iterable[Any] = children(node)
    if isinstance(node, n.Quoted):
        opening, closing = quotation_marks("en", depth)
        inside = (opening, *node.content, closing)
    elif isinstance(node, n.ListItem):
        inside = (*(("[x]",) if node.done else ()), *node.blocks)
    elif isinstance(node, n.Admonition):
        is_kind = line_of(node.title).rstrip(":!").casefold() in node.kind.synonyms
        inside = (*(() if is_kind else (n.Strong(node.title),)), *node.blocks)
    elif isinstance(node, n.Tab):
        inside = (n.Strong(node.label), *node.blocks)
    elif isinstance(node, n.Details):
        inside = (*(node.summary or ("Details",)), *node.blocks)
    elif isinstance(node, n.Figure):
        line = node.caption[0] if len(node.caption) == 1 else None
        caption = (n.Emph(line.content),) if isinstance(line, n.Para | n.Plain) else node.caption
        inside = (*caption, *node.blocks) if node.caption_first else (*node.blocks, *caption)
    return inside


def document(*content: Any) -> n.Document:
    return n.Document(URL, "Title", content, language="en")


@settings(max_examples=300, deadline=None)
@given(lines(plain_inlines))
@example(("a", n.Emph(("b*", n.Strong(("c",)))), "1"))
@example((n.Strong(("「a」",)), "b", n.LineBreak(), "- c"))
@example((n.Emph(("a", n.LineBreak(), "- c")),))
@example(("1.", n.Emph(("a",))))
@example(("!", n.Link(("b",), URL)))
@example((n.Emph(("a ",)), n.Emph(("b",))))
@example((n.Code(("`a",)), n.Code(("b",))))
@example((n.Link((n.Code(("a]:",)),), URL),))
def test_readers_take_a_line_for_what_it_was(content: tuple[Any, ...]) -> None:
    """Nothing lost, nothing added, everything in what it stood in."""
    want = list(signs_written(content))
    markdown = document_markdown(document(n.Para(content)))
    whole = read(markdown)
    assert list(signs_read(whole)) == want, markdown
    assert [str(block.tag) for block in whole] in ([], ["p"]), markdown


plain_lines = st.lists(words, max_size=2).map(tuple)


@settings(max_examples=100, deadline=None)
@given(blocks(plain_lines))
@example((n.BulletList((n.ListItem((n.Plain(("a",)), n.OrderedList((n.ListItem((n.Plain(("b",)),)),), start=4))),)),))
@example((n.BulletList((n.ListItem((n.HorizontalRule(), n.Para(("a",)))),)),))
@example((n.Admonition(AdmonitionKind.NOTE, (n.Para(("a",)),), (":",)),))
def test_readers_take_blocks_for_what_they_were(content: tuple[Any, ...]) -> None:
    markdown = document_markdown(document(*content))
    alerts = re.compile(rf"\[!(?:{'|'.join(kind.alert for kind in AdmonitionKind)})\]")
    assert list(signs_read(read(alerts.sub("", markdown)))) == list(signs_written(content)), markdown
