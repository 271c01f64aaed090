"""What is in the page and not on it, and the second copy of what is shown twice."""

from __future__ import annotations

import pytest

from support.pages import cleaned

_PICTURE = '<img src="https://example.org/{}" alt="A plan">'


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        (
            '<p>See <a href="/b">b<span class="sr-only"> (opens in a new tab)</span></a> now.</p>',
            '<p>See <a href="https://example.org/b">b</a> now.</p>',
        ),
        (
            '<h2 id="a">A</h2><a href="#a"><span class="sr-only">Section titled A</span></a><p>b</p>',
            '<h2 id="a">A</h2><p>b</p>',
        ),
        (
            '<h2>A <span>[<a href="/edit">edit</a> | <a href="/source">source</a>]</span></h2><p>b</p>',
            "<h2>A</h2><p>b</p>",
        ),
        ("<p>A <span hidden>not this </span>b.</p>", "<p>A b.</p>"),
        ('<p>A <b style="display:none">not this </b>b.</p>', "<p>A b.</p>"),
        ('<p><i class="material-icons">home</i> Home</p>', "<p>Home</p>"),
        ('<p><span aria-hidden="true" class="nav-icon">arrow_back</span> Back</p>', "<p>Back</p>"),
        ('<p><span>WAL<span role="tooltip">a log</span><span>a log</span></span></p>', "<p>WALa log</p>"),
    ],
)
def test_what_is_not_on_the_page(drawn: str, plain: str) -> None:
    """Words for screen readers, hidden parts of sentences, names that a font draws as icons."""
    assert cleaned(drawn) == plain


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        (
            '<p><a href="/b"><svg></svg><span class="sr-only">Source</span></a></p>',
            '<p><a href="https://example.org/b">Source</a></p>',
        ),
        ("<div hidden><p>An answer.</p></div>", "<p>An answer.</p>"),
        ('<h2>A <a href="/b">[b]</a></h2>', '<h2>A <a href="https://example.org/b">[b]</a></h2>'),
        ('<p>A <em class="icon">home</em> b.</p>', "<p>A <em>home</em> b.</p>"),
        (
            '<p class="dark">The night is <b class="dark">dark</b>.</p><p class="light">The day is not.</p>',
            "<p>The night is <strong>dark</strong>.</p><p>The day is not.</p>",
        ),
    ],
)
def test_the_only_copy_stays(drawn: str, plain: str) -> None:
    """However it is hidden: a book has nothing else to show."""
    assert cleaned(drawn) == plain


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ('<div class="hidden md:block">a b</div><div class="md:hidden">a b</div>', "<p>a b</p>"),
        ("<div>a b c</div><div hidden>a b c</div>", "<p>a b c</p>"),
        (
            '<p><img class="only-dark" src="d.png" alt="A plan"><img class="only-light" src="l.png" alt="A plan"></p>',
            f"<p>{_PICTURE.format('l.png')}</p>",
        ),
        (
            '<p><img src="l.png#light-only" alt="A plan"><img src="d.png#dark-only" alt="A plan"></p>',
            f"<p>{_PICTURE.format('l.png')}</p>",
        ),
        (
            (
                '<p><img class="dark:hidden" src="l.png" alt="A plan">'
                '<img class="hidden dark:block" src="d.png" alt="A plan"></p>'
            ),
            f"<p>{_PICTURE.format('l.png')}</p>",
        ),
        (
            (
                '<picture><img data-src="/l.png" alt="A plan"></picture>'
                '<noscript><img src="/l.png" alt="A plan"></noscript>'
            ),
            f"<p>{_PICTURE.format('l.png')}</p>",
        ),
    ],
)
def test_one_copy_of_two(drawn: str, plain: str) -> None:
    """For wide screens and narrow ones, for light and dark: a book is light."""
    html = cleaned(drawn)
    assert (html if html.startswith("<p>") else f"<p>{html}</p>") == plain
