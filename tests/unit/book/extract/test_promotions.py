"""What asks a page's reader to sign up, share, buy or read on goes; texts about these things stay."""

from __future__ import annotations

import re

import pytest

from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from sitebookify.book.extract.removal import Explanation
from support.pages import SITE, html_in, prose


def _page(inside: str, after: str = "", head: str = "") -> str:
    """A single page's content: nothing can be learned."""
    html = f"<head><title>Ash</title>{head}</head><main><h1>Ash</h1>{prose('ash')}{inside}{prose('elm')}{after}</main>"
    return html_in(extract_page(html, f"{SITE}ash", Profile()))


_PLAIN = f"<h1>Ash</h1>{prose('ash')}{prose('elm')}"
_SHARED = "<a href='https://x.com/intent/post?url=ash'>{}</a>"
_CC = "https://creativecommons.org/licenses/by/4.0/"
_EMAIL = "<form action=/join><input type=email><button>Go</button></form>"
_PUBLISHED = '<meta property="article:published_time" content="2024-03-04">'


@pytest.mark.parametrize(
    "promotion",
    [
        f"<div class=css-x1><h3>Join 4,000 readers</h3><p>A letter every Friday.</p>{_EMAIL}</div>",
        f"<h3>Stay in the loop</h3><p>Subscribe to our letter.</p>{_EMAIL}<p>Unsubscribe at any time.</p>",
        "<section id=newsletter-box><h4>Our letter</h4><p>It comes on Mondays.</p><button>Join</button></section>",
        "<div class=post-share><span>Share</span> <button>X</button></div>",
        f"<p>Share this:</p><ul><li>{_SHARED.format('X')}<li>{_SHARED.format('Elsewhere')}</ul>",
        "<div><a href='?share=twitter'>Tweet</a> <a href='mailto:?subject=Ash'>Mail</a></div>",
        "<div class=ad-slot><span>Advertisement</span><a href='https://ads.example/1'>Ropes that last</a></div>",
        "<div><p>Sponsored</p><a rel='sponsored nofollow' href='https://shop.example/1'>Buy rope now</a></div>",
        "<p><a rel=sponsored href='https://shop.example/1'>Buy rope now</a></p>",
        "<p>Werbung</p>",
        "<ins class=adsbygoogle data-ad-slot=7><b>Ropes that last</b></ins>",
        "<div class=ad aria-label=Werbung><b>Ropes that last</b></div>",
        "<p class=promo>Read next: <a href=/oak>The old oak</a></p>",
        "<p><strong>Lire aussi : <a href=/oak>The old oak</a></strong></p>",
        "<aside><h3>You might also like</h3><ul><li><a href=/oak>The old oak</a><li><a href=/fir>Fir</a></ul></aside>",
        "<h2 class=toc-title>Contents</h2><div class=toc-content></div>",
        "<details><summary><span>Table of contents</span></summary><div><ul><li><a href=#a>A</a></ul></div></details>",
        "<div class=sharrre-container><span>シェアする</span><div id=twitter></div></div>",
        "<h4>あわせて読みたい</h4><ul class=related-posts><li><a href=/oak>古い樫の木の話</a></ul>",
        "<div class=recirc><h4><a href=/oak>The old oak</a></h4><p>It stood there for a hundred years.</p></div>",
        "<p><strong><i class=icon></i> Tags: </strong><a rel=tag href=/t>Ropes</a></p>",
        "<div class=tags><h4>Topics</h4><ul><li><a rel=tag href=/t>Ropes</a></li></ul></div>",
        "<div class=x><p>Was this page helpful?</p><button>Yes</button><button>No</button></div>",
        "<div><h3>Did you find this article useful?</h3><form><input type=radio> Yes</form><p>12 of 14 did</p></div>",
        "<div><span>この記事は役に立ちましたか</span><button>はい</button></div>",
        "<div id=cookie-consent><p>We use cookies to store data.</p><button>Accept</button></div>",
    ],
)
def test_promotions_go(promotion: str) -> None:
    """From the midst of the text, whatever their classes are called, and also where no other page is known."""
    assert _page(promotion) == _PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "<h3>Was this page helpful to anyone?</h3><p>Somebody asked.</p>",
        f"<div><p>Is this rope useful? See <a href=/oak>the oak</a>.</p>{prose('rope')}</div>",
    ],
)
def test_a_question_in_a_text_stays(text: str) -> None:
    assert re.sub("<.*?>", "", text)[:20] in re.sub("<.*?>", "", _page(text))


def test_an_authors_own_list_of_contents_stays() -> None:
    heading = "<h4>Contents<a href=#contents>&#8203;</a></h4>"
    own = f"{heading}<ul><li><a href=#fir>The fir</a><li><a href=#yew>The yew</a></ul>"
    assert "The fir" in _page(own)


def test_a_series_may_have_many_posts() -> None:
    series = "<h4>Posts in this series</h4><ul>" + "<li><a href=/oak>The old oak in the valley</a>" * 40 + "</ul>"
    long = "".join(map(prose, ("fir", "yew", "box", "bay")))
    assert _page(series + long) == _page(long)


@pytest.mark.parametrize(
    "box",
    [
        "<div class=author-bio><img src=/a.png><p>Ann Smith has written about ropes for twenty years.</p></div>",
        "<div><h3>About the author</h3><p>Ann Smith lives on a barge.</p></div>",
        "<div class=author-bio><p>Ann Smith</p><p>港町で生まれ、縄と船について二十年書いてきた。</p></div>",
    ],
)
def test_boxes_about_the_author_go(box: str) -> None:
    assert "Ann Smith" not in _page("", after=box)


def test_a_profile_above_the_text_stays() -> None:
    """A page about an author begins with what others end with."""
    box = "<div class=author-bio><p>Ann Smith has written about ropes for twenty years.</p></div>"
    assert "Ann Smith" in _page(box, after=prose("fir"))


def test_a_post_sends_its_readers_on() -> None:
    """In any other text "see also" is a reference."""
    line = "<p>Read more: <a href=/oak>The old oak</a></p>"
    assert "old oak" not in _page(line, head=_PUBLISHED)
    assert "old oak" in _page(line)


@pytest.mark.parametrize(
    "text",
    [
        "<h2>Subscribe</h2><p>Call <code>subscribe(topic)</code> to get the newsletter.</p>",
        "<h2>Advertisement</h2><p>An advertisement is what a router sends to its neighbours.</p>",
        "<p>Set <a rel=sponsored href='https://shop.example'>links that were paid for</a> apart from all others.</p>",
        "<p>See <a href='/usr/share/doc/a/typing.html'>Optional</a>[<a href='/usr/share/doc/a/int.html'>int</a>].</p>",
        f"<h2>Share</h2><p>Use the {_SHARED.format('intent')} or the {_SHARED.format('sharer')}, described below.</p>",
        "<section id=related-posts><h2>Related posts</h2><p>A model with a field for each related post.</p></section>",
        "<section id=newsletter><h2>Newsletter</h2><p>The component shows a box. It takes a title.</p></section>",
        "<h2>See also</h2><ul><li><a href=/oak>oak</a>: a tree<li><a href=/fir>fir</a>: another</ul>",
        "<table><tr><th>Sponsored</th><td>Anzeige</td></tr></table>",
        "<ul><li>Share this: with everyone</li><li>Advertisement</li></ul>",
        "<div class=ad><h2>AD converter</h2><p>It turns a voltage into a number, ten times a second.</p></div>",
        "<div class=cookies><h2>Recipe</h2><p>Bake the cookies for ten minutes.</p></div>",
        "<p>Written by hand, these letters were sent to subscribers every week.</p>",
        "<div><p>Subscribe, or ask us anything.</p><form><input type=email><textarea></textarea></form></div>",
        "<div class=subscribe><pre>client.subscribe()</pre><form><input type=email></form></div>",
    ],
)
def test_texts_about_promotions_stay(text: str) -> None:
    words = " ".join(part.partition(">")[2] for part in text.split("<")).split()
    content = _page(text)
    assert all(word in content for word in words)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Ann · 4 March 2024 · <span>5 min read</span></p>",
        "<p>Ann · <span>5 minute read</span> · 4 March 2024</p>",
        "<p>Ann · 4 March 2024 · <span>a few seconds read (About 78 words)</span></p>",
        "<p><span>~ 5 min</span> · Ann · 4 March 2024</p>",
        "<p>Ann · 4 March 2024 · <span>800 words</span> | <a href=/edit/ash>Suggest changes</a></p>",
        "<p>Ann · 4 March 2024</p><div class=x><span>12 likes</span> <a href=#c>3 Comments</a></div>",
        "<p>Ann · 4 March 2024</p><ul class=x><li>1.2k views</li><li>Leave a comment</li></ul>",
    ],
)
def test_what_stands_beside_a_date_goes(line: str) -> None:
    """Reading time, counts, and ways to edit, with what separates them; the line itself stays."""
    content = re.sub("<.*?>", "", _page(line, head=_PUBLISHED).partition("</h1>")[2])
    shown = content.removeprefix(re.sub("<.*?>", "", prose("ash"))).removesuffix(re.sub("<.*?>", "", prose("elm")))
    assert shown.strip() == "Ann · 4 March 2024"


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><th>Needed</th><th>Time</th></tr><tr><td>Rope</td><td>5 min</td></tr></table>",
        "<p>It takes <b>5 min</b> in all.</p>",
        "<ul><li>5 min</li><li>10 min</li></ul>",
        "<dl><dt>Time</dt><dd>5 min read</dd></dl>",
        "<p>Then choose <a href=/edit>Edit this page</a> and write.</p>",
        "<p>We had <em>3 comments</em> on that.</p>",
    ],
)
def test_times_and_counts_in_a_text_stay(text: str) -> None:
    words = re.sub("<.*?>", " ", text).split()
    content = _page(text, head=_PUBLISHED)
    assert all(word in content for word in words)


@pytest.mark.parametrize(
    ("box", "goes"),
    [
        ("<div class=post-copyright><p>Author: Ann</p><p>Link: ash</p><p>All rights reserved by her.</p></div>", True),
        (f"<div class=licence-box><b>Ash</b> <a href={_CC}>BY 4.0</a> by Ann, in Marlow, in 2024</div>", True),
        ("<div class=post-copyright><p>Eight words that say nothing at all of it.</p></div>", False),
    ],
)
def test_a_notice_of_rights_below_the_text_goes(box: str, *, goes: bool) -> None:
    assert (_page("", after=box) == _PLAIN) is goes
    above = f"<main><h1>Ash</h1>{box}{prose('ash')}{prose('elm')}</main>"
    kept = html_in(extract_page(f"<title>Ash</title>{above}", f"{SITE}ash", Profile()))
    assert re.sub("<.*?>", "", box)[:8] in re.sub("<.*?>", "", kept)


def test_a_short_post_loses_its_promotions_too() -> None:
    """Which may say more than it does; a page without a date is what they are for."""
    teaser = "<div><h3><a href=/{n}>The old oak {n}</a></h3><p>It stood there for a hundred years or more.</p></div>"
    related = "<section><h2>More on this story</h2>" + "".join(teaser.format(n=n) for n in range(6)) + "</section>"
    own = "<p>She is afloat, thanks to the eleven people who held ropes.</p>"
    html = "<head><title>Ash</title>{head}</head><main><h1>Ash</h1>{own}{related}</main>"
    short = html.format(head=_PUBLISHED, own=own, related=related)
    assert html_in(extract_page(short, f"{SITE}ash", Profile())) == f"<h1>Ash</h1>{own}"
    dateless = html.format(head="", own=own, related=related)
    assert "The old oak" in html_in(extract_page(dateless, f"{SITE}ash", Profile()))


def test_a_page_that_is_a_promotion_stays() -> None:
    """Where a page has little else to say, that is what it is for."""
    html = f"<title>Letter</title><body><div class=newsletter-box><p>Our letter comes every Friday.</p>{_EMAIL}</div>"
    assert "every Friday" in html_in(extract_page(html, f"{SITE}letter", Profile()))


def test_what_goes_is_explained() -> None:
    explanation = Explanation(detailed=True)
    html = f"<title>Ash</title><main><h1>Ash</h1>{prose('ash')}<p>Advertisement</p></main>"
    extract_page(html, f"{SITE}ash", Profile(), explanation=explanation)
    assert [line.split()[2:] for line in explanation.dropped] == [["advert:", "<p>", "1", "words:", "Advertisement"]]
