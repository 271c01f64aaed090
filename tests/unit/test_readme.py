"""What the README says of settings, commands and make targets is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from sitebookify.cli.app import app
from support.settings_table import BEGIN, END, README, settings_table

ROOT = Path(__file__).parents[2]


def test_the_table_of_settings_is_that_of_the_class() -> None:
    """`make settings-table` brings it up to date."""
    table = README.read_text().partition(BEGIN)[2].partition(END)[0]
    assert table == settings_table()


def test_every_command_of_the_table_exists() -> None:
    named = set(re.findall(r"^\| `sitebookify (\w+)", README.read_text(), flags=re.MULTILINE))
    commands = {command.callback.__name__ for command in app.registered_commands if command.callback}
    groups = {group.name for group in app.registered_groups}
    assert named == commands | groups


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", README.read_text())) <= targets


def test_every_file_that_is_linked_exists() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README.read_text())
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
