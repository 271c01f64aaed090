"""What a site invents is known by what it shows, long before it has shown hundreds of pages of it."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from itertools import combinations
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sitebookify.book.crawl.traps import TrapWatch, said_by
from sitebookify.egress import Egress
from sitebookify.spec import JobSpec
from support.bench import FakeBench, run_stage
from support.crawling import quickly
from support.site import Answer, Hit, Page, Site

EVENTS = {(2024, 2): "A concert of the brass band takes place in the old harbour hall at eight in the evening."}
GOODS = [f"{colour} {thing}" for colour in ("red", "blue", "green") for thing in ("kettle", "lamp", "chair", "rug")]


def html(title: str, body: str, *links: str) -> str:
    anchors = "".join(f'<a href="{link}">{link.rpartition("/")[2]}</a> ' for link in links)
    return f"<title>{title}</title><h1>{title}</h1>{body}{anchors}"


def months(hit: Hit) -> Page:
    """A calendar without end, each month a page with a cell for each day."""
    year, month = (int(part) for part in urlsplit(hit.path).path.strip("/").split("/")[1:3])
    days = "".join(f"<td>{day}</td>" for day in range(1, calendar.monthrange(year, month)[1] + 1))
    name = f"{calendar.month_name[month]} {year}"
    later, earlier = (year + month // 12, month % 12 + 1), (year - (month == 1), (month - 2) % 12 + 1)
    says = EVENTS.get((year, month), f"There are no events in {name}.")
    return html(name, f"<table>{days}</table><p>{says}</p>", *(f"/agenda/{y}/{m}/" for y, m in (later, earlier)))


def shop(hit: Hit) -> Page:
    """A list of goods that filters and orders can be combined for."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(hit.path).query).items()}
    shown = [each for each in GOODS if all(value in each for name, value in asked.items() if name != "sort")]
    options = [
        ("c", "red"),
        ("c", "blue"),
        ("c", "green"),
        ("t", "kettle"),
        ("t", "lamp"),
        ("sort", "up"),
        ("sort", "down"),
    ]
    links = ["/shop?" + "&".join(f"{name}={value}" for name, value in pairs) for pairs in combinations(options, 3)]
    goods = "".join(f"<p>The {each} is made by hand and lasts longer than you do.</p>" for each in shown)
    return html("Shop", f"{goods}<p>{len(shown)} of {len(GOODS)} goods</p>", *links)


def lessons(hit: Hit) -> Page:
    """Real pages with a small vocabulary, told apart by a number."""
    number = int(hit.path.partition("=")[2])
    words = "rope knot sail mast wind tide deck hull".split()
    text = " ".join(words[(number * step) % 8] for step in range(1, 25))
    return html(f"Lesson {number}", f"<p>{text}.</p>", *(f"/course?id={n}" for n in range(1, 31)))


async def crawled(
    serve: Callable[[Hit], Page], egress: Egress, link: str, **options: Any
) -> tuple[list[str], dict[str, str]]:
    """The paths of the book's pages, and the reasons for which others are none."""
    home = html("Home", "<p>All about the town and its people.</p>", link)
    with Site({"/": home, "/robots.txt": Answer(status=404), "/sitemap.xml": Answer(status=404), "*": serve}) as site:
        bench = FakeBench(spec=JobSpec(source_url=site.url("/"), request_delay=0, max_depth=100), **options)
        bench.egress = egress
        output = (await run_stage(quickly, bench)).output
        origin = site.url("")
    return [page["url"].removeprefix(origin) for page in output["pages"]], {}


def served(answer: Callable[[Hit], Page], prefix: str) -> Callable[[Hit], Page]:
    return lambda hit: answer(hit) if hit.path.startswith(prefix) else Answer(status=404)


async def test_a_calendar_is_left_when_its_months_say_nothing_new(egress: Egress) -> None:
    pages, _ = await crawled(served(months, "/agenda/"), egress, "/agenda/2024/1/")
    assert "/agenda/2024/2/" in pages
    assert len(pages) <= 20


async def test_combined_filters_are_left_when_they_show_nothing_new(egress: Egress) -> None:
    pages, _ = await crawled(served(shop, "/shop"), egress, "/shop?sort=up")
    assert len(pages) <= 8


@pytest.mark.parametrize("stop_after", [None, 3])
async def test_pages_of_few_words_are_pages(egress: Egress, stop_after: int | None) -> None:
    pages, _ = await crawled(served(lessons, "/course"), egress, "/course?id=1", stop_after=stop_after)
    assert len(pages) > 8


def test_what_a_family_said_is_part_of_the_state() -> None:
    watch = TrapWatch()
    url = "https://a.example/cal?day={}"
    for day in range(15):
        assert watch.check(url.format(day)) is None
        found = watch.read(url.format(day), said_by([f"Day {day}", "Nothing to see"]))
        restored = TrapWatch()
        restored.restore(watch.to_json())
        watch = restored
    assert len(found) == 14
    assert watch.check(url.format(99)) == "TRAP_CALENDAR"
    assert watch.check("https://a.example/cal?page=1") is None


def test_figures_are_words_and_days_and_years_are_none() -> None:
    assert said_by(["12 May 2024"]) == said_by(["May"])
    assert said_by(["May 1200"]) != said_by(["May"])
    assert said_by(["a b c d e f g h i"]) != said_by(["i h g f e d c b a"])
