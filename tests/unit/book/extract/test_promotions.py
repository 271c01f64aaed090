"""What asks a page's reader to sign up, share, buy or read on goes; texts about these things stay."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.explanation import Explanation
from sitebookify.book.extract.extraction import extract_page
from sitebookify.book.extract.profile import Profile
from support.pages import SITE, html_in, prose


def _page(inside: str, after: str = "", head: str = "") -> str:
    """A single page's content: nothing can be learned."""
    html = f"<head><title>Ash</title>{head}</head><main><h1>Ash</h1>{prose('ash')}{inside}{prose('elm')}{after}</main>"
    return html_in(extract_page(html, f"{SITE}ash", Profile()))


_PLAIN = f"<h1>Ash</h1>{prose('ash')}{prose('elm')}"
_SHARED = "<a href='https://x.com/intent/post?url=ash'>{}</a>"
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
        "<p class=promo>Read next: <a href=/oak>The old oak</a></p>",
        "<p><strong>Lire aussi : <a href=/oak>The old oak</a></strong></p>",
        "<aside><h3>You might also like</h3><ul><li><a href=/oak>The old oak</a><li><a href=/fir>Fir</a></ul></aside>",
        "<h2 class=toc-title>Contents</h2><div class=toc-content></div>",
        "<details><summary><span>Table of contents</span></summary><div><ul><li><a href=#a>A</a></ul></div></details>",
        "<div class=sharrre-container><span>シェアする</span><div id=twitter></div></div>",
        "<h4>あわせて読みたい</h4><ul class=related-posts><li><a href=/oak>古い樫の木の話</a></ul>",
        "<div class=recirc><h4><a href=/oak>The old oak</a></h4><p>It stood there for a hundred years.</p></div>",
        "<div id=cookie-consent><p>We use cookies to store data.</p><button>Accept</button></div>",
    ],
)
def test_promotions_go(promotion: str) -> None:
    """From the midst of the text, whatever their classes are called, and also where no other page is known."""
    assert _page(promotion) == _PLAIN


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
        f"<h2>Share</h2><p>Use the {_SHARED.format('intent')} or the {_SHARED.format('sharer')}, described below.</p>",
        "<section id=related-posts><h2>Related posts</h2><p>A model with a field for each related post.</p></section>",
        "<section id=newsletter><h2>Newsletter</h2><p>The component shows a box. It takes a title.</p></section>",
        "<h2>See also</h2><ul><li><a href=/oak>oak</a>: a tree<li><a href=/fir>fir</a>: another</ul>",
        "<table><tr><th>Sponsored</th><td>Anzeige</td></tr></table>",
        "<ul><li>Share this: with everyone</li><li>Advertisement</li></ul>",
        "<div class=ad><h2>AD converter</h2><p>It turns a voltage into a number, ten times a second.</p></div>",
        "<div class=cookies><h2>Recipe</h2><p>Bake the cookies for ten minutes.</p></div>",
        "<p>Written by hand, these letters were sent to subscribers every week.</p>",
        "<div class=subscribe><pre>client.subscribe()</pre><form><input type=email></form></div>",
    ],
)
def test_texts_about_promotions_stay(text: str) -> None:
    words = " ".join(part.partition(">")[2] for part in text.split("<")).split()
    content = _page(text)
    assert all(word in content for word in words)


def test_a_page_that_is_a_promotion_stays() -> None:
    """Where a page has little else to say, that is what it is for."""
    html = f"<title>Letter</title><body><div class=newsletter-box><p>Our letter comes every Friday.</p>{_EMAIL}</div>"
    assert "every Friday" in html_in(extract_page(html, f"{SITE}letter", Profile()))


def test_what_goes_is_explained() -> None:
    explanation = Explanation(detailed=True)
    html = f"<title>Ash</title><main><h1>Ash</h1>{prose('ash')}<p>Advertisement</p></main>"
    extract_page(html, f"{SITE}ash", Profile(), explanation=explanation)
    assert [(row.rule, row.beginning) for row in explanation.dropped] == [("advert", "Advertisement")]
