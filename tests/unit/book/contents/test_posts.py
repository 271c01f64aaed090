"""The order of blogs."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sitebookify.book.contents.forest import Forest
from sitebookify.book.contents.posts import by_day, posts_of

SITE = "https://example.org/"


def outline(forest: Forest, urls: Sequence[str]) -> list[str]:
    nodes = [node for node in forest.root.walk() if node is not forest.root]
    return [f"={node.label}" if node.page is None else urls[node.page].removeprefix(SITE) for node in nodes]


def arranged(names: str, days: dict[str, str], listed: dict[str, str]) -> list[str]:
    urls = [SITE + name for name in names.split()]
    numbers = {url.removeprefix(SITE): number for number, url in enumerate(urls)}
    posts = posts_of(
        urls,
        {numbers[name]: day for name, day in days.items()},
        {numbers[name]: day for name, day in listed.items()},
    )
    return outline(by_day(urls, posts), urls) if posts else []


def test_posts_come_oldest_first_after_the_other_pages() -> None:
    days = {"c": "2023-05-01", "a": "2022-01-01", "b": "2024-02-02"}
    assert arranged("c about a b", days, {"b": "", "c": "", "a": ""}) == ["about", "a", "c", "b"]


def test_without_days_a_list_has_the_newest_first() -> None:
    assert arranged("d c b a", {}, dict.fromkeys("dcba", "")) == [*"abcd"]


def test_a_post_without_a_day_stands_between_its_neighbours() -> None:
    listed = {"d": "2024-04-04", "c": "", "b": "2024-02-02", "a": ""}
    assert arranged("a b c d", {}, listed) == ["a", "b", "c", "d"]


def test_a_list_may_have_the_oldest_first() -> None:
    listed = {"a": "2024-01-01", "b": "", "c": "2024-03-03", "d": ""}
    assert arranged("d b c a", {}, listed) == [*"abcd"]


def test_the_days_on_the_pages_go_before_those_in_lists() -> None:
    assert arranged("a b c", {"c": "2020-01-01"}, {"a": "2022-01-01", "b": "2021-01-01", "c": "2023-01-01"}) == [*"cba"]


def test_posts_of_many_years_are_in_parts() -> None:
    days = {f"p{number}": f"20{20 + number // 6}-01-{number % 6 + 1:02}" for number in range(12)}
    found = arranged(" ".join(reversed(days)), days, dict.fromkeys(days, ""))
    assert found == ["=2020", *(f"p{n}" for n in range(6)), "=2021", *(f"p{n}" for n in range(6, 12))]


def test_a_manual_with_dates_is_no_blog() -> None:
    assert arranged("a b c d", {name: f"2024-01-0{n}" for n, name in enumerate("abcd", 1)}, {}) == []


def test_a_manual_with_some_news_is_no_blog() -> None:
    assert arranged("a b c d e f g n1 n2 n3", {}, {"n1": "2024-01-01", "n2": "", "n3": ""}) == []


def test_days_in_urls_make_a_blog_of_pages_with_dates() -> None:
    paths = "2024/03/05/c/ 2023-11-02/b/ 2019/07/a/"
    days = {"2024/03/05/c/": "2024-03-05", "2023-11-02/b/": "2023-11-02", "2019/07/a/": "2019-07-20"}
    assert arranged(paths, days, {}) == ["2019/07/a/", "2023-11-02/b/", "2024/03/05/c/"]
    assert arranged(paths, {}, dict.fromkeys(paths.split(), "")) == ["2019/07/a/", "2023-11-02/b/", "2024/03/05/c/"]


@pytest.mark.parametrize(("others", "blog"), [(3, True), (4, False)])
def test_half_of_a_blogs_pages_are_posts(others: int, *, blog: bool) -> None:
    names = " ".join(["c", "b", "a", *(f"other{n}" for n in range(others))])
    assert bool(arranged(names, {}, dict.fromkeys("cba", ""))) is blog


@pytest.mark.parametrize(("posts", "blog"), [("cba", True), ("ba", False)])
def test_a_blog_has_three_posts(posts: str, *, blog: bool) -> None:
    assert bool(arranged(" ".join(posts), {}, dict.fromkeys(posts, ""))) is blog


@pytest.mark.parametrize(("posts", "in_parts"), [(12, True), (11, False)])
def test_twelve_posts_are_parted_by_years(posts: int, *, in_parts: bool) -> None:
    days = {f"p{number:02}": f"20{20 + number % 2}-01-{number + 1:02}" for number in range(posts)}
    assert ("=2020" in arranged(" ".join(days), days, dict.fromkeys(days, ""))) is in_parts


def test_a_post_without_a_stated_day_has_that_of_its_url() -> None:
    names = "2024/05/03/c 2024/05/01/a 2024/05/02/b"
    assert arranged(names, {}, dict.fromkeys(names.split(), "")) == ["2024/05/01/a", "2024/05/02/b", "2024/05/03/c"]


def test_a_page_with_a_day_is_a_post_of_a_blog_though_no_list_names_it() -> None:
    listed = {"c": "2024-03-03", "b": "2024-02-02", "a": "2024-01-01"}
    assert arranged("c b a x", {"x": "2024-02-20"}, listed) == [*"abxc"]


def test_the_start_page_comes_before_all_other_pages() -> None:
    listed = {"p": "2024-03-03", "q": "2024-02-02", "r": "2024-01-01"}
    assert arranged("start about p q r", {}, listed) == ["start", "about", "r", "q", "p"]


def test_the_posts_of_one_year_make_no_part() -> None:
    names = [f"p{number:02}" for number in range(12)]
    days = {name: f"2024-01-{number + 1:02}" for number, name in enumerate(names)}
    assert arranged(" ".join(names), days, dict.fromkeys(names, "")) == names
