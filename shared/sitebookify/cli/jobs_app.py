"""The ``jobs`` commands and their flags."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sitebookify.cli import flags
from sitebookify.formats import Format, file_of
from sitebookify.spec import JobSpec

if TYPE_CHECKING:
    from sitebookify.cli.client import JobsClient

_LOCAL = "http://127.0.0.1:8080"

app = typer.Typer(
    help="Manage jobs on a server. The server's JSON goes to stdout, progress to stderr.",
    epilog="Exit codes: 0 success, 1 the request or the job failed, 2 wrong usage, 3 the wait timed out.",
    no_args_is_help=True,
)


@app.command()
@flags.with_spec(remote=True)
def create(spec: JobSpec, *, server: flags.Server = _LOCAL, api_key: flags.ApiKey = "") -> None:
    """Create a job and print its operation; the metadata names the job."""
    from sitebookify.cli import jobs

    typer.echo(jobs.shown(jobs.create(_client(server, api_key), spec)))


@app.command()
def get(job: flags.JobId, *, server: flags.Server = _LOCAL, api_key: flags.ApiKey = "") -> None:
    """Print the current state of the job."""
    from sitebookify.cli import jobs

    typer.echo(jobs.shown(jobs.get(_client(server, api_key), job)))


@app.command("list")
def list_(
    *,
    query: Annotated[str, typer.Option("--filter", help='AIP-160 filter, such as: state = "STATE_ERROR"')] = "",
    limit: Annotated[int, typer.Option(min=1, help="Maximum number of jobs to print.")] = 50,
    server: flags.Server = _LOCAL,
    api_key: flags.ApiKey = "",
) -> None:
    """Print jobs, newest first, one JSON object per line."""
    from sitebookify.cli import jobs

    for job in jobs.listed(_client(server, api_key), query, limit):
        typer.echo(jobs.shown_line(job))


@app.command()
def wait(
    job: flags.JobId,
    *,
    timeout: Annotated[
        float, typer.Option(min=0, metavar="SECONDS", help="Maximum time to wait; 0 waits until the job ends.")
    ] = 0,
    server: flags.Server = _LOCAL,
    api_key: flags.ApiKey = "",
) -> None:
    """Wait until the job ends and print it; the exit code is 0 only if the book was made."""
    from sitebookify.cli import jobs

    try:
        ended = jobs.wait(_client(server, api_key), job, timeout)
    except jobs.StillRunning as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(3) from error
    typer.echo(jobs.shown(ended))
    if ended["state"] != "STATE_DONE":
        raise typer.Exit(1)


@app.command()
def cancel(job: flags.JobId, *, server: flags.Server = _LOCAL, api_key: flags.ApiKey = "") -> None:
    """Cancel a queued or running job."""
    from sitebookify.cli import jobs

    typer.echo(jobs.shown(jobs.call(_client(server, api_key), job, "cancel")))


@app.command()
def retry(
    job: flags.JobId,
    *,
    max_cost: Annotated[
        float, typer.Option(min=0, metavar="DOLLARS", help="New limit for the language model's cost.")
    ] = 0,
    max_tokens: Annotated[
        int, typer.Option(min=0, metavar="TOKENS", help="New limit for the tokens of the language model.")
    ] = 0,
    server: flags.Server = _LOCAL,
    api_key: flags.ApiKey = "",
) -> None:
    """Run a failed or cancelled job again from where it stopped."""
    from sitebookify.cli import jobs

    limits = {"maxCost": max_cost, "maxTokens": max_tokens}
    typer.echo(jobs.shown(jobs.call(_client(server, api_key), job, "retry", limits)))


@app.command()
def delete(job: flags.JobId, *, server: flags.Server = _LOCAL, api_key: flags.ApiKey = "") -> None:
    """Delete the job and its files from the server."""
    from sitebookify.cli import jobs

    jobs.delete(_client(server, api_key), job)


@app.command()
def download(
    job: flags.JobId,
    name: Annotated[str, typer.Argument(metavar="FILE", help="File of the job, such as book.epub.")] = file_of(
        Format.ZIP
    ).name,
    *,
    out: Annotated[Path | None, typer.Option(help="File to write; by default FILE in the current directory.")] = None,
    server: flags.Server = _LOCAL,
    api_key: flags.ApiKey = "",
) -> None:
    """Download a file of a finished job; the target must not exist yet."""
    from sitebookify.cli import jobs

    target = out or Path(Path(name).name)
    if target.exists() or not target.parent.is_dir():
        raise typer.BadParameter(f"{target} already exists, or its directory does not exist", param_hint="--out")
    jobs.download(_client(server, api_key), job, name, target)
    typer.echo(target)


def _client(server: str, api_key: str) -> JobsClient:
    from sitebookify.cli.client import JobsClient

    return JobsClient(server, api_key)
