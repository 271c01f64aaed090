"""A page of a book, and a document that stands alone, as GitHub-flavoured Markdown."""

from __future__ import annotations

from sitebookify.book.document.nodes import Document
from sitebookify.book.labels import labels_of
from sitebookify.book.render.page_order import PageOrder
from sitebookify.book.write.markdown.escapes import escape_url
from sitebookify.book.write.markdown.flow import Flow
from sitebookify.book.write.markdown.places import Places, places_in_book
from sitebookify.book.write.page_context import PageContext


def document_markdown(document: Document) -> str:
    """The document, its links as they are; it ends with a newline."""
    return Flow(document, Places(language=document.language)).markdown()


def page(context: PageContext) -> str:
    """The document as a page of a book, with the sources of its chapter at the end; see `page_context.PageWriter`.

    Links into the book are ``{marker}{slug}.md#{anchor}``, pictures ``assets/{name}``. The page
    begins with the anchor ``{slug}``; the names of its other anchors and its footnotes begin so.
    """
    order = context.order
    text = Flow(context.document, places_in_book(context.document, order, context.marker)).markdown()
    return f'<a id="{order.slug}"></a>\n\n{text}{_sources(order)}'


def _sources(order: PageOrder) -> str:
    urls = [f"<{escape_url(url)}>" for _, url in order.sources]
    if not urls:
        return ""
    word = labels_of(order.language).of_sources(len(urls))
    if len(urls) == 1:
        return f"\n---\n\n{word}: {urls[0]}\n"
    lines = "".join(f"- {url}\n" for url in urls)
    return f"\n---\n\n{word}:\n\n{lines}"
