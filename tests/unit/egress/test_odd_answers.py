"""Servers whose headers are odd: an answer comes back, or an error with a reason; nothing else, and never late."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from sitebookify.book.crawl.crawl_tasks import compute_here, digest
from sitebookify.book.crawl.robots import Robots, RobotsUnreachable, Rules
from sitebookify.book.crawl.sitemaps import read_sitemaps
from sitebookify.book.html.charset import decode
from sitebookify.egress import Egress, FetchError, Response
from sitebookify.egress.polite import LONGEST_WAIT, Pacer, PoliteFetcher
from support.processes import PATIENCE
from support.still_time import StillTime

NAMES = [
    "Retry-After",
    "Refresh",
    "Link",
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Content-Disposition",
    "Content-Location",
    "Content-Range",
    "Transfer-Encoding",
    "Set-Cookie",
    "Location",
    "Date",
    "Age",
    "ETag",
    "Connection",
    "Keep-Alive",
    "Trailer",
    "Upgrade",
]
DIGITS = st.integers(1, 5000).map(lambda count: "9" * count)
ODD = st.one_of(
    st.binary(max_size=200).map(lambda data: data.replace(b"\r", b" ").replace(b"\n", b" ")),
    DIGITS.map(str.encode),
    st.sampled_from(
        [
            b"",
            b"-1",
            b"nan",
            b"1e400",
            b"\xd9\xa3",  # a digit in Arabic
            b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
            b"Fri, 31 Dec 9999 23:59:59 -2359",
            b"text/html; charset=" + b"x" * 5000,
            b"text/html; charset*=utf-8''%ff; charset=\"\\",
            b"gzip, br, zstd, deflate, " * 100,
            b"a=b; Expires=Mon, 01 Jan 99999999999999 00:00:00 GMT; Max-Age=" + b"9" * 400,
            b"a=b; Domain=.; Path=" + b"/" * 3000,
            b"\x00\x01\x7f",
            b"<" * 3000,
            b'<http://[>; rel="next' * 50,
            b"0;url=http://[",
            b"//[::1",
            b"http://\xff\xfe/",
            b"chunked, chunked",
            b"bytes 9-1/0",
        ]
    ),
)
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), ODD), max_size=6)
STATUS = st.sampled_from([200, 204, 206, 301, 302, 304, 404, 429, 503, 599])
BODY = b"<title>A page</title><p>Words of the page."
Fetch = Callable[[bytes], Awaitable[Response | FetchError]]


@contextlib.asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """A server that sends these bytes to each request and closes the connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/"


def head(status: int, headers: list[tuple[str, bytes]]) -> bytes:
    lines = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
    return b"HTTP/1.1 %d X\r\n" % status + lines + b"\r\n"


async def outcome(work: Awaitable[object]) -> object:
    try:
        return await work
    except (FetchError, RobotsUnreachable) as error:
        return error


def polite(egress: Egress, still: StillTime) -> PoliteFetcher:
    return PoliteFetcher(egress, Pacer(0, clock=still.clock, sleep=still.sleep), tries=2)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STATUS, HEADERS)
@example(503, [("Retry-After", b"9" * 400)])
@example(429, [("Retry-After", b"Mon, 01 Jan 99999999999999999999 00:00:00 GMT")])
@example(200, [("Content-Length", b"9" * 5000)])
@example(200, [("Content-Length", b"5"), ("Content-Length", b"6")])
@example(302, [("Location", b"//[::1")])
@example(200, [("Set-Cookie", b"a=b; Expires=Mon, 01 Jan 99999999999999 00:00:00 GMT; Max-Age=" + b"9" * 400)])
@example(200, [("Content-Type", b"text/html; charset=" + b"x" * 5000)])
def test_any_header_gives_an_answer_or_a_reason(status: int, headers: list[tuple[str, bytes]]) -> None:
    """Through everything that reads headers on a page's way: redirects, retries, cookies, encodings, the parser."""

    async def fetch() -> object:
        still = StillTime()
        began = still.clock()
        async with answering(head(status, headers) + BODY) as url, Egress(allow_private=True, user_agent="t") as egress:
            async with asyncio.timeout(PATIENCE):
                found = await outcome(polite(egress, still).fetch(url, max_bytes=100_000, timeout=5))
        assert still.clock() - began <= 4 * LONGEST_WAIT, "no server makes us wait longer"
        return found

    found = asyncio.run(fetch())
    assert isinstance(found, (Response, FetchError))
    if isinstance(found, Response):
        content_type = found.headers.get("Content-Type", "")
        assert decode(found.body, content_type).text is not None
        document, packed = digest(found.body or b"<p>x", content_type, "http://127.0.0.1/")
        assert document.refresh == "" or document.refresh.startswith(("http://", "https://"))
        assert packed


LINE = st.one_of(
    st.builds(
        lambda name, value: name.encode() + b": " + value,
        st.sampled_from(
            ["Crawl-delay", "Request-rate", "Visit-time", "Sitemap", "Disallow", "Allow", "User-agent", "Host"]
        ),
        ODD,
    ),
    st.builds("Request-rate: {}/{}s".format, DIGITS, DIGITS).map(str.encode),
    st.builds("Crawl-delay: {}e{}".format, DIGITS, DIGITS).map(str.encode),
    st.binary(max_size=100),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINE, max_size=6), HEADERS)
@example([b"Request-rate: 1/" + b"9" * 400 + b"s"], [])
@example([b"Crawl-delay: " + b"9" * 5000], [])
@example([b"Sitemap: http://["], [("Content-Encoding", b"gzip")])
def test_any_robots_txt_says_yes_or_no(lines: list[bytes], headers: list[tuple[str, bytes]]) -> None:
    async def rules() -> object:
        still = StillTime()
        body = b"\n".join([b"User-agent: *", *lines])
        async with answering(head(200, headers) + body) as url, Egress(allow_private=True, user_agent="t") as egress:
            pacer = Pacer(0, clock=still.clock, sleep=still.sleep)
            robots = Robots(PoliteFetcher(egress, pacer, tries=2), pacer, ignore=False)
            return await outcome(robots.allow(url + "page"))

    assert isinstance(asyncio.run(rules()), (bool, RobotsUnreachable))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([b"<urlset><url><loc>%s</loc></url></urlset>", b"<rss><item><link>%s</link></item></rss>", b"%s"]),
    ODD,
    HEADERS,
)
@example(b"%s", b"\x1f\x8b\x08\x00\xff\xff", [])
@example(b"<urlset><http:><url><loc>%s</loc></url></http:></urlset>", b"http://e.org/", [])
@example(b'<?xml version="1.0" encoding="%s"?><urlset/>', b"x" * 4000, [])
@example(b'<feed><entry><link rel="alternate" href="%s"/></entry></feed>', b"http://[", [])
def test_any_sitemap_or_feed_names_urls_or_nothing(file: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
    async def named() -> tuple[str, ...]:
        still = StillTime()

        async def allow(_: str) -> bool:
            return True

        async with (
            answering(head(200, headers) + file.replace(b"%s", value)) as url,
            Egress(allow_private=True, user_agent="t") as egress,
        ):
            named = await read_sitemaps(polite(egress, still), [url], allow=allow, compute=compute_here, most_files=2)
            return named.pages

    assert all(page.startswith(("http://", "https://")) for page in asyncio.run(named()))


@pytest.mark.parametrize("count", [1, 50, 300])
async def test_many_cookies_and_links_are_an_answer(count: int) -> None:
    headers = [("Set-Cookie", b"c%d=%d" % (n, n)) for n in range(count)]
    async with answering(head(200, headers) + BODY) as url, Egress(allow_private=True, user_agent="t") as egress:
        assert isinstance(await outcome(egress.fetch(url)), Response)


async def test_what_is_ignored_is_noted() -> None:
    still = StillTime()
    odd = head(503, [("Retry-After", b"soon " * 100)])
    async with Egress(allow_private=True, user_agent="t") as egress:
        with capture_logs() as logs:
            async with answering(odd) as url:
                await polite(egress, still).fetch(url)
        assert [(log["event"], len(log["value"])) for log in logs] == [("header.ignored", 80)] * 2
        with capture_logs() as logs:
            async with answering(head(200, []) + b"User-agent: *\nCrawl-delay: " + b"9" * 500) as url:
                pacer = Pacer(0, clock=still.clock, sleep=still.sleep)
                assert await Robots(polite(egress, still), pacer, ignore=False).allow(url)
    (log,) = logs
    assert (log["event"], log["count"], log["first"][:15]) == ("robots.ignored", 1, "Crawl-delay: 99")


def test_usual_lines_about_our_pace_are_not_odd() -> None:
    lines = ["Crawl-delay: 1", "crawl-delay:0.5 # slowly", "Request-rate: 1/5", "Request-rate: 1/10m 1200-1300"]
    assert Rules("\n".join(["User-agent: *", *lines])).odd == ()
