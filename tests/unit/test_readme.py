"""What README and docs say of settings, commands, make targets and files is what there is."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from sitebookify.cli.app import app
from support.reference import DOCS, commands_page, settings_page

ROOT = DOCS.parent
PAGES = [ROOT / "README.md", *(ROOT / ".github").glob("*.md"), *sorted(DOCS.rglob("*.md"))]
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_SHELL = re.compile(r"^ *```(?:sh|bash)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"`((?:\.venv/bin/)?sitebookify [a-z][^`\n]*|make book [^`\n]*)`")


def test_the_settings_are_those_of_the_class() -> None:
    """`make reference` brings them up to date."""
    page = (DOCS / "settings.md").read_text()
    assert page == settings_page(page)


def test_the_commands_are_those_of_the_command_line() -> None:
    """`make reference` brings them up to date."""
    assert (DOCS / "cli.md").read_text() == commands_page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", page.read_text())) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_linked_exists(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", _CODE.sub("", page.read_text()))
    assert [link for link in links if not (page.parent / link).exists()] == []


def options(page: str) -> Iterator[tuple[str, str]]:
    """A command of `sitebookify`, and an option that the page gives it; those of `make book` are for `build`."""
    blocks = "\n".join(_SHELL.findall(page)).replace("\\\n", " ")
    for line in [*blocks.splitlines(), *_INLINE.findall(page)]:
        if "sitebookify" not in line and "make book" not in line:
            continue
        words = shlex.split(line, comments=True)
        while words and re.match(r"[A-Z_]+=", words[0]):
            words.pop(0)  # a setting
        if words[:2] == ["make", "book"]:
            arguments = [word.removeprefix("ARGS=") for word in words if word.startswith("ARGS=")]
            words = ["sitebookify", "build", *shlex.split(" ".join(arguments))]
        if words and words[0].rpartition("/")[2] == "sitebookify":
            path = " ".join(words[1:3] if words[1] == "jobs" else words[1:2])
            yield from ((path, word.partition("=")[0]) for word in words[1:] if word.startswith("--"))


def known_options() -> dict[str, set[str]]:
    """The options of each command, by its path."""
    root = typer.main.get_command(app)
    commands = dict(root.commands)  # type: ignore[attr-defined]  # it is a group
    commands |= {f"jobs {name}": command for name, command in commands.pop("jobs").commands.items()}
    found = {
        name: {spelling for parameter in command.params for spelling in (*parameter.opts, *parameter.secondary_opts)}
        for name, command in commands.items()
    }
    return {name: spellings | {"--help"} for name, spellings in found.items()} | {"": {"--help", "--version"}}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_that_is_named_exists(page: Path) -> None:
    known = known_options()
    given = set(options(page.read_text()))
    assert {(path, option) for path, option in given if option not in known.get(path, set())} == set()


def test_options_are_found_wherever_they_stand() -> None:
    page = (
        "`sitebookify preview --scope`\n```sh\nA=b .venv/bin/sitebookify build \\\n  u --out x # --no\n"
        "make book URL=u ARGS=\"--include '/a b' --formats html\"\nsitebookify jobs wait --timeout=3\n```"
    )
    assert set(options(page)) == {
        ("preview", "--scope"),
        ("build", "--out"),
        ("build", "--include"),
        ("build", "--formats"),
        ("jobs wait", "--timeout"),
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_shell_block_is_one(page: Path) -> None:
    blocks = "\n".join(_SHELL.findall(page.read_text()))
    done = subprocess.run(["bash", "-n"], input=blocks, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
