"""What a tree says, in the terms that are scored: the same functions read a page and the Markdown made of it.

Nothing here is shared with what is measured.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urljoin

import lxml.html
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as Element
from lxml.html import HtmlElement
from markdown_it import MarkdownIt

_BLOCK_TAGS = (
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html label legend li main nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_SILENT = ("script", "style", "noscript", "template", "svg", "select", "textarea", "iframe")
_SPANS = ("code", "tt", "samp")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ALONE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Scripts without spaces: each character is a word."""
_WORD = re.compile(rf"[{_ALONE}]|[^\W{_ALONE}]+")
_LANGUAGE = re.compile(r"(?:language|lang|highlight|source|brush)-([\w+#.-]+)")
_NO_LANGUAGE = frozenset(("", "text", "none", "default", "plaintext", "plain", "txt", "source", "notranslate"))
_NOTE = re.compile(r"\[\^\w+\]:?")


@dataclass(frozen=True, slots=True)
class View:
    """Words with their number; the rest in document order.

    ``code``: text and language ("" for none) of blocks. ``tables``: cells of each with two rows and two columns.
    ``items``: beginning and depth of list items. ``terms``: what is defined, with the beginning of its definition.
    """

    words: Counter[str]
    headings: list[str]
    code: list[tuple[str, str]]
    tables: list[Counter[str]]
    items: list[tuple[str, int]]
    links: list[str]
    images: list[str]
    inline: list[str]
    terms: list[tuple[str, str]]


def parse(html: str) -> Element:
    """The document, without comments and what is never shown."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", html)
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    document: Element = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    remove(document, _SILENT)
    return document


def remove(document: Element, selectors: Sequence[str]) -> None:
    """Drop what the selectors match; text after it stays."""
    for element in select(document, selectors):
        if isinstance(element, HtmlElement) and element.getparent() is not None:
            element.drop_tree()


def select(document: Element, selectors: Sequence[str]) -> list[Element]:
    """Outermost matches of the selectors, in document order."""
    query = CSSSelector(", ".join(selectors) or ":not(*)", translator="html")
    found: dict[Element, None] = dict.fromkeys(query(document))  # type: ignore[arg-type]  # CSS selects elements alone
    return [element for element in found if not any(up in found for up in element.iterancestors())]


def of_markdown(markdown: str, url: str) -> View:
    """What the Markdown says once it is rendered; marks of footnotes are none of its words."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    document = parse(f"<body>{parser.render(_NOTE.sub('', markdown))}</body>")
    return of_trees([document], url)


def of_trees(roots: Sequence[Element], base: str, layout: Iterable[Element] = ()) -> View:
    """What the trees say; links are relative to ``base``, tables in ``layout`` hold no data."""

    def each(*tags: str) -> Iterator[Element]:
        return (e for root in roots for e in root.iter(*tags) if next(e.iterancestors("pre"), None) is None)

    blocks = [block for block in each("pre") if code_text(block)]
    links = [link for link in each("a") if _leads(link, base) and (key(text(link)) or link.find(".//img") is not None)]
    pictures = [image.get("src") or "" for image in each("img")]
    return View(
        words=words("\n".join(map(text, roots))),
        headings=[said for heading in each(*_HEADINGS) if (said := key(text(heading)))],
        code=[(code_text(block), language(block)) for block in blocks],
        tables=[cells for table in each("table") if table not in set(layout) and (cells := _cells(table))],
        items=[(said[:40], _depth(item)) for item in each("li") if (said := key(text(item, skip=("ul", "ol", "pre"))))],
        links=[_url(base, link.get("href") or "") for link in links],
        images=[_url(base, source) for source in pictures if source and not source.startswith("data:")],
        inline=[code for root in roots for code in _inline(root)],
        terms=[pair for term in each("dt") if (pair := _term(term))[0]],
    )


def _leads(link: Element, base: str) -> bool:
    """True for a link that leads somewhere: a script or a file of one's own is no place, nor the link's own heading."""
    href = (link.get("href") or "").strip()
    if not href or href.lower().startswith(("javascript:", "file:")):
        return False
    return next(link.iterancestors(*_HEADINGS), None) is None or urldefrag(urljoin(base, href))[0] != base


def words(said: str) -> Counter[str]:
    """The words of a text with their number."""
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", said).lower()))


def key(said: str) -> str:
    """What must be equal where two texts are compared: letters and digits, or all signs where there are none."""
    said = unicodedata.normalize("NFKC", said).lower()
    return re.sub(r"[\W_]+", "", said) or re.sub(r"[\s\\|]+", "", said)


def text(element: Element, skip: Sequence[str] = (), mark: str = "") -> str:
    """The tree's text with a line end around each block; ``mark`` stands around inline code."""
    inner = element.tag in _SPANS and next(element.iterancestors(*_SPANS), None) is not None
    around = "\n" if element.tag in _BLOCKS else mark if element.tag in _SPANS and not inner else ""
    if element.tag == "pre":
        return around + ("" if mark else code_text(element)) + around
    pieces = [around, _spaced(element.text)]
    for child in element:
        if child.tag not in skip:
            pieces.append(text(child, skip, mark))
        pieces.append(_spaced(child.tail))
    return "".join([*pieces, around])


def _spaced(said: str | None) -> str:
    return re.sub(r"\s+", " ", said or "")


def code_text(block: Element) -> str:
    """A code block's text, white space exact but for the ends of lines and the blank lines around it."""
    pieces: list[str] = []

    def end_line() -> None:
        if pieces and not "".join(pieces[-2:]).endswith("\n"):
            pieces.append("\n")

    def walk(element: Element) -> None:
        inner = element.tag in ("div", "p", "li", "tr")
        if inner:
            end_line()
        pieces.append("\n" if element.tag == "br" else element.text or "")
        for child in element:
            walk(child)
            pieces.append(child.tail or "")
        if inner:
            end_line()

    walk(block)
    whole = "".join(pieces).replace("\xa0", " ").replace("\u200b", "").replace("\r\n", "\n")
    return "\n".join(line.rstrip() for line in whole.split("\n")).strip("\n")


def language(block: Element) -> str:
    """The language that classes of the block, of its ``code`` or of a box around it alone name."""
    around = [up for up in list(block.iterancestors())[:3] if len(up.findall(".//pre")) == 1]
    for element in (block, *block.iter("code"), *around):
        names: list[str] = [element.get("data-lang") or "", *_LANGUAGE.findall(element.get("class") or "")]
        for name in names:
            if name.lower() not in _NO_LANGUAGE:
                return name.lower()
    return ""


def _cells(table: Element) -> Counter[str]:
    rows = table.findall(".//tr")
    if table.find(".//table") is not None or len(rows) < 2 or all(len(row) < 2 for row in rows):
        return Counter()
    return Counter(said for cell in table.iter("td", "th") if (said := key(text(cell))))


def _depth(item: Element) -> int:
    """How many lists an item is in; one that stands in none is shown as if it did."""
    return sum(up.tag in ("ul", "ol") for up in item.iterancestors()) or 1


def _inline(root: Element) -> list[str]:
    """Texts of inline code; neighbours with nothing between them count as one."""
    marked = re.sub("\x01(\\s*)\x01", r"\1", text(root, mark="\x01"))
    return [" ".join(code.split()) for code in marked.split("\x01")[1::2] if code.strip()]


def _term(term: Element) -> tuple[str, str]:
    """The term with the beginning of its definition: an element, or the text after it."""
    following = next(term.itersiblings("dt", "dd"), None)
    said = text(following) if following is not None and following.tag == "dd" else term.tail or ""
    defined = key(said)[:20]
    return key(text(term)), defined


def _url(base: str, href: str) -> str:
    """The absolute URL, in which browsers take a backslash for a slash."""
    return unicodedata.normalize("NFC", unquote(urljoin(base, href.strip().replace("\\", "/")))).rstrip("#")
