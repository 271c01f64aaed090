"""A page's HTML as a tree: foreign input, so nothing here raises on it but `NotADocument`.

Every page goes through this one parser: lxml's, which is libxml2's, with its tokenizer of the HTML standard (2.14). It
builds trees of its own, and by its limits of depth: elements nested deeper than 2,048 levels end the page. So a tree of
more than 250 levels, deeper than any page means to be, is made again from tags that `nesting.balanced` has put right.

html5ever and lexbor (selectolax), the parsers of the standard's whole tree construction, were weighed and not taken:
neither gives a tree that lxml can search, so each element would be copied in Python (a third parse, on every page that
needs them); and where formatting is left open they open it again in each block, so that 63 kB of ``<p><b id=…>`` took
lexbor 2.9 GiB and 20 s (measured, selectolax 1.0).
"""

from __future__ import annotations

import re

from lxml import etree

from sitebookify.book.html.addresses import spell_queries
from sitebookify.book.html.attributes import too_many_attributes
from sitebookify.book.html.nesting import balanced, headings_ended
from sitebookify.book.html.not_a_document import NotADocument
from sitebookify.book.html.shadow import open_shadows
from sitebookify.book.html.vocabulary import METADATA
from sitebookify.book.tree import Element, make, unwrap
from sitebookify.errors import TooComplex
from sitebookify.messages import Message

DEEPEST = 250
"""Levels of a tree at most: what walks one in Python must not run out of stack."""
_LEVELS = 200
"""Levels to which deep mark-up is cut; the parser adds some of its own, such as a body."""
_is_deep = etree.XPath(f"boolean({'/'.join('*' * DEEPEST)})")
"""True where there are elements in the 250th level below another."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F])
"""Characters that a tree cannot hold. In UTF-8 these bytes are part of no other."""
_FORM_FEED_AS_SPACE = bytes.maketrans(b"\f", b" ")
_UNKNOWN_VOID = ("wbr", "source", "track", "embed")
"""Void elements that libxml2 (2.14) takes for others."""
_OF_HEAD = METADATA | {"object"}
"""What libxml2 rightly leaves in the head."""


def parse(html: str, encoding: str = "utf-8") -> Element:
    """The document's root element; comments and processing instructions are dropped.

    No element is 250 levels below the root or more. Void elements are empty, and what libxml2 takes for more of the
    head, where a page leaves out its body's tag, is in the body. Queries of links are percent-encoded in ``encoding``,
    the standard's name for that of the page's bytes. Declarative shadow trees stand in place of their hosts' content.

    Raises:
        NotADocument: there is no element in it.
        TooComplex: an element has more than 1,000 attributes.
    """
    if too_many_attributes(html):
        raise TooComplex("an element has too many attributes")
    text = headings_ended(_DECLARATION.sub("", html))
    root = _tree(text)
    if _is_deep(root):
        root = _tree(balanced(text, levels=_LEVELS))
    _embody(root)
    for void in [*root.iter(*_UNKNOWN_VOID)]:
        _empty(void)
    open_shadows(root)
    spell_queries(root, encoding)
    return root


def _tree(text: str) -> Element:
    # lxml's own parser: that of lxml.html asks Python for a class for each element, each time one is looked at.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    data = text.encode("utf-8", "replace").translate(_FORM_FEED_AS_SPACE, _CONTROLS)
    try:
        root: Element | None = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        if getattr(error, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise NotADocument(Message("page.no_html")) from error
    if root is None:
        raise NotADocument(Message("page.no_html"))
    return root


def _embody(root: Element) -> None:
    """Where a page leaves out the tag of its body, libxml2 takes HTML 5's elements for more of the head."""
    head, body = root.find("head"), root.find("body")
    astray = [child for child in head if child.tag not in _OF_HEAD] if head is not None else []
    if not astray:
        return
    if body is None:
        body = make("body")
        root.append(body)
    last, body.text = body.text, None
    body[:0] = astray
    astray[-1].tail = (astray[-1].tail or "") + (last or "") or None


def _empty(void: Element) -> None:
    """What libxml2 takes for the content of an element without an end tag follows it."""
    parent = void.getparent()
    if parent is None or (not len(void) and not void.text):
        return
    box = make("span", void.text)
    box.extend(list(void))
    box.tail, void.tail, void.text = void.tail, None, None
    void.addnext(box)
    unwrap(box)
