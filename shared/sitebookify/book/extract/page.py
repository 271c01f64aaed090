"""One page from raw to clean: runs in a worker process."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.document import base_of, fragment, parse, text_of, words_of
from sitebookify.book.extract.navigation import navigation, neighbour
from sitebookify.book.extract.root import content_root
from sitebookify.book.extract.words import words
from sitebookify.book.model import Page
from sitebookify.book.objects import pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A page with its content chosen, ready to be stored.

    ``packed`` is the gzip JSON of the page, the same bytes for the same page; ``images`` the URLs its HTML shows.
    """

    packed: bytes
    title: str
    language: str
    words: int
    sha256: str
    doubt: str
    images: tuple[str, ...]


def extract_packed(raw: bytes, url: str) -> Extracted:
    """`extract_page` on gzip-compressed UTF-8.

    Raises:
        NotADocument: the bytes hold no HTML body.
    """
    return extract_page(gzip.decompress(raw).decode("utf-8", "replace"), url)


def extract_page(text: str, url: str) -> Extracted:
    """The page's content.

    Raises:
        NotADocument: the text holds no HTML body.
    """
    document = parse(text)
    base = base_of(document, url)
    title = next((words_of(element) for element in document.iter("title")), "")
    nav = navigation(document, base)
    around = {name: neighbour(document, base, name) for name in ("next", "prev")}
    root, doubt = content_root(document)
    amount = len(words(text_of(root)))
    html = clean(root, base, title or url)
    tree = fragment(html)
    heading = tree.find(".//h1")
    page = Page(
        url=url,
        title=(words_of(heading) if heading is not None else "") or title or url,
        html=html,
        language=document.get("lang") or "",
        nav=nav,
        next=around["next"],
        prev=around["prev"],
    )
    return Extracted(
        packed=pack(page.to_json()),
        title=page.title,
        language=page.language,
        words=amount,
        sha256=hashlib.sha256(html.encode()).hexdigest(),
        doubt=doubt,
        images=tuple(dict.fromkeys(src for image in tree.iter("img") if (src := image.get("src")))),
    )
