"""The tutorials' commands, executed one after the other in a folder of their own, on a site of the test's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.site import Site

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
TUTORIALS = [ROOT / "docs/tutorial.md", ROOT / "docs/ja/tutorial.md"]
_BOOK = "https://doc.rust-lang.org/book/"
_FOLDER = "books/doc.rust-lang.org-book"
_OTHER = re.compile(r"https://docs\.python\.org/(?:ja/)?3/tutorial/")
_SERVER = "make run"
"""It does not end; what it serves is tested by the README's session."""
_OF_THIS_MAKE = {"ARGS", "OUT", "URL", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS"}
"""What `make test ARGS=…` would hand on to these commands."""
_UP_TO_DATE = "make -o .venv/runtime.stamp book"
"""`make book` where the environment is set up already."""


def commands(page: Path) -> list[str]:
    blocks = re.findall(r"^```sh\n(.*?)```", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines() if line and line != _SERVER]


def pages() -> dict[str, str]:
    links = "".join(f'<li><a href="{name}">{name}</a></li>' for name in ("ch01.html", "ch02.html", "other.html"))
    text = "The miller counts the sacks of the season and writes them down. " * 12
    frame = f"<main><h1>%s</h1><p>{text}</p><ul>{links}</ul></main>"
    return {
        "/book/": frame % "The mill",
        "/book/ch01.html": frame % "Wheat",
        "/book/ch02.html": frame % "Rye",
        "/book/other.html": frame % "Hay",
    }


def test_the_tutorials_commands_make_the_books_that_they_name(tmp_path: Path) -> None:
    assert [len(commands(page)) for page in TUTORIALS] == [4, 4]
    lines = dict.fromkeys(line for page in TUTORIALS for line in commands(page))
    for name in ("Makefile", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parents[1])
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_THIS_MAKE}
    env = {**inherited, "SITEBOOKIFY_ALLOW_PRIVATE_NETWORKS": "true"}
    with Site(pages()) as site:
        url = site.url("/book/")
        folder = f"books/127.0.0.1:{site.port}-book"
        ours = [_OTHER.sub(url, line.replace(_BOOK, url).replace(_FOLDER, folder)) for line in lines]
        for line in dict.fromkeys(ours):
            command = line.replace("make book", _UP_TO_DATE)
            done = subprocess.run(
                command, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    assert "Hay" in (tmp_path / folder / "book.md").read_text()
    short = tmp_path / "books/short"
    assert "Hay" not in (short / "book.md").read_text()
    assert (short / "book.html").exists()
