"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from sitebookify.jobs import Format, JobSpec, with_always

Url = Annotated[str, typer.Argument(metavar="URL", help="Where the site starts; pages under it become the book.")]
MaxPages = Annotated[int, typer.Option(min=1, max=10_000, help="Most pages to fetch.")]
MaxDepth = Annotated[int, typer.Option(min=1, max=128, help="Most links between URL and a page.")]
Concurrency = Annotated[int, typer.Option(min=1, max=256, help="Requests at a time.")]
DelayMs = Annotated[int, typer.Option(min=0, max=600_000, help="Least milliseconds between two requests.")]
Title = Annotated[str, typer.Option(help="The book's title; by default the site's own.")]
Language = Annotated[str, typer.Option(help="Language of the text, such as en; by default what the pages say.")]
Tone = Annotated[str, typer.Option(help="Tone of the text, for engines that write.")]
Include = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Keep only paths that match.")]
IgnoreRobots = Annotated[bool, typer.Option("--ignore-robots", help="Do not heed robots.txt: own sites.")]
Exclude = Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Leave out paths that match.")]
WebhookUrl = Annotated[str, typer.Option(metavar="URL", help="Where to tell that the job has ended.")]
WebhookSecret = Annotated[
    str,
    typer.Option(
        envvar="SITEBOOKIFY_JOB_WEBHOOK_SECRET",
        metavar="whsec_…",
        help="Signs what is told; by default the server's own secret. Best given in the environment.",
    ),
]
Formats = Annotated[
    str, typer.Option(metavar="LIST", help="What to make besides Markdown, EPUB and zip: html, pdf, or html,pdf.")
]

JobId = Annotated[str, typer.Argument(metavar="JOB", help="The job's id, or its name.")]
Server = Annotated[str, typer.Option(envvar="SITEBOOKIFY_SERVER", help="Base URL of the server.")]
ApiKey = Annotated[str, typer.Option(envvar="SITEBOOKIFY_API_KEY", help="API key, where the server wants one.")]


def job_spec(
    url: str,
    *,
    max_pages: int,
    max_depth: int,
    concurrency: int,
    delay_ms: int,
    title: str,
    language: str,
    tone: str,
    include: list[str] | None,
    exclude: list[str] | None,
    ignore_robots: bool = False,
    formats: str = "",
) -> JobSpec:
    """The order that the options describe.

    Raises:
        BadParameter: there is no such format.
    """
    return JobSpec(
        source_url=url,
        title=title,
        max_pages=max_pages,
        max_depth=max_depth,
        concurrency=concurrency,
        request_delay=delay_ms / 1000,
        language_code=language,
        tone=tone,
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        ignore_robots=ignore_robots,
        formats=with_always(_format(name) for name in formats.replace(",", " ").split()),
    )


def _format(name: str) -> Format:
    try:
        return Format(name.lower())
    except ValueError as error:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(Format)}", param_hint="--formats") from error
