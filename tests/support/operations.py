"""docs/operations.md read as data: its queries, its tables, and where links may lead."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

_ROOT = Path(__file__).parents[2]
TEXT = (_ROOT / "docs" / "operations.md").read_text()
_SCRIPT = (_ROOT / "infra" / "deploy").read_text()


def documented_queries() -> dict[str, str]:
    """The queries by name."""
    found = re.findall(r"^#### Query: ([^\n]+)\n\n```\n(.+?)```", TEXT, flags=re.MULTILINE | re.DOTALL)
    return {name: query.strip() for name, query in found}


def table(first_column: str) -> list[dict[str, str]]:
    """The rows of the table whose first column has this title, without marks of code."""
    lines = TEXT[TEXT.index(f"| {first_column} |") :].split("\n\n")[0].splitlines()
    header, _, *rows = ([cell.strip() for cell in line.strip("|").split(" | ")] for line in lines)
    return [dict(zip(header, (cell.replace("`", "") for cell in row), strict=True)) for row in rows]


def anchors() -> set[str]:
    """What ``#…`` may name, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.+)$", TEXT, flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def gcloud_commands() -> list[list[str]]:
    """The words of every gcloud command in code, whole ones with ``EXAMPLE`` for what the reader fills in.

    Those of ``infra/deploy``, too.
    """
    blocks = [*re.findall(r"```sh\n(.+?)```", TEXT, flags=re.DOTALL), _commands_of_script()]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    inline = re.findall(r"`(gcloud [^`]+)`", re.sub(r"```.+?```", "", TEXT, flags=re.DOTALL))
    commands = [shlex.split(line, comments=True) for line in [*lines, *inline] if line.startswith("gcloud ")]
    return [[re.sub(r"\$\w+", "EXAMPLE", word) for word in _until_pipe(words)] for words in commands]


def _commands_of_script() -> str:
    lines = [line for line in _SCRIPT.splitlines() if not line.lstrip().startswith("#")]
    commands = re.findall(r"(?:^|\bif |! |elif )\s*(gcloud [a-z][^\n]*)", "\n".join(lines), flags=re.MULTILINE)
    return "\n".join(re.split(r"\s*(?:>|;|\|\|)", command)[0] for command in commands)


def _until_pipe(words: list[str]) -> list[str]:
    return words[: words.index("|")] if "|" in words else words
