"""The stack under test, a site for it, and a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from support.chromium import CHROMIUM, HOW_TO_GET_IT, chromium
from support.emulator import Emulator
from support.outside import need
from support.site import Site
from support.stack import Stack

_PAGE = "<html><head><title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p>{2}</main></body></html>"
CHAPTERS = ("Spring", "Summer", "Autumn", "Winter")


def _pages() -> dict[str, str]:
    links = "".join(f'<p><a href="/{name.lower()}.html">{name}</a></p>' for name in CHAPTERS)
    text = "The year turns, and the garden with it; this is what the gardener writes down of {0}. " * 8
    pages = {f"/{name.lower()}.html": _PAGE.format(name, text.format(name), "") for name in CHAPTERS}
    return {"/": _PAGE.format("The Garden", text.format("the year"), links)} | pages


@pytest.fixture
def site() -> Iterator[Site]:
    """Five pages about a garden."""
    with Site(_pages()) as site:
        yield site


@pytest.fixture
def stack(tmp_path: Path, emulator: Emulator) -> Iterator[Stack]:
    """The three services, running."""
    with Stack(tmp_path, emulator) as stack:
        yield stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; not for the whole session, since Playwright's event loop would stay in async tests' way."""
    need(CHROMIUM.exists(), HOW_TO_GET_IT)
    with chromium() as browser:
        yield browser
