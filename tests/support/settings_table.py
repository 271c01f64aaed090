"""The README's table of settings, made from `Settings`: ``make settings-table`` writes it, a test compares it."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from sitebookify.settings import Settings

README = Path(__file__).parents[2] / "README.md"
BEGIN = "<!-- settings: `make settings-table` writes this -->\n"
END = "<!-- /settings -->\n"


def settings_table() -> str:
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
    text = README.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(before + BEGIN + settings_table() + END + after)
