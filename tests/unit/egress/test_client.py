"""The egress against a real server on loopback addresses, some of which stand for the internet."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import socket
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence

import brotli  # type: ignore[import-untyped]  # it ships no types
import pytest
from backports import zstd
from yarl import URL

from sitebookify.egress import AddressPolicy, Egress, FetchError, Reason, Response, user_agent
from sitebookify.egress.cookies import Cookies
from support.processes import PATIENCE
from support.site import Answer, Hit, Pages, Site, redirect
from support.virtual_time import VIRTUAL_TIME

PUBLIC, PRIVATE = "127.0.0.2", "127.0.0.1"
"""The first address passes for public in these tests, the second does not."""

NAMES = {
    "public.test": [PUBLIC],
    "private.test": [PRIVATE],
    "mixed.test": [PUBLIC, PRIVATE],
    "metadata.test": ["169.254.169.254"],
    "nat64.test": ["64:ff9b::7f00:1"],
    "empty.test": [],
    "nonsense.test": ["not an address"],
}
PAYLOAD = b"<p>" + b"hello " * 1000
BOMB = b"\0" * 50_000_000


async def resolve(host: str) -> Sequence[str]:
    if host not in NAMES:
        raise OSError("no such host")
    return NAMES[host]


def echo(hit: Hit) -> str:
    return "\n".join(f"{key}: {value}" for key, value in hit.headers.items())


def encoded(coding: str, body: bytes) -> Answer:
    return Answer(body=body, headers={"Content-Encoding": coding})


PAGES: Pages = {
    "/": "hello",
    "/echo": echo,
    "/missing": Answer(status=404, body="no"),
    "/here": redirect("/echo"),
    "/loop": redirect("/loop"),
    "/to-script": redirect("javascript:alert(1)"),
    "/to-file": redirect("file:///etc/passwd"),
    "/to-user": redirect("http://user:pass@public.test/"),
    "/no-location": Answer(status=302),
    "/endless": Answer(stream=lambda: itertools.repeat(b"x" * 10_000)),
    "/slow": Answer(stream=lambda: itertools.repeat(b"x"), pause=0.05),
    "/gzip": encoded("gzip", gzip.compress(PAYLOAD)),
    "/deflate": encoded("deflate", zlib.compress(PAYLOAD)),
    "/br": encoded("br", brotli.compress(PAYLOAD)),
    "/zstd": encoded("zstd", zstd.compress(PAYLOAD)),
    "/gzip-bomb": encoded("gzip", gzip.compress(BOMB, 1)),
    "/br-bomb": encoded("br", brotli.compress(BOMB, quality=1)),
    "/zstd-bomb": encoded("zstd", zstd.compress(BOMB)),
    "/gzip-twice": encoded("gzip, gzip", gzip.compress(gzip.compress(PAYLOAD))),
    "/gzip-lie": encoded("gzip", b"this is not gzip"),
    "/whole": Answer(headers={"Content-Length": "100000"}, stream=lambda: iter([b"<p>whole</HTML >\n"]), torn=True),
    "/lie": Answer(headers={"Content-Length": "100000"}, stream=lambda: iter([b"short"]), torn=True),
    "/pdf": Answer(content_type="application/pdf", stream=lambda: itertools.repeat(b"x" * 10_000)),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(PAGES, addresses=(PUBLIC, PRIVATE)) as site:
        yield site


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    policy = AddressPolicy(exempt=frozenset({PUBLIC}))
    async with Egress(allow_private=False, user_agent="tests", resolver=resolve, policy=policy) as egress:
        yield egress


@pytest.fixture
async def strict() -> AsyncIterator[Egress]:
    """As it is in production, with the system's resolver."""
    async with Egress(allow_private=False, user_agent="tests") as egress:
        yield egress


async def failure(egress: Egress, url: str, **options: float) -> Reason:
    with pytest.raises(FetchError) as caught:
        await egress.fetch(url, **options)  # type: ignore[arg-type]  # max_bytes and timeout
    return caught.value.reason


async def test_a_page_comes_with_its_status_headers_and_body(egress: Egress, site: Site) -> None:
    answer = await egress.fetch(site.url("/"))
    assert (answer.status, answer.body, answer.content_type) == (200, b"hello", "text/html")
    assert answer.headers["content-TYPE"] == "text/html; charset=utf-8"


async def test_an_error_status_is_an_answer(egress: Egress, site: Site) -> None:
    assert (await egress.fetch(site.url("/missing"))).status == 404


async def test_a_name_is_reached_at_the_address_that_was_checked(egress: Egress, site: Site) -> None:
    answer = await egress.fetch(f"http://public.test:{site.port}/echo")
    assert f"Host: public.test:{site.port}" in answer.body.decode()
    assert site.hits[-1].address == PUBLIC


async def test_a_redirect_is_followed_and_told(egress: Egress, site: Site) -> None:
    answer = await egress.fetch(site.url("/here"))
    assert (answer.url, answer.redirects) == (site.url("/echo"), (site.url("/here"),))


async def test_a_redirect_that_is_not_wanted_is_the_answer(egress: Egress, site: Site) -> None:
    asked: list[str] = []

    async def never(target: str) -> bool:
        asked.append(target)
        return False

    answer = await egress.fetch(site.url("/here"), follow=never)
    assert (answer.status, answer.url, asked) == (302, site.url("/here"), [site.url("/echo")])


async def test_a_redirect_to_nowhere_is_an_answer(egress: Egress, site: Site) -> None:
    assert (await egress.fetch(site.url("/no-location"))).status == 302


async def test_a_body_that_is_not_wanted_is_not_read(egress: Egress, site: Site) -> None:
    def is_html(answer: Response) -> bool:
        return answer.content_type == "text/html"

    answer = await egress.fetch(site.url("/pdf"), body_if=is_html)
    assert (answer.status, answer.body) == (200, b"")


async def test_a_body_can_be_cut(egress: Egress, site: Site) -> None:
    answer = await egress.fetch(site.url("/endless"), max_bytes=1000, truncate=True)
    assert answer.body == b"x" * 1000


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip-twice"])
async def test_compressed_bodies_are_decompressed(egress: Egress, site: Site, coding: str) -> None:
    assert (await egress.fetch(site.url(f"/{coding}"))).body == PAYLOAD


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/endless", Reason.TOO_LARGE),
        ("/gzip-bomb", Reason.TOO_LARGE),
        ("/br-bomb", Reason.TOO_LARGE),
        ("/zstd-bomb", Reason.TOO_LARGE),
        ("/gzip-lie", Reason.BAD_RESPONSE),
        ("/lie", Reason.CONNECTION_FAILED),
        ("/slow", Reason.TIMEOUT),
        ("/loop", Reason.TOO_MANY_REDIRECTS),
        ("/to-script", Reason.BAD_URL),
        ("/to-file", Reason.BAD_URL),
        ("/to-user", Reason.BAD_URL),
    ],
)
async def test_hostile_answers_are_bounded(egress: Egress, site: Site, path: str, reason: Reason) -> None:
    timeout = 0.5 if reason is Reason.TIMEOUT else PATIENCE
    assert await failure(egress, site.url(path), max_bytes=1_000_000, timeout=timeout) is reason


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("private.test", Reason.ADDRESS_REFUSED),
        ("mixed.test", Reason.ADDRESS_REFUSED),
        ("metadata.test", Reason.ADDRESS_REFUSED),
        ("nat64.test", Reason.ADDRESS_REFUSED),
        ("nonsense.test", Reason.ADDRESS_REFUSED),
        ("empty.test", Reason.HOST_NOT_FOUND),
        ("unknown.test", Reason.HOST_NOT_FOUND),
        (PRIVATE, Reason.ADDRESS_REFUSED),
    ],
)
async def test_hosts_are_judged_by_all_their_addresses(egress: Egress, site: Site, host: str, reason: Reason) -> None:
    asked = len(site.hits)
    assert await failure(egress, f"http://{host}:{site.port}/") is reason
    assert len(site.hits) == asked


@pytest.mark.parametrize("hops", [1, 2, 3])
async def test_a_redirect_to_a_private_address_is_refused_at_every_hop(site: Site, hops: int) -> None:
    """The server sends the client on so many times, at last to its private address."""
    chain = {f"/{n}": redirect(f"/{n - 1}") for n in range(1, hops)}
    chain["/0"] = redirect(f"http://private.test:{site.port}/")
    policy = AddressPolicy(exempt=frozenset({PUBLIC}))
    asked = len(site.hits)
    with Site(chain, addresses=(PUBLIC,)) as door:
        async with Egress(allow_private=False, user_agent="t", resolver=resolve, policy=policy) as egress:
            assert await failure(egress, f"http://public.test:{door.port}/{hops - 1}") is Reason.ADDRESS_REFUSED
    assert len(site.hits) == asked


async def test_a_name_that_changes_its_address_after_the_check_gains_nothing(site: Site) -> None:
    """DNS rebinding: only what was checked is connected to; a second lookup is another check."""
    answers = iter([[PUBLIC], [PRIVATE], [PRIVATE]])

    async def rebinding(_: str) -> Sequence[str]:
        return next(answers)

    policy = AddressPolicy(exempt=frozenset({PUBLIC}))
    url = f"http://rebinding.test:{site.port}/"
    async with Egress(allow_private=False, user_agent="t", resolver=rebinding, policy=policy) as egress:
        assert (await egress.fetch(url)).status == 200
        assert site.hits[-1].address == PUBLIC
        await egress.close()
        assert await failure(egress, url) is Reason.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "url",
    [
        "http://2130706433/",
        "http://017700000001/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://0x7f.0.0.1/",
        "http://0x7f.1/",
        "http://127.1/",
        "http://127.000.000.001/",
        "http://0/",
        "http://①②⑦.0.0.1/",
        "http://127。0。0。1/",
        "http://localhost/",
        "http://localhost./",
        "http://LOCALHOST/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1%25lo]/",
        "http://[fec0::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://1.1.1.1:22/",
        "http://1.1.1.1:8080/",
        "https://1.1.1.1:80000/",
        "http://user@1.1.1.1/",
        "http://user:password@1.1.1.1/",
        "http://127.0.0.1:6666\\@1.1.1.1/",
        "http://1.1.1.1\\@127.0.0.1/",
        "http://127.0.0.1#@1.1.1.1/",
        "http://exa mple.org/",
        "http://exam\tple.org/",
        "http://1.1.1.1/\r\nHost: evil",
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "gopher://1.1.1.1/",
        "data:text/html,hello",
        "javascript:alert(1)",
        "//1.1.1.1/",
        "http:///path",
        "http://",
        "",
        "http://" + "a" * 5000,
        "http://" + "a" * 300 + "/",
        "http://%31%32%37.0.0.1/",
    ],
)
async def test_no_form_of_url_leads_inside(strict: Egress, url: str) -> None:
    reasons = {Reason.BAD_URL, Reason.ADDRESS_REFUSED, Reason.HOST_NOT_FOUND}
    assert await failure(strict, url, timeout=5) in reasons


async def test_the_error_reveals_no_address(egress: Egress, site: Site) -> None:
    with pytest.raises(FetchError) as caught:
        await egress.fetch(f"http://private.test:{site.port}/")
    assert PRIVATE not in str(caught.value)
    assert str(site.port) not in str(caught.value)


async def test_no_credentials_travel_to_another_origin(egress: Egress, site: Site) -> None:
    with Site({"/": redirect(f"http://public.test:{site.port}/echo")}, addresses=(PUBLIC,)) as door:
        answer = await egress.fetch(door.url("/"), headers={"Referer": "http://secret.test/", "X-Key": "secret"})
    assert "secret" not in answer.body.decode()


async def test_headers_stay_on_a_redirect_within_the_origin(egress: Egress, site: Site) -> None:
    answer = await egress.fetch(site.url("/here"), headers={"Referer": "http://from.test/"})
    assert "Referer: http://from.test/" in answer.body.decode()


async def test_a_page_is_whole_where_its_end_came_though_its_length_says_otherwise(egress: Egress, site: Site) -> None:
    assert (await egress.fetch(site.url("/whole"))).body == b"<p>whole</HTML >\n"


def gate(hit: Hit) -> Answer:
    """Shows its page only to those who bring the cookie back."""
    if "seen=1" in hit.headers.get("Cookie", ""):
        return Answer(body="inside")
    return Answer(status=302, headers={"Location": hit.path, "Set-Cookie": "seen=1; Path=/; HttpOnly"})


async def test_a_cookie_that_a_redirect_sets_is_brought_back(egress: Egress) -> None:
    with Site({"/": gate}, addresses=(PUBLIC,)) as site:
        assert (await egress.fetch(site.url("/"))).body == b"inside"


async def test_cookies_of_a_job_stay_in_it_and_with_their_origin(egress: Egress) -> None:
    cookies = Cookies()
    with Site({"/": gate, "/echo": echo}, addresses=(PUBLIC,)) as site:
        await egress.fetch(site.url("/"), cookies=cookies)
        assert "Cookie: seen=1" in (await egress.fetch(site.url("/echo"), cookies=cookies)).body.decode()
        other = await egress.fetch(f"http://public.test:{site.port}/echo", cookies=cookies)
        assert "Cookie" not in other.body.decode()
        assert "Cookie" not in (await egress.fetch(site.url("/echo"), cookies=Cookies())).body.decode()


@pytest.mark.parametrize(
    "header", ["a b=c; \xe9; expires=Thu, 99-Foo-2020; domain=..", "=", "a=" + "b" * 5000, "a=b; max-age=" + "9" * 400]
)
async def test_odd_cookies_do_no_harm(header: str) -> None:
    cookies = Cookies()
    cookies.keep(URL("http://e.org/"), ["ok=1", header])
    assert "ok=1" in cookies.header(URL("http://e.org/"))["Cookie"]


async def test_cookies_are_bounded() -> None:
    cookies = Cookies()
    cookies.keep(URL("http://e.org/"), [f"a{number}=b" for number in range(1000)])
    assert len(cookies.header(URL("http://e.org/"))["Cookie"]) < 2000


async def test_cookies_are_not_kept(egress: Egress) -> None:
    with Site({"/": Answer(headers={"Set-Cookie": "a=b"}), "/echo": echo}, addresses=(PUBLIC,)) as site:
        await egress.fetch(site.url("/"))
        assert "Cookie" not in (await egress.fetch(site.url("/echo"))).body.decode()


async def test_proxies_of_the_environment_are_not_used(
    egress: Egress, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would resolve names itself, unchecked."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert (await egress.fetch(site.url("/"))).status == 200


async def test_a_post_arrives_with_its_headers_and_its_answer_is_not_read(egress: Egress, site: Site) -> None:
    sent = {"Content-Type": "text/plain", "X-Own": "yes"}
    url = site.url("/pdf", address="public.test")
    assert await egress.post(url, b"\0 news", headers=sent, timeout=5) == 200
    assert {**sent, "Content-Length": "6", "User-Agent": "tests"}.items() <= site.hits[-1].headers.items()


async def test_a_post_follows_no_redirect(egress: Egress, site: Site) -> None:
    assert await egress.post(site.url("/here", address="public.test"), b"", headers={}, timeout=5) == 302
    assert site.hits[-1].path == "/here"


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("private.test", Reason.ADDRESS_REFUSED),
        ("mixed.test", Reason.ADDRESS_REFUSED),
        ("metadata.test", Reason.ADDRESS_REFUSED),
        ("unknown.test", Reason.HOST_NOT_FOUND),
        ("me:pw@public.test", Reason.BAD_URL),
    ],
)
async def test_a_post_is_held_to_the_same_rules(egress: Egress, site: Site, host: str, reason: Reason) -> None:
    with pytest.raises(FetchError) as caught:
        await egress.post(site.url(address=host), b"", headers={}, timeout=5)
    assert caught.value.reason is reason


async def test_a_closed_port_is_a_failed_connection() -> None:
    with Site({}) as site:
        url = site.url("/")
    async with Egress(allow_private=True, user_agent="t") as egress:
        assert await failure(egress, url) is Reason.CONNECTION_FAILED


def test_the_user_agent_names_the_contact() -> None:
    assert user_agent("https://example.org/bot").endswith(" (+https://example.org/bot)")
    assert "(" not in user_agent("")
    assert user_agent("mailto:me@example.org", "Another/1.0") == "Another/1.0"


@pytest.mark.parametrize("anyio_backend", [VIRTUAL_TIME], ids=["virtual time"])
async def test_names_of_the_inner_network_are_told_apart_by_nothing() -> None:
    """Neither by what an error says to strangers nor by the time it takes."""
    clock = asyncio.get_running_loop().time

    async def resolver(host: str) -> Sequence[str]:
        if host == "db.inside.test":
            return [PRIVATE]
        await asyncio.sleep(0.1)
        raise socket.gaierror(socket.EAI_NONAME, "no such host")

    seconds: list[float] = []
    async with Egress(allow_private=False, user_agent="t", resolver=resolver) as egress:
        for host in ("db.inside.test", "nothing.inside.test"):
            began = clock()
            with pytest.raises(FetchError) as caught:
                await egress.fetch(f"http://{host}/")
            seconds.append(clock() - began)
            assert caught.value.unresolved
        with pytest.raises(FetchError) as other:
            await egress.fetch(f"http://{PRIVATE}/")
    assert not other.value.unresolved, "an address says nothing of names"
    assert seconds == [pytest.approx(0.5)] * 2
