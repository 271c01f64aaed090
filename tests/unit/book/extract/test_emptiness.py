"""Pages with nothing to read, told from short pages."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.body import parse_page
from sitebookify.book.extract.emptiness import emptiness_of
from sitebookify.book.extract.emptiness_kinds import Emptiness

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
        f"<app>Loading...</app><div id=error>An unhandled error has occurred. Reload</div>{SCRIPT}",
        f"<my-portal base=/></my-portal>{SCRIPT}",
        f"<div ng-view></div>{SCRIPT}",
        f"<p>Ihre Seite wird geladen…</p><app-root>Wird geladen…</app-root>{SCRIPT}",
        "<p>Chargement en cours…</p>",
        "<div>ただいま読み込み中です。しばらくお待ちください。</div>",
        f"<noscript>このサイトでは JavaScript を有効にしてください。</noscript><div></div>{SCRIPT}",
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
        (f"<h1>ブラウザを確認しています</h1><p>この処理は自動的に行われます。</p>{SCRIPT}", Emptiness.BLOCKED),
        (f"<title>Einen Moment bitte</title><h1>Ihr Browser wird überprüft</h1>{SCRIPT}", Emptiness.BLOCKED),
        (f"<h1>Verifica que eres humano</h1><form class=h-captcha></form>{SCRIPT}", Emptiness.BLOCKED),
        ("<h1>Sign in to Acme</h1><form><input type=email name=identifier></form>", Emptiness.NEEDS_LOGIN),
        ("<h1>Log in</h1><form><input type=date><input name=user></form>", Emptiness.NEEDS_LOGIN),
        ("<h1>ログイン</h1><form><input name=user_id></form>", Emptiness.NEEDS_LOGIN),
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
        f"<p>{'春の山には古い寺がある。' * 12}</p><noscript>JavaScript を有効にしてください</noscript>{SCRIPT}",
        f"<h1>アクセス拒否の直し方</h1><p>{'設定を見直してから、もう一度試す。' * 8}</p>{SCRIPT}",
        f"<h1>ログイン</h1><p>{'画面の右上にあるボタンを押す。' * 10}</p><form><input type=password></form>",
        f"<p><img src=comic.png></p>{SCRIPT}",
        f"<header><noscript>Dark mode needs JavaScript</noscript></header><h1>Changes</h1><p>Motors.</p>{SCRIPT}",
        "<h1>Log in</h1><p>Choose a day.</p><form><input type=date name=user></form>",
        "<h1>Log in</h1><p>Choose it in the menu.</p><footer><form><input type=email name=email></form></footer>",
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
