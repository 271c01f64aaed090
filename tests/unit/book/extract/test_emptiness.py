"""Pages with nothing to read, told from short pages."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.emptiness import Emptiness, emptiness_of

SCRIPT = "<script src=/a.js></script>"
MENU = "<header><a href=/a>Guides</a> <a href=/b>Reference</a></header>"


@pytest.mark.parametrize(
    "body",
    [
        f"<div id=root></div>{SCRIPT}",
        f"{MENU}<div id=app><span></span></div><footer>© Somebody, all rights reserved</footer>{SCRIPT}",
        f"<noscript>This site needs JavaScript to work.</noscript><div class=x></div>{SCRIPT}",
        f"<p>Please enable JavaScript.</p>{SCRIPT}",
        f"{MENU}<main>Loading…</main>",
        "<div>Please wait...</div>",
        f"<div>読み込み中です…</div>{SCRIPT}",
        f"<!-- prerendered --><app-root></app-root>{SCRIPT}",
    ],
)
def test_scripts_draw_the_page(body: str) -> None:
    assert empty(body) is Emptiness.NEEDS_JAVASCRIPT


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<h1>Sign in</h1><form><input name=user><input type=Password></form>", Emptiness.NEEDS_LOGIN),
        (f"<title>Just a moment...</title><p>Checking.</p>{SCRIPT}", Emptiness.BLOCKED),
        ("<h1>Verify you are human</h1><div class=g-recaptcha></div>", Emptiness.BLOCKED),
        ("<h1>Checking your browser</h1><p>This process is automatic. Please wait.</p>", Emptiness.BLOCKED),
        ("<h2>Access denied</h2><p>Your request was refused. Reference #18.2f.</p>", Emptiness.BLOCKED),
    ],
)
def test_others_stand_in_the_way(body: str, reason: Emptiness) -> None:
    assert empty(body) is reason


@pytest.mark.parametrize(
    "body",
    [
        f"<p>See the other page.</p>{SCRIPT}",
        f"<h1>Loading</h1><p>How loading of modules works.</p>{SCRIPT}",
        f"<main><p>{'word ' * 61}</p><div id=app></div></main>{SCRIPT}",
        "<h1>Just a moment</h1><p>A poem about moments.</p>",
        "<h1>Access denied</h1><p>What this error means, and how to avoid it.</p>",
        f"<p>{'word ' * 61}</p><form><input type=password></form>",
        f"<p>Widgets need JavaScript. {'word ' * 20}</p>{SCRIPT}",
        "<div id=root></div>",
    ],
)
def test_short_pages_and_pages_about_such_things_are_read(body: str) -> None:
    assert empty(body) is None


def empty(body: str) -> Emptiness | None:
    return emptiness_of(parse_page(f"<html><body>{body}</body></html>"))


@pytest.mark.parametrize(("words", "reason"), [(60, Emptiness.NEEDS_LOGIN), (61, None)])
def test_a_page_of_more_than_sixty_words_is_read(words: int, reason: Emptiness | None) -> None:
    assert empty(f"<p>{'word ' * words}</p><form><input type=password></form>") is reason


@pytest.mark.parametrize(("words", "reason"), [(12, Emptiness.NEEDS_JAVASCRIPT), (13, None)])
def test_a_shell_says_a_dozen_words(words: int, reason: Emptiness | None) -> None:
    assert empty(f"<p>{'word ' * words}</p><div id=root></div>{SCRIPT}") is reason
