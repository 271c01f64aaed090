"""What a book of a site would be, on the terminal: the site's own contents, choices and numbers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence

import typer

from sitebookify.book.crawl.url_markers import Axis
from sitebookify.book.preview import ModelOrder, Preview, TokenPrices
from sitebookify.book.preview.alone import PRELOAD, NoPreview, preview_alone
from sitebookify.book.preview.estimate import PreviewOrder
from sitebookify.egress import user_agent
from sitebookify.errors import PermanentError, TooComplex
from sitebookify.messages import Message
from sitebookify.runner.compute import ComputePool
from sitebookify.settings import load_settings
from sitebookify.spec import BookScope
from sitebookify.terminal import visible

_MOST_LINES = 60
_INDENT = "  "


def show_preview(
    url: str,
    scope: BookScope,
    include: Sequence[str],
    exclude: Sequence[str],
    model: ModelOrder | None = None,
    *,
    as_json: bool,
) -> None:
    """Print the preview, as text or as the JSON object that ``GET /preview`` answers.

    With a ``model`` the text says what that would take.

    Raises:
        PermanentError: the site cannot be looked at.
    """
    settings = load_settings()
    prices = settings.token_prices
    order = PreviewOrder(
        url=url,
        allow_private=settings.allow_private_networks,
        user_agent=user_agent(settings.contact, settings.user_agent),
        ignore_robots=settings.ignore_robots,
        prices=TokenPrices(input=prices[0], output=prices[1]) if prices else None,
        scope=scope,
        include=tuple(include),
        exclude=tuple(exclude),
        model=model or ModelOrder(),
    )
    preview = asyncio.run(_preview(order))
    if isinstance(preview, NoPreview):
        raise PermanentError(preview.message)
    if as_json:
        typer.echo(json.dumps(preview.to_json(), ensure_ascii=False, indent=2))
        return
    for line in _lines(preview, with_model=model is not None):
        typer.echo(visible(line))


async def _preview(order: PreviewOrder) -> Preview | NoPreview:
    """The preview, from a process of its own as everywhere."""
    compute = ComputePool(1, tasks=1, preload=PRELOAD)
    try:
        return await compute(preview_alone, order)
    except TooComplex:
        why = Message("page.too_complex")
        return NoPreview(message=Message("preview.cannot_fetch", url=order.url, why=why))
    finally:
        compute.close()


def _lines(preview: Preview, *, with_model: bool) -> Iterator[str]:
    kind = f"{preview.kind} by {preview.generator}" if preview.generator else str(preview.kind)
    yield _line("title", preview.title or preview.url)
    yield _line("kind", f"{kind}, in {preview.language}" if preview.language else kind)
    about = "at least " if preview.at_least else ""
    yield _line("pages", f"{about}{preview.estimated_pages:,}, in about {preview.estimated_chapters:,} chapters")
    if with_model:
        yield _line("model", _cost(preview))
    for name, urls in (("feed", preview.feeds[:1]), ("sitemap", preview.sitemaps[:1])):
        if urls:
            yield _line(name, urls[0])
    for name, url in (("llms.txt", preview.llms_txt), ("Markdown", preview.markdown)):
        if url:
            yield _line(name, url)
    for note in preview.notes:
        yield _line("note", str(note))
    yield ""
    yield "The book can contain:"
    for offer in preview.offers:
        mark = "*" if offer.scope is preview.scope else " "
        name = offer.scope.value.removeprefix("SCOPE_").lower()
        yield f"{mark} --scope {name:8} {offer.description} ({offer.pages:,} {'page' if offer.pages == 1 else 'pages'})"
    for axis, heading in ((Axis.LANGUAGE, "Other languages"), (Axis.VERSION, "Other versions")):
        sisters = [sister for sister in preview.sisters if sister.axis is axis]
        if sisters:
            yield ""
            yield f"{heading}, as books of their own:"
            yield from (f"  {sister.name:10} {sister.url}" for sister in sisters)
    yield ""
    yield "Contents:"
    yield from _contents(preview)


def _cost(preview: Preview) -> str:
    """What the language model would take."""
    tokens = f"about {preview.estimated_input_tokens:,} tokens in, up to {preview.estimated_output_tokens:,} out"
    if preview.estimated_cost is None or preview.estimated_cost_max is None:
        return tokens
    return f"${preview.estimated_cost:.2f} to ${preview.estimated_cost_max:.2f}: {tokens}"


def _contents(preview: Preview) -> Iterator[str]:
    """The site's own contents; where it has none, the chapters."""
    rows = [f"{_INDENT * (depth + 1)}{title}" for _, title, depth in preview.contents]
    if not rows:
        rows = [f"{_INDENT}{chapter.title} ({chapter.pages:,})" for chapter in preview.chapters]
    yield from rows[:_MOST_LINES]
    if len(rows) > _MOST_LINES:
        yield f"{_INDENT}… and {len(rows) - _MOST_LINES:,} more"


def _line(name: str, text: str) -> str:
    return f"{name:10} {text}"
