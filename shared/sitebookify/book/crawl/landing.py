"""What a start page says of its site: its menus and tables of contents, and what kind of page it is.

`landing_reader` reads it, in a worker process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sitebookify.book.crawl.markdown_site import Docsify
from sitebookify.book.model import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A box of links to pages of the same host.

    ``entries`` are its links and labels as `Link`; ``lists`` the sets of URLs of the lists inside it, one for each of
    the outermost. ``contents``: the entry of the page's generator says that it is the table of contents. ``inside``: it
    stands in the page's own content; ``margin``: in the header or footer of the site.
    """

    entries: tuple[Link, ...]
    lists: tuple[frozenset[str], ...]
    contents: bool = False
    inside: bool = False
    margin: bool = False

    @property
    def urls(self) -> frozenset[str]:
        """All pages that it names."""
        return urls_of(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """A start page as the survey sees it.

    Attributes:
        generator: the name of its generator, "" where that is unknown.
        kind: what that generates (documentation, blog, wiki, …).
        one_book: the site is a book, and the page its first chapter.
        article: the page says that it is one dated article.
        emptiness: why it has nothing to read, "" where it has.
        twin: the page in Markdown, or "".
        docsify: where docsify has it.
        links: those in its text, see `start_links`.
    """

    title: str = ""
    language: str = ""
    generator: str = ""
    kind: str = ""
    one_book: bool = False
    article: bool = False
    emptiness: str = ""
    twin: str = ""
    docsify: Docsify | None = None
    menus: tuple[Menu, ...] = ()
    links: tuple[Link, ...] = ()


def urls_of(entries: Iterable[Link]) -> frozenset[str]:
    """The URLs of the entries, without labels."""
    return frozenset(url for url, _, _ in entries if url)
