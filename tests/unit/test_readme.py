"""What README and docs say of settings, commands, make targets and files is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.reference import DOCS, commands_page, settings_page

ROOT = DOCS.parent
PAGES = [ROOT / "README.md", *(ROOT / ".github").glob("*.md"), *sorted(DOCS.rglob("*.md"))]
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)


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
