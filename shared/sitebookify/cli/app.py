"""The commands and their options. What a command does is in a module of its own, loaded when it runs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import sitebookify
from sitebookify.cli import flags, jobs_app
from sitebookify.errors import SettingsError, SitebookifyError
from sitebookify.memory import loading
from sitebookify.spec import JobSpec
from sitebookify.terminal import outliving, visible

app = typer.Typer(
    name="sitebookify",
    help="Turn a public website into a book: Markdown, EPUB and a zip of both.",
    epilog="Settings are environment variables named SITEBOOKIFY_…; docs/settings.md lists them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(jobs_app.app, name="jobs", rich_help_panel="Books")


class ServiceName(StrEnum):
    """The services of the pipeline."""

    API = "api"
    WORKER = "worker"
    DEADLETTER = "deadletter"


def run() -> None:
    """Run the command line and exit; an expected error is a line or a few, without a traceback."""
    sys.stderr = outliving(sys.stderr)
    try:
        app()
    except SettingsError as error:
        _exit(2, str(error))
    except (SitebookifyError, OSError) as error:
        _exit(1, str(error))


def _exit(code: int, message: str) -> None:
    for line in message.splitlines():
        typer.echo(f"error: {visible(line)}", err=True)
    sys.exit(code)


def _show_version(requested: bool) -> None:  # noqa: FBT001 - the shape of an option's callback
    if requested:
        typer.echo(sitebookify.__version__)
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(rich_help_panel="Books")
@flags.with_spec(remote=False)
def build(
    spec: JobSpec,
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="Directory to create for the book. It must not exist yet.", show_default="books/HOST-PATH"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary, or the error, as a JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    user_agent: Annotated[
        str, typer.Option(metavar="TEXT", help="User-Agent to send, for sites that turn away unknown programs.")
    ] = "",
    contact: Annotated[
        str, typer.Option(metavar="URL", help="URL or e-mail address to add to sitebookify's own User-Agent.")
    ] = "",
) -> None:
    """Make a book from a website on this machine, without a server.

    OUT contains the book in every format, its images in assets/, a list of its pages and a report of every URL tried.

    If interrupted, run the same command again to resume. If the site's server keeps pages back, the book says so, and
    the same command fetches them later.

    Each URL is a part of the book. In place of a URL, the path of a folder, zip, WARC or WACZ makes a book of that.

    In a GLOB, * matches anything except /, and ** matches anything. --include and --exclude can be repeated.
    """
    with loading():
        from sitebookify.cli.build import build_book
        from sitebookify.cli.voice import Voice, book_folder

    headers = {name: value for name, value in (("user_agent", user_agent), ("contact", contact)) if value}
    build_book(spec, out or book_folder(spec.source_url), Voice(quiet=quiet, as_json=json), **headers)


@app.command(rich_help_panel="Books")
def preview(
    url: Annotated[str, typer.Argument(metavar="URL", help="The page where the book would start.")],
    *,
    scope: Annotated[str, typer.Option(metavar=flags.SCOPES, help="What the book would contain.")] = "auto",
    include: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Keep only pages with such a path.")] = None,
    exclude: Annotated[list[str] | None, typer.Option(metavar="GLOB", help="Leave out pages with such a path.")] = None,
    engine: Annotated[
        str, typer.Option(metavar=flags.ENGINES, help="Include the language model's cost for the text.")
    ] = "noop",
    toc_engine: Annotated[
        str, typer.Option(metavar=flags.ENGINES, help="Include its cost for the table of contents.")
    ] = "noop",
    edition: Annotated[str, typer.Option(metavar=flags.EDITIONS, help="The edition to estimate.")] = "translation",
    language: Annotated[str, typer.Option(metavar="LANG", help="The language of the edition.")] = "",
    batch: Annotated[bool, typer.Option("--batch", help="Estimate the price in batches.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the JSON that GET /preview answers.")] = False,
) -> None:
    """Show what a book of a website would contain: its contents, numbers of pages, and choices for --scope.

    The site's other languages and versions are listed with their URLs. The cost is based on
    SITEBOOKIFY_TOKEN_PRICE_INPUT and SITEBOOKIFY_TOKEN_PRICE_OUTPUT.
    """
    from sitebookify.book.preview import ModelOrder
    from sitebookify.cli.preview import show_preview
    from sitebookify.language_tags import language_tag

    model = ModelOrder.of(
        toc_engine=flags.engine_named(toc_engine),
        render_engine=flags.engine_named(engine),
        edition=flags.edition_named(edition),
        language=language_tag(language),
        batch=batch,
    )
    asked = model if "openai" in (engine, toc_engine) else None
    show_preview(url, flags.scope_named(scope), include or (), exclude or (), asked, as_json=json)


@app.command(rich_help_panel="Books")
def render(
    *,
    toc: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The toc.yaml in a book's directory, edited.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Directory to create for the new book.", show_default="the book's own, whose files it replaces"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary, or the error, as a JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Build a book again from its edited contents, without fetching anything.

    In toc.yaml you can move, rename, nest and remove chapters and sections; its title and language become the
    book's.
    """
    from sitebookify.cli.render import render_book
    from sitebookify.cli.voice import Voice

    render_book(toc, out, Voice(quiet=quiet, as_json=json))


@app.command(rich_help_panel="Services")
def serve(service: Annotated[ServiceName, typer.Argument(help="Which service to run in this process.")]) -> None:
    """Run one service on SITEBOOKIFY_HOST:SITEBOOKIFY_PORT until it is stopped.

    With SITEBOOKIFY_EXECUTION_MODE=inprocess, the default, only `serve api` is needed.
    """
    from sitebookify.cli.serve import serve_service

    serve_service(service)


@app.command(rich_help_panel="Services")
def dev() -> None:
    """Run the whole pipeline on this machine: the Pub/Sub emulator and the three services.

    The API listens on SITEBOOKIFY_HOST:SITEBOOKIFY_PORT. Ctrl-C stops everything.
    """
    from sitebookify.cli.dev import run_pipeline

    run_pipeline()


@app.command(rich_help_panel="Operation")
def provision() -> None:
    """Create or update the topics and push subscriptions in SITEBOOKIFY_PROJECT_ID, or on the emulator.

    It can be run again at any time; anything that is up to date is left unchanged.
    """
    from sitebookify.adapters.provision import provision as provisioned
    from sitebookify.settings import load_settings

    for item in provisioned(load_settings()):
        typer.echo(f"{item.name}: {item.done}")


@app.command(rich_help_panel="Operation")
def reconcile(
    every: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="Repeat at this interval; 0 runs once.")] = 0,
) -> None:
    """Resend jobs whose message was lost or whose worker went silent, and delete expired jobs."""
    from sitebookify.cli.reconcile import reconcile_jobs

    reconcile_jobs(every=every)


@app.command(rich_help_panel="Books")
def extract(
    pages: Annotated[Path, typer.Argument(metavar="PAGES.jsonl", exists=True, dir_okay=False, help="Saved pages.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Directory for the Markdown.")],
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Also write which rules chose and dropped what.")] = False,
) -> None:
    """Convert saved pages of one site to Markdown, one file per page, without fetching anything.

    Each line of PAGES.jsonl is an object with url and html_path; …/007.html becomes OUT/007.md. Convert the pages of a
    site together: what they have in common is recognised as navigation and the like, and left out.
    """
    from sitebookify.cli.extract import extract_saved

    extract_saved(pages, out, explain=explain)
