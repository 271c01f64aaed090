"""The reference pages that are made from code: ``make reference`` writes them, a test compares them.

``docs/settings.md`` has the settings of `Settings`, ``docs/cli.md`` the commands with their options.
"""

from __future__ import annotations

import html
import re
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from typer import Context
from typer.cli import get_docs_for_click
from typer.core import TyperGroup
from typer.main import get_command

from sitebookify.cli.app import app
from sitebookify.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
_BEGIN = "<!-- settings: `make reference` writes this -->\n"
_END = "<!-- /settings -->\n"
_SHORT_LIST = re.compile(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+\n?")
"""Of commands with the beginnings of their descriptions, which follow as a whole."""


def settings_page(page: str) -> str:
    """``docs/settings.md`` with its table made anew."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + _BEGIN + _settings_table() + _END + after


def commands_page() -> str:
    """``docs/cli.md``: every command and option, as ``--help`` says it."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    context = Context(group, info_name="sitebookify", resilient_parsing=True)
    text = get_docs_for_click(obj=group, ctx=context, name="sitebookify", title="Commands")
    return _SHORT_LIST.sub("", html.unescape(text)).rstrip() + "\n"


def _settings_table() -> str:
    """Markdown, a row for every setting in the order of the class."""
    rows = [
        f"| `SITEBOOKIFY_{name.upper()}` | {_shown(field.get_default())} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows, ""])


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if value not in ("", None) else ""


if __name__ == "__main__":
    settings = DOCS / "settings.md"
    settings.write_text(settings_page(settings.read_text()))
    (DOCS / "cli.md").write_text(commands_page())
