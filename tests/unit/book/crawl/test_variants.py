"""One language and one version of a site: which URLs are told to be others, and which are left alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Mapping

import pytest

from sitebookify.book.crawl import url_markers
from sitebookify.book.crawl import variants as variants_module
from sitebookify.book.crawl.crawled_page import Document
from sitebookify.book.crawl.lost import Lost
from sitebookify.book.crawl.reading import read_document
from sitebookify.book.crawl.sister_pages import sisters_of, translation_of
from sitebookify.book.crawl.url_markers import Axis, markers_of
from sitebookify.book.crawl.variants import Variants, alike
from support.growth import assert_proportional

SITE = "https://example.org"
LANGUAGES = ("de", "fr", "ja", "pt-br", "zh-hans", "ru", "ko", "it", "es", "nl")


def document(path: str, *, lang: str = "", head: str = "", body: str = "") -> Document:
    return read_document(f'<html lang="{lang}"><head>{head}</head><body><h1>T</h1>{body}</body></html>', SITE + path)


def alternates(**targets: str) -> str:
    return "".join(f'<link rel="alternate" hreflang="{tag}" href="{path}">' for tag, path in targets.items())


def variants(start: str, lang: str = "en", head: str = "") -> Variants:
    made = Variants(starts=(SITE + start,))
    first = document(start, lang=lang, head=head)
    made.begin(SITE + start, first)
    made.read(SITE + start, first)
    return made


def learned(made: Variants, folders: Iterable[str], names: str) -> Variants:
    for folder in folders:
        for name in names.split():
            made.learn(f"{SITE}{folder}{name}")
    return made


def why(made: Variants, *paths: str) -> list[Lost | None]:
    return [made.why(SITE + path) for path in paths]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ja/a", [(Axis.LANGUAGE, "ja", "a", "/a")]),
        ("/docs/pt-BR/", [(Axis.LANGUAGE, "pt-br", "", "/docs/")]),
        ("/zh_Hans_CN/a", [(Axis.LANGUAGE, "zh_hans_cn", "a", "/a")]),
        ("/docs/v2/a", [(Axis.VERSION, "v2", "a", "/docs/a")]),
        ("/docs/1.4.x/a", [(Axis.VERSION, "1.4.x", "a", "/docs/a")]),
        ("/docs/version-2.0/a", [(Axis.VERSION, "version-2.0", "a", "/docs/a")]),
        ("/Latest/a", [(Axis.VERSION, "latest", "a", "/a")]),
        ("/a.fr.html", [(Axis.LANGUAGE, "fr", "/a.html", "/a.html")]),
        ("/a?lang=de", [(Axis.LANGUAGE, "de", "/a?", "/a")]),
        ("/2024/05/17/a", []),
        ("/docs/12/a", []),
        ("/go/a", []),
        ("/a.js.html", []),
        ("/a?lang=python", []),
    ],
)
def test_a_url_names_languages_and_versions(path: str, expected: list[tuple[Axis, str, str, str]]) -> None:
    found = [(one.axis, one.value, one.rest, one.without.removeprefix(SITE)) for one in markers_of(SITE + path)]
    assert found == expected


@pytest.mark.parametrize(
    ("path", "links", "expected"),
    [
        (
            "/docs/2.0/tour",
            "/docs/2.0/other /docs/1.0/ /docs/1.0/tour /docs/3.x/",
            {"1.0": "/docs/1.0/tour", "3.x": "/docs/3.x/"},
        ),
        ("/docs/", "/docs/1.9/ /docs/1.9/a /docs/2024/", {"1.9": "/docs/1.9/"}),
        ("/en/docs/", "/fr/docs/ /fr/ /en/docs/b /it/docs/", {"fr": "/fr/docs/"}),
        ("/a?lang=en", "/a?lang=de /b?lang=fr", {"de": "/a?lang=de", "fr": "/b?lang=fr"}),
        ("/guide/", "/go/ /v2/guide/ /about", {"v2": "/v2/guide/"}),
    ],
)
def test_the_start_page_in_other_languages_and_versions_is_among_its_links(
    path: str, links: str, expected: dict[str, str]
) -> None:
    body = "".join(f"<a href='{link}'>x</a>" for link in links.split())
    found = sisters_of(SITE + path, document(path, lang="en", body=body), ())
    assert {sister.name: sister.url.removeprefix(SITE) for sister in found} == expected


def test_a_page_names_itself_in_other_languages() -> None:
    head = alternates(en="/docs/", de="https://de.example/", **{"x-default": "/", "en-gb": "/gb"})
    found = sisters_of(SITE + "/docs/", document("/docs/", lang="en", head=head), [SITE + "/docs/1.0/"])
    assert {(each.axis, each.name, each.url) for each in found} == {
        (Axis.VERSION, "1.0", SITE + "/docs/1.0/"),
        (Axis.LANGUAGE, "de", "https://de.example/"),
    }


def test_translations_that_a_page_names_are_others_and_its_own_url_is_not() -> None:
    made = variants("/", head=alternates(en="/", de="/hallo", ja="/konnichiwa") + alternates(**{"x-default": "/"}))
    assert why(made, "/hallo", "/konnichiwa", "/other", "/") == [Lost.OTHER_LANGUAGE, Lost.OTHER_LANGUAGE, None, None]


def test_no_page_makes_a_translation_of_the_start_page() -> None:
    made = variants("/")
    made.read(f"{SITE}/b", document("/b", lang="en", head=alternates(de="/")))
    assert why(made, "/index.html") == [None]


def test_only_what_was_kept_is_looked_at_again() -> None:
    """Each page of a site in many languages names its own translations: pages kept before need no second look."""
    made = variants("/a")
    named = document("/b", lang="en", head=alternates(ja="/ja/b"))
    made.read(f"{SITE}/b", named)
    assert made.take_doubtful() == []
    made.keep(f"{SITE}/ja/c")
    named = document("/c", lang="en", head=alternates(ja="/ja/c"))
    made.read(f"{SITE}/c", named)
    made.read(f"{SITE}/c", named)
    assert made.take_doubtful() == [f"{SITE}/ja/c"]
    assert made.take_doubtful() == []


def test_pages_of_a_variant_that_is_told_apart_later_are_doubtful() -> None:
    made = variants("/docs/v1/a")
    for name in "abc":
        made.keep(f"{SITE}/docs/v2/{name}")
        made.keep(f"{SITE}/docs/v1/{name}")
    learned(made, ["/docs/v1/", "/docs/v2/"], "a b c")
    assert made.take_doubtful() == [f"{SITE}/docs/v2/{name}" for name in "abc"]


def _learn(made: Variants, path: str) -> None:
    made.learn(SITE + path)
    made.keep(SITE + path)
    made.take_doubtful()


def _name_translation(made: Variants, number: int) -> None:
    made.keep(f"{SITE}/{number}/seite")
    made.read(f"{SITE}/{number}/page", document(f"/{number}/page", lang="en", head=alternates(de=f"/{number}/seite")))
    assert made.take_doubtful() == [f"{SITE}/{number}/seite"]


KINDS: Mapping[str, Callable[[Variants, int], None]] = {
    "languages at one place": lambda made, n: _learn(made, f"/{n % 3}/{LANGUAGES[n % len(LANGUAGES)]}/{n}"),
    "places of their own": lambda made, n: _learn(made, f"/{n}/de/a"),
    "versions": lambda made, n: _learn(made, f"/v{n % 9000}/page{n}"),
    "many markers": lambda made, n: _learn(made, f"/de/v1/fr/v2/ja/v3/en/v4/{n}"),
    "parameters": lambda made, n: _learn(made, f"/a{n}?lang=de&" + "&".join(f"p{k}=1" for k in range(20))),
    "translations of pages kept": _name_translation,
}


@pytest.mark.parametrize("name", KINDS)
def test_variants_of_many_pages_take_time_in_proportion(name: str) -> None:
    runs = itertools.count()

    def work(size: int) -> None:
        made = variants("/en/start")
        first = next(runs) * 3_000_000  # URLs of an earlier run would be in the caches
        for number in range(first, first + size):
            KINDS[name](made, number)

    assert_proportional(work, 250)


def test_variants_are_bounded_at_all_places_together() -> None:
    made = learned(variants("/en/a"), [f"/{place}/{tag}/" for place in range(1500) for tag in ("de", "fr")], "a b c")
    assert sum(map(len, made.out.values())) <= 2000
    assert why(made, "/0/de/a") == [Lost.OTHER_LANGUAGE]


def test_what_is_remembered_of_urls_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of 50,000 URLs could name a dozen versions, and each of them repeats the URL."""
    deep = "/".join(f"v{number}" for number in range(12))
    assert len(markers_of(f"{SITE}/{deep}/a")) == 4
    monkeypatch.setattr(url_markers, "_MOST_LEARNED", 50)  # 50,000 URLs would take seconds
    made = variants("/en/a")
    for number in range(100):
        made.learn(f"{SITE}/{deep}/page{number}")
    assert sum(map(len, made._urls._by_bare.values())) <= 50
    monkeypatch.setattr(variants_module, "_MOST_CHARACTERS", 1000)
    named = alternates(**{f"de_x{number}": f"/{'long' * 25}/{number}" for number in range(50)})
    made.read(f"{SITE}/en/b", document("/en/b", lang="en", head=named))
    assert 0 < len(made.translations) <= 10


def test_links_of_the_same_language_in_another_region_are_no_translations_of_a_plain_one() -> None:
    assert why(variants("/", head=alternates(en_GB="/uk/")), "/uk/") == [None]
    assert why(variants("/", lang="pt-BR", head=alternates(pt_PT="/pt/")), "/pt/") == [Lost.OTHER_LANGUAGE]


def test_translations_that_all_lead_to_one_page_are_not_believed() -> None:
    assert why(variants("/", head=alternates(de="/home", ja="/home")), "/home") == [None]


def test_a_language_that_page_and_url_name_is_another() -> None:
    made = variants("/docs/")
    made.read(f"{SITE}/docs/fr/guide", document("/docs/fr/guide", lang="fr-CA"))
    assert why(made, "/docs/fr/usage", "/docs/guide", "/fr/usage") == [Lost.OTHER_LANGUAGE, None, None]


@pytest.mark.parametrize("path", ["/docs/guide", "/docs/de/guide"])
def test_a_language_that_only_the_page_names_is_its_own_affair(path: str) -> None:
    """A blog in two languages is one blog."""
    made = variants("/docs/")
    made.read(SITE + path, document(path, lang="sv"))
    assert why(made, path) == [None]


def test_urls_that_differ_in_a_language_alone_are_translations() -> None:
    assert why(learned(variants("/"), ("/", "/ja/", "/fr/"), "a b c"), "/ja/d", "/fr/a", "/a") == [
        Lost.OTHER_LANGUAGE,
        Lost.OTHER_LANGUAGE,
        None,
    ]


def test_two_pairs_are_not_enough() -> None:
    assert why(learned(variants("/"), ("/", "/ja/"), "a b"), "/ja/a") == [None]


@pytest.mark.parametrize(("folders", "lang"), [(("/it/", "/hr/", "/cs/"), ""), (("/de/", "/fr/"), "en")])
def test_departments_are_no_languages(folders: tuple[str, ...], lang: str) -> None:
    """Their names are codes of languages, but either they mean more often something else, or their pages say so."""
    made = variants("/")
    for folder in folders:
        made.read(f"{SITE}{folder}", document(folder, lang=lang))
    assert why(learned(made, folders, "about staff news contact"), *folders) == [None] * len(folders)


def test_the_start_pages_own_variant_stays() -> None:
    made = variants("/docs?lang=ja", lang="ja", head=alternates(en="/docs?lang=en", ja="/docs?lang=ja"))
    made.read(f"{SITE}/docs/a?lang=en", document("/docs/a?lang=en", lang="en"))
    assert why(made, "/docs/b?lang=en", "/docs/b?lang=ja") == [Lost.OTHER_LANGUAGE, None]


@pytest.mark.parametrize(
    ("folders", "best"),
    [
        (("/v1/", "/v2/", "/latest/", "/v3/"), "/latest/"),
        (("/1.9/", "/1.10/", "/1.2/"), "/1.10/"),
        (("/main/", "/2.0/"), "/2.0/"),
        (("/dev/", "/stable/", "/3.1/"), "/stable/"),
    ],
)
def test_of_several_versions_the_one_that_readers_want_stays(folders: tuple[str, ...], best: str) -> None:
    made = variants("/")
    learned(made, folders, " ")
    for folder in folders:
        made.learn(SITE + folder)
    learned(made, folders, "a b c")
    for folder in folders:
        assert why(made, f"{folder}z") == [None if folder == best else Lost.OTHER_VERSION]


def test_pages_without_a_version_are_the_current_ones() -> None:
    assert why(learned(variants("/docs/"), ("/docs/", "/docs/2.x/", "/docs/next/"), "a b c"), "/docs/2.x/a") == [
        Lost.OTHER_VERSION
    ]


def test_notes_on_releases_are_no_versions_of_each_other() -> None:
    made = variants("/releases/")
    for version in ("v1.0", "v1.1", "v2.0"):
        made.learn(f"{SITE}/releases/{version}/")
    assert why(made, "/releases/v1.0/", "/releases/v2.0/") == [None, None]


def test_a_folder_for_developers_is_no_version() -> None:
    made = learned(variants("/docs/"), ("/docs/dev/",), "a b c d e f g h")
    assert why(learned(made, ("/docs/",), "a b c x y z"), "/docs/dev/a") == [None]


def test_canonical_links_choose_the_version_and_those_to_one_page_choose_none() -> None:
    def canonical(path: str, target: str) -> Document:
        return document(path, head=f'<link rel="canonical" href="{target}">')

    voted = variants("/")
    voted.read(f"{SITE}/v2/a", canonical("/v2/a", "/v1/a"))
    voted.read(f"{SITE}/v2/b", canonical("/v2/b", "/v1/b"))
    assert why(voted, "/v2/c", "/v1/c") == [Lost.OTHER_VERSION, None]
    unmoved = variants("/")
    for name in "abcd":
        unmoved.read(f"{SITE}/v2/{name}", canonical(f"/v2/{name}", "/"))
    assert why(unmoved, "/v2/a", "/") == [None, None]


def test_what_is_known_survives_a_checkpoint() -> None:
    made = variants("/", head=alternates(en="/", de="/hallo"))
    urls = [f"{SITE}{folder}{name}" for folder in ("/v1/", "/v2/", "/ja/", "/") for name in "abc"]
    for url in urls[:8]:
        made.learn(url)
    again = Variants.from_json(json.loads(json.dumps(made.to_json())), made.starts, urls[:8])
    for url in urls[8:]:
        made.learn(url)
        again.learn(url)
    paths = ("/hallo", "/v1/z", "/v2/z", "/ja/z", "/z")
    assert why(again, *paths) == why(made, *paths)
    assert again.chosen == made.chosen


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (alternates(en="/docs/", ja="/jp/docs/"), "", "/jp/docs/"),
        ("", '<a href="/docs/ja/a">a</a><a href="/docs/ja/">日本語</a>', "/docs/ja/"),
        ("", '<a href="/docs/?hl=ja">日本語</a>', "/docs/?hl=ja"),
        ("", '<a href="/docs/de/">Deutsch</a><a href="/ja/other">other</a>', ""),
    ],
)
def test_a_start_page_tells_where_it_is_in_another_language(head: str, body: str, expected: str) -> None:
    start = document("/docs/", lang="en", head=head, body=body)
    assert translation_of(f"{SITE}/docs/", start, "ja").removeprefix(SITE) == expected
    assert translation_of(f"{SITE}/docs/", start, "en-GB") == ""
    assert translation_of(f"{SITE}/docs/", start, "") == ""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("en", "EN-us", True), ("pt-br", "pt_BR", True), ("pt-br", "pt-pt", False), ("de", "nl", False)],
)
def test_tags_are_alike_unless_something_differs(one: str, other: str, expected: object) -> None:
    assert alike(one, other) is expected


@pytest.mark.parametrize(("pages", "told"), [("x y z a b c", True), ("w x y z a b c", False)])
def test_half_of_a_variants_pages_have_pairs(pages: str, *, told: bool) -> None:
    made = learned(variants("/docs/"), ("/docs/v1/",), "a b c")
    made = learned(made, ("/docs/v2/",), pages)
    assert (why(made, "/docs/v1/a", "/docs/v2/a") != [None, None]) is told


def test_canonical_links_may_choose_the_pages_without_a_version() -> None:
    made = learned(variants("/docs/start"), ["/docs/v1/"], "a b c")
    for name in "ab":
        head = f'<link rel="canonical" href="/docs/{name}">'
        made.read(f"{SITE}/docs/v1/{name}", document(f"/docs/v1/{name}", head=head))
    assert why(made, "/docs/v1/c", "/docs/c") == [Lost.OTHER_VERSION, None]


def test_the_start_pages_directory_stays_whatever_language_it_states() -> None:
    made = variants("/de/", lang="en")
    made.read(f"{SITE}/de/b", document("/de/b", lang="de"))
    assert why(made, "/de/b") == [None]


def test_one_canonical_link_chooses_no_version() -> None:
    made = variants("/")
    made.read(f"{SITE}/v2/a", document("/v2/a", head='<link rel="canonical" href="/v1/a">'))
    assert why(made, "/v2/c", "/v1/c") == [None, None]
