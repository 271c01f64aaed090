"""Text that would be code where a format's language were read in it: it stays text, wherever on a page it stands."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from html import unescape
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sitebookify.book.document import nodes as n
from sitebookify.book.document.walk import text_of, walk
from sitebookify.book.links import Target
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write import asciidoc
from sitebookify.book.write.page_context import PageContext
from sitebookify.book.write.typst import typst_page
from support.outside import need
from support.random_documents import Strategy, documents, lines, many

URL = "https://example.org/page"
MARK = "qz"
"""In every fragment, and in no word of ours."""
CODE = (
    '"',
    "\\",
    '\\"',
    '#read("/etc/passwd")',
    '#eval("1")',
    '#import "@preview/x:1.0.0": *',
    '#include "/etc/passwd"',
    "#set page(width: 1pt)",
    "#{panic()}",
    '"+read("/etc/passwd")+"',
    '");panic("',
    "$x$",
    "@ref",
    "<label>",
    "`raw`",
    "```typ #panic()```",
    "]",
    "}",
    ")",
    ";",
    "/*",
    "*/",
    "//",
    "\u2028",
    "\n",
    "\u202e",
    "\ufeff",
    "include::/etc/passwd[]",
    "ifeval::[1==1]",
    "endif::[]",
    "{docdir}",
    "{counter:x}",
    "pass:[<script>]",
    "+++<script>+++",
    "++++",
    ":doctype: book",
    "image::/etc/passwd[]",
    "xref:x[]",
    "<<x>>",
    "stem:[x]",
    "----",
    "====",
    "|===",
)
fragments = many(st.sampled_from(CODE), 3, least=1).map(lambda parts: MARK.join(("", *parts, "")))


def hostile_leaves() -> Strategy:
    """What stands in lines, with fragments for all that a page can say of it."""
    attrs = st.none() | st.builds(n.Attr, id=fragments)
    text = st.tuples(fragments)
    return (
        fragments
        | st.builds(n.Code, text)
        | st.builds(n.Image, fragments.map(lambda name: f"{URL}/{name}.png"), alt=fragments, attr=attrs)
        | st.builds(n.Math, fragments, display=st.booleans())
        | st.builds(n.Link, text, fragments.map(lambda name: f"https://e.org/{name}"), attr=attrs)
        | st.builds(n.Span, text, st.sampled_from(["abbr", "kbd"]), title=fragments, attr=attrs)
        | st.builds(n.Ruby, many(st.tuples(fragments, fragments), 2))
    )


def blocks() -> Strategy:
    """Blocks that hold text of their own."""
    line = many(hostile_leaves(), 3, least=1)
    captioned = st.builds(n.Figure, st.tuples(st.builds(n.Plain, line)), caption=st.tuples(st.builds(n.Plain, line)))
    return (
        st.builds(n.CodeBlock, fragments, st.sampled_from(["", "rust", "typ", "]==="]))
        | st.builds(n.Header, st.integers(1, 6), line, attr=st.builds(n.Attr, id=fragments))
        | captioned
        | st.builds(n.Details, line, st.tuples(st.builds(n.Para, line)))
    )


def order(document: n.Document, source: str = "") -> PageOrder:
    """With places for every id, so that they are written, and links into the book that lead to them."""
    nodes = list(walk(document.blocks, document.notes))
    ids = [node.attr.id for node in nodes if getattr(node, "attr", None) and node.attr.id]
    inside = [node.target for node in nodes if isinstance(node, n.Link)][::2]
    return PageOrder(
        slug="page",
        shift=0,
        language="en",
        ids=dict.fromkeys(ids, 0),
        links={target: Target(slug="page", anchor=ids[0] if ids else "") for target in inside},
        images={},
        sources=((source, f"https://e.org/{source}"), ("other", "https://e.org/")) if source else (),
    )


hostile_documents = st.builds(
    lambda document, more: n.Document(
        url=URL,
        title=document.title,
        blocks=(*document.blocks, *more),
        notes=document.notes,
        language=document.language,
    ),
    documents(lines(hostile_leaves())),
    many(blocks(), 3, least=1),
)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_OURS = re.compile(r"[\w\s(){}\[\],;:.+*-]*", re.ASCII)
"""Typst's code, strings aside, as our writer writes it: calls, groups, arrays and numbers."""


@settings(
    max_examples=15,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[*HealthCheck],
)
@given(hostile_documents, fragments)
def test_typst_reads_all_that_a_page_says_as_strings(document: n.Document, source: str) -> None:
    """Whatever is outside of strings is the writer's own, and what is in them is the text."""
    code = typst_page.page(PageContext(document=document, order=order(document, source)))["code"]
    outside = _STRING.sub("", code)
    assert MARK not in outside
    assert _OURS.fullmatch(outside), outside
    inside = "".join(re.sub(r"\\(.)", r"\1", each, flags=re.DOTALL) for each in _STRING.findall(code))
    words = _words(text_of(document.blocks))
    assert words - _words(inside) == Counter(), "nothing is lost"


def _words(text: str) -> Counter[str]:
    """The fragments in the text, without spaces and without places where a long word may break."""
    pieces = re.sub(r"[\s\u200b]+", "", text).split(MARK)
    return Counter(piece for piece in pieces if piece in CODE and len(piece) > 1)


def every_place(fragment: str) -> tuple[n.Block, ...]:
    """A block for each place where text stands, with the fragment in it."""
    text = MARK + fragment + MARK
    return (
        n.Header(3, (text,), attr=n.Attr(id=text)),
        n.Para((text,)),
        n.Para((n.Code((text,)), " ", n.Strong((text,)))),
        n.Para((n.Link((text,), f"https://e.org/{text}"),)),
        n.Para((n.Image(f"{URL}/{text}.png", alt=text, title=text),)),
        n.CodeBlock(text, text),
        n.Figure((n.CodeBlock("x"),), caption=(n.Plain((text,)),)),
        n.Details((text,), (n.Para((n.Span((text,), "abbr", title=text),)),)),
        n.BulletList((n.ListItem((n.Plain((text,)),)),)),
        n.Table((n.RowGroup((n.Row((n.Cell((n.Plain((text,)),)),)),)),)),
    )


def test_asciidoctor_takes_all_that_a_page_says_for_text(tmp_path: Path) -> None:
    need(shutil.which("asciidoctor"), "apt-get install asciidoctor")
    printable = [fragment for fragment in CODE if fragment.isprintable()]
    document = n.Document(url=URL, title="T", blocks=tuple(block for each in printable for block in every_place(each)))
    page = asciidoc.page(PageContext(document=document, order=order(document)))
    done = subprocess.run(
        ["asciidoctor", "-S", "server", "-o", "-", "-"],
        input=page,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=tmp_path,
    )
    body = done.stdout.partition("<body")[2]
    assert "<script>" not in body.partition('<div id="footer"')[0]
    assert "root:" not in body
    assert str(tmp_path) not in body
    text = unescape(re.sub("<[^<>]*>", "", body))
    missing = {fragment: text.count(MARK + fragment + MARK) for fragment in printable}
    places = 11
    assert {fragment: count for fragment, count in missing.items() if count < places} == {}
