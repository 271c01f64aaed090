"""robots.txt, fetched from a server that answers anything."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sitebookify.book.crawl.crawl_tasks import compute_here
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.robots import LONGEST_DELAY, Robots, RobotsUnreachable, Rules
from sitebookify.book.crawl.visit import Visitor
from sitebookify.egress import Egress
from sitebookify.egress.polite import Pacer
from support.site import Answer, Site, redirect

RULES = """
User-agent: *
Disallow: /private/
Allow: /private/open
Crawl-delay: 2

User-agent: other
Disallow: /

Sitemap: https://example.org/map.xml
"""


async def allowed(pages: Mapping[str, Answer | str], path: str, *, ignore: bool = False) -> bool:
    with Site({"/robots.txt": Answer(status=404), **pages}) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            return await Robots(egress, Pacer(0), ignore=ignore).allow(site.url(path))


async def test_rules_are_obeyed() -> None:
    assert not await allowed({"/robots.txt": RULES}, "/private/x")
    assert await allowed({"/robots.txt": RULES}, "/private/open")
    assert await allowed({"/robots.txt": RULES}, "/x")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
async def test_rules_are_read_in_the_encoding_that_editors_leave_them_in(encoding: str) -> None:
    text = RULES if encoding in ("utf-8-sig", "utf-16") else "\ufeff" + RULES
    pages = {"/robots.txt": Answer(body=text.encode(encoding), content_type="text/plain")}
    assert not await allowed(pages, "/private/x")


async def test_rules_can_be_ignored() -> None:
    assert await allowed({"/robots.txt": RULES}, "/private/x", ignore=True)


async def test_without_a_file_everything_is_allowed() -> None:
    assert await allowed({}, "/private/x")


async def test_a_redirected_file_counts() -> None:
    assert not await allowed({"/robots.txt": redirect("/r"), "/r": RULES}, "/private/x")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_that_fails_allows_nothing_for_now(status: int) -> None:
    with pytest.raises(RobotsUnreachable):
        await allowed({"/robots.txt": Answer(status=status)}, "/x")


async def test_a_look_at_a_page_whose_rules_cannot_be_read_finds_no_page() -> None:
    """A menu may name pages of another host, or of this one by plain HTTP."""
    with Site({"/robots.txt": Answer(status=500), "/": "x"}) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            robots = Robots(egress, Pacer(0), ignore=False)
            visitor = Visitor(egress, robots, compute_here, keep=lambda _: "")
            outcome = await visitor.look_ahead(site.url("/"))
    assert (outcome.document, outcome.reason) == (None, Lost.ROBOTS_UNREADABLE)


async def test_it_is_fetched_once_an_origin() -> None:
    with Site({"/robots.txt": RULES}, addresses=("127.0.0.1", "127.0.0.2")) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            robots = Robots(egress, Pacer(0), ignore=False)
            for address in ("127.0.0.1", "127.0.0.1", "127.0.0.2"):
                await robots.allow(site.url("/x", address=address))
    assert [hit.address for hit in site.hits] == ["127.0.0.1", "127.0.0.2"]


async def test_where_it_cannot_be_found_out_the_answer_is_no() -> None:
    with Site({"/robots.txt": Answer(status=500)}) as site:
        async with Egress(allow_private=True, user_agent="t") as egress:
            assert not await Robots(egress, Pacer(0), ignore=False).allow_for_sure(site.url("/x"))


def test_we_are_named_before_everybody() -> None:
    rules = Rules("User-agent: sitebookify\nDisallow: /ours\n\nUser-agent: *\nDisallow: /\n")
    assert not rules.allows("http://a.test/ours")
    assert rules.allows("http://a.test/theirs")


def test_what_others_may_not_is_not_for_us() -> None:
    assert Rules("User-agent: book\nUser-agent: SiteBookifyBot\nDisallow: /\n").allows("http://a.test/")


def test_rules_for_a_group_that_names_us_among_others_are_ours() -> None:
    assert not Rules("User-agent: other\nUser-agent: Sitebookify/1.0\nDisallow: /x\n").allows("http://a.test/x")


@pytest.mark.parametrize(
    ("line", "delay"),
    [
        ("Crawl-delay: 3", 3),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 86400", LONGEST_DELAY),
        ("Crawl-delay: -1", 0),
        ("Crawl-delay: inf", 0),
        ("Crawl-delay: soon", 0),
        ("Request-rate: 1/5", 5),
        ("", 0),
    ],
)
def test_the_delay_is_bounded(line: str, delay: float) -> None:
    assert Rules(f"User-agent: *\n{line}\n").delay == delay


def test_sitemaps_are_named() -> None:
    assert Rules(RULES).sitemaps == ("https://example.org/map.xml",)


def test_agents_times_rules_is_no_bomb() -> None:
    """As 20,000 groups of 20,000 rules this would take the memory of the machine."""
    text = "\n".join([f"User-agent: bot{n}" for n in range(20_000)] + [f"Disallow: /{n}" for n in range(20_000)])
    assert Rules(text).allows("http://a.test/1")


def test_of_very_many_patterns_the_last_forbid_what_begins_like_them_and_allow_nothing() -> None:
    """Each takes its time for each URL."""
    first = [f"Disallow: /a/{number}*x" for number in range(1000)]
    rules = Rules("\n".join(["User-agent: *", *first, "Disallow: /b/*x", "Disallow: /c/", "Allow: /c/*x"]))
    assert rules.allows("http://a.test/a/7y")
    assert not rules.allows("http://a.test/b/y")
    assert not rules.allows("http://a.test/c/x")


@pytest.mark.parametrize("text", ["\x00", "<html>not robots</html>", "User-agent", ":" * 1000, "Disallow: /", "é: ü"])
def test_nonsense_allows_everything(text: str) -> None:
    assert Rules(text).allows("http://a.test/x")
