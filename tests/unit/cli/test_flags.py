"""The flags of a job's options: from the command line to the order."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from sitebookify.cli import app as commands
from sitebookify.cli import flags
from sitebookify.formats import ALWAYS, Format
from sitebookify.spec import OPTIONS, BookScope, JobSpec, WritingMode

URL = "https://example.org/docs/"


def ordered(*arguments: str, remote: bool = True) -> tuple[Result, list[JobSpec]]:
    """What a command with the flags is called with."""
    app = typer.Typer()
    specs: list[JobSpec] = []

    @app.command()
    @flags.with_spec(remote=remote)
    def order(spec: JobSpec) -> None:
        specs.append(spec)

    return CliRunner().invoke(app, list(arguments)), specs


def test_the_address_alone_orders_the_defaults_and_as_many_pages_as_people_expect() -> None:
    assert ordered(URL)[1] == [JobSpec(source_url=URL, max_pages=2000)]


def test_every_flag_sets_its_option() -> None:
    values = {
        "source_urls": (" <https://example.org/two> ", '"https://example.org/three"'),
        "scope": ("--scope", "site"),
        "title": ("--title", "T"),
        "language_code": ("--language", "ja"),
        "tone": ("--tone", "calm"),
        "max_pages": ("--max-pages", "3"),
        "max_depth": ("--max-depth", "2"),
        "request_delay": ("--delay-ms", "1500"),
        "concurrency": ("--concurrency", "7"),
        "ignore_robots": ("--ignore-robots",),
        "formats": ("--formats", "PDF, html"),
        "include": ("--include", "/a/**", "--include", "/b"),
        "exclude": ("--exclude", "/c"),
        "writing_mode": ("--writing-mode", "vertical-rl"),
        "webhook_url": ("--webhook-url", "https://example.org/done"),
        "webhook_secret": ("--webhook-secret", "whsec_x"),
    }
    given = {option.name for option in OPTIONS if option.flag != "" and not option.required}
    assert values.keys() <= given
    (spec,) = ordered(URL, *(argument for arguments in values.values() for argument in arguments))[1]
    assert spec == JobSpec(
        source_url=URL,
        source_urls=("https://example.org/two", "https://example.org/three"),
        scope=BookScope.SITE,
        title="T",
        language_code="ja",
        tone="calm",
        max_pages=3,
        max_depth=2,
        request_delay=1.5,
        concurrency=7,
        ignore_robots=True,
        formats=(*ALWAYS, Format.HTML, Format.PDF),
        include=("/a/**", "/b"),
        exclude=("/c",),
        writing_mode=WritingMode.VERTICAL_RL,
        webhook_url="https://example.org/done",
        webhook_secret="whsec_x",
    )


@pytest.mark.parametrize(
    "arguments", [("--max-pages", "10001"), ("--delay-ms", "600001"), ("--formats", "mobi"), ("--writing-mode", "x")]
)
def test_what_the_api_would_refuse_is_refused_at_once(arguments: tuple[str, ...]) -> None:
    result, specs = ordered(URL, *arguments)
    assert (result.exit_code, specs) == (2, [])
    assert arguments[0] in result.output


def test_a_book_made_here_has_no_flags_for_servers() -> None:
    assert ordered(URL, "--webhook-url", "https://example.org/", remote=False)[0].exit_code == 2


def test_a_format_that_cannot_be_made_here_is_refused_before_anything_is_done(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Python's own way to say that a package is not there."""
    monkeypatch.setitem(sys.modules, "typst", None)
    out = tmp_path / "book"
    result = CliRunner().invoke(commands.app, ["build", URL, "--out", str(out), "--formats", "pdf"])
    assert result.exit_code == 2
    assert "pdf needs typst" in result.output
    assert list(tmp_path.iterdir()) == []


def test_terms_come_from_a_file_too(tmp_path: Path) -> None:
    glossary = tmp_path / "glossary.txt"
    glossary.write_text("crate=クレート\n\n trait=トレイト \n", encoding="utf-8")
    _, (spec,) = ordered(URL, "--glossary", "enum=列挙", "--glossary", f"@{glossary}")
    assert spec.glossary == ("enum=列挙", "crate=クレート", "trait=トレイト")
    result, specs = ordered(URL, "--glossary", f"@{tmp_path / 'none'}")
    assert (result.exit_code, specs) == (2, [])
