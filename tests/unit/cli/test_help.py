"""Help loads what it draws and no more: a newcomer's first command should answer at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

_UNUSED = {"asyncio", "markdown_it", "pygments", "structlog", "lxml", "babel", "aiohttp"}


def _run(*arguments: str, finally_: str = "pass") -> tuple[str, str]:
    """What the command line with these arguments prints; ``finally_`` is Python to run at its end."""
    code = (
        "import sys\n"
        f"sys.argv = ['sitebookify', *{arguments!r}]\n"
        "from sitebookify.cli import main\n"
        f"try:\n    main()\nfinally:\n    {finally_}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    return done.stdout, done.stderr


@pytest.mark.parametrize("arguments", [["--help"], [], ["build", "--help"]])
def test_help_loads_no_library_of_the_work(arguments: list[str]) -> None:
    shown, loaded = _run(*arguments, finally_=f"print(*sorted({_UNUSED!r} & set(sys.modules)), file=sys.stderr)")
    assert "Usage: sitebookify" in shown
    assert loaded.split() == []


def test_rich_is_whole_after_the_help() -> None:
    end = "from rich.markdown import Markdown; print(Markdown('*a*').markup, file=sys.stderr)"
    assert _run("--help", finally_=end)[1].split() == ["*a*"]
