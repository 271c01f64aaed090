"""One page from raw to clean: runs in a worker process."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from sitebookify.book.document.build import document_of
from sitebookify.book.document.nodes import Image
from sitebookify.book.document.walk import walk
from sitebookify.book.extract.body import body_of, parse_page
from sitebookify.book.extract.clean import clean
from sitebookify.book.extract.clean.maths import is_typeset
from sitebookify.book.extract.furniture import furniture, is_bar
from sitebookify.book.extract.language import language_of
from sitebookify.book.extract.learn import learn
from sitebookify.book.extract.navigation import navigation, neighbour, parent_page
from sitebookify.book.extract.outline import outline
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.root import choose_root
from sitebookify.book.extract.titles import name_of_file, title_of
from sitebookify.book.extract.words import words
from sitebookify.book.html.addresses import base_of
from sitebookify.book.html.parser import NotADocument
from sitebookify.book.limits import limited
from sitebookify.book.model import Page
from sitebookify.book.objects import pack, unpack
from sitebookify.book.tree import drop, text_of
from sitebookify.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A page with its content chosen, ready to be stored.

    ``packed`` is the stored form of the page, the same bytes for the same page; ``images`` the URLs it shows;
    ``embedded`` the ``data:`` URIs of those that stand in the page itself.
    """

    packed: bytes
    title: str
    language: str
    words: int
    sha256: str
    doubt: Message | None
    images: tuple[str, ...]
    embedded: dict[str, str]


@limited(seconds=60)
def extract_packed(raw: bytes, url: str, profile: bytes, encoding: str = "utf-8") -> Extracted:
    """`extract_page` on gzip-compressed UTF-8, with a packed profile.

    Raises:
        NotADocument: the bytes hold no HTML body.
    """
    return extract_page(_text(raw), url, _profile(profile), encoding)


@limited(seconds=120)
def learn_packed(raws: Sequence[tuple[str, bytes]]) -> bytes:
    """The packed profile of the site that the pages, as (URL, gzip-compressed UTF-8), are from."""
    documents = []
    for url, raw in raws:
        with contextlib.suppress(NotADocument):
            document = parse_page(_text(raw))
            documents.append((base_of(document, url), document))
    return pack(learn(documents).to_json())


def _text(raw: bytes) -> str:
    return gzip.decompress(raw).decode("utf-8", "replace")


@lru_cache(maxsize=8)
def _profile(packed: bytes) -> Profile:
    return Profile.from_json(unpack(packed))


def extract_page(text: str, url: str, profile: Profile, encoding: str = "utf-8") -> Extracted:
    """The content of a page that was found at ``url`` in ``encoding``.

    Raises:
        NotADocument: the text holds no HTML body.
    """
    document = parse_page(text, encoding)
    base = base_of(document, url)
    language = language_of(document)
    typeset = is_typeset(document)
    page = outline(body_of(document), profile.vocabulary)
    root, doubt = choose_root(document, page, profile)
    heading = title_of(document, page, profile.shared, profile.affixes) or name_of_file(url)
    removed, alike = furniture(page, root, profile, base)
    bars = {element for block in removed if is_bar(block) for element in block.element.iter("*")}
    nav = navigation(document, base, set(root.element.iter("*")) - bars)
    around = {name: neighbour(document, base, name) for name in ("next", "prev")}
    above = parent_page(document, base)
    for block in removed:
        drop(block.element)
    amount = len(words(text_of(root.element)))
    embedded = clean(root.element, base, heading, typeset=typeset, signs=profile.signs)
    content = document_of(root.element, url=url, title=heading, language=language)
    sources = [node.source for node in walk(content.blocks, content.notes) if isinstance(node, Image) and node.source]
    kept = Page(document=content, nav=nav, next=around["next"], prev=around["prev"], up=above)
    return Extracted(
        packed=kept.pack(),
        title=content.title,
        language=content.language,
        words=amount,
        sha256=hashlib.sha256(msgspec.msgpack.encode(content)).hexdigest(),
        doubt=alike or doubt,
        images=tuple(dict.fromkeys(sources)),
        embedded=embedded,
    )
