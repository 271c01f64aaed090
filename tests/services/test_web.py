"""The pages as the server answers them: headers, languages, keys, files of books."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace

import pytest

from sitebookify.formats import Format, file_of
from sitebookify.jobs import Job
from sitebookify.messages import Message, catalogue
from sitebookify.settings import load_settings
from support.api import Api
from support.ebook import ebook
from support.failures import failure, publish

PAGES = ("/", "/status")
KEY = "a-key-of-256-bits"
TEXTS = {
    "one.xhtml": (
        "One & only",
        '<p>first <b>words</b> <a href="https://example.com/">out</a> <a href="two.xhtml">in</a></p>',
    ),
    "two.xhtml": ("Two", "<p>Words again, WORDS.</p>"),
}


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_allows_its_own_scripts_and_nothing_else(api: Api, path: str) -> None:
    async with api.client() as client:
        answer = await client.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*(src=|application/json))|\son\w+=|style=", answer.text)
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_every_file_that_a_page_names_is_there_and_kept_for_ever(api: Api) -> None:
    async with api.client() as client:
        page = await client.get("/")
        named = re.findall(r'"(/static/[^"]+)"', page.text)
        answers = [await client.get(path) for path in named]
        old = await client.get("/static/0123456789ab/app.css")
        missing = await client.get("/static/0123456789ab/none.css")
    assert len(named) >= 3
    assert {answer.status_code for answer in answers} == {200}
    assert all("immutable" in answer.headers["cache-control"] for answer in answers)
    assert old.headers["cache-control"] == "no-cache"
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ja", "ja"),
        ("ja-JP,en;q=0.5", "ja"),
        ("fr,en;q=0.2,ja;q=0.9", "ja"),
        ("ja;q=0,en", "en"),
        ("tlh-Latn", "en"),
        ("ja;q=x," + ",".join(["xx"] * 5000), "en"),
    ],
)
async def test_language_by_the_header(api: Api, header: str, language: str) -> None:
    async with api.client() as client:
        answer = await client.get("/", headers={"accept-language": header})
    assert f'<html lang="{language}"' in answer.text
    assert "accept-language" in answer.headers["vary"]


async def test_a_chosen_language_is_kept(api: Api) -> None:
    async with api.client() as client:
        await client.get("/?lang=ja")
        answer = await client.get("/", headers={"accept-language": "en"})
    assert '<html lang="ja"' in answer.text


@pytest.mark.parametrize("language", ["en", "ja"])
async def test_a_jobs_page_says_all_that_matters_before_any_script_runs(api: Api, language: str) -> None:
    done = api.finished({"report.jsonl": b"", "book.epub": ebook(TEXTS)})
    why = Message("job.start_page", url=done.spec.source_url, why=Message("page.empty"))
    failed = api.failed(why, "START_PAGE_NOT_HTML")
    words = catalogue(language).script
    async with api.client(headers={"accept-language": language}) as client:
        page = (await client.get(f"/jobs/{done.id}")).text.partition("</main>")[0]
        problem = (await client.get(f"/jobs/{failed.id}")).text.partition("</main>")[0]
    ids = [*re.findall(r' id="([^"]+)"', page), "texts", "data"]  # the scripts' blocks, at the end
    assert len(ids) == len(set(ids))
    assert str(words["state.STATE_DONE"]) in page
    assert 0 < page.index("download>EPUB<") < page.index("download>report.jsonl<")
    assert catalogue(language).page.get("file.book.epub", file_of(Format.EPUB).label) in page
    assert 'role="alert" hidden' in page
    assert str(words["state.STATE_ERROR"]) in problem
    assert ("内容がありません" if language == "ja" else "it is empty") in problem
    assert 'id="problem" role="alert"><p>' in problem


async def test_titles_are_escaped_wherever_they_stand(api: Api) -> None:
    job = api.finished({"book.epub": ebook(TEXTS)}, title="</script><b>&\u2028")
    async with api.client() as client:
        for path in ("", "/read"):
            answer = await client.get(f"/jobs/{job.id}{path}")
            assert answer.status_code == 200
            assert "<b>" not in answer.text


async def test_the_operators_page_is_for_private_servers(api: Api) -> None:
    public = Api(settings=load_settings(server_private=False))
    async with public.client() as client:
        assert (await client.get("/status")).status_code == 404
        assert (await client.get("/status/figures")).status_code == 404
        assert "/status" not in (await client.get("/")).text
    async with api.client() as client:
        assert "/status" in (await client.get("/")).text


async def test_a_key_is_asked_for_and_kept_out_of_reach_of_scripts() -> None:
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    api = Api(settings=load_settings(api_keys=f"me:{digest}", server_private=True))
    job = api.failed("no", "NO")
    async with api.client() as client:
        asked = await client.get(f"/jobs/{job.id}")
        assert asked.status_code == 401
        assert 'id="key"' in asked.text
        assert (await client.post("/session", json={"key": "wrong"})).status_code == 400
        signed_in = await client.post("/session", json={"key": KEY})
        assert "HttpOnly" in signed_in.headers["set-cookie"]
        assert "SameSite=lax" in signed_in.headers["set-cookie"]
        assert (await client.get(f"/jobs/{job.id}")).status_code == 200
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 200
        assert (await client.get("/status/figures")).status_code == 200


async def test_the_reader_of_an_unfinished_book_leads_to_its_job(api: Api) -> None:
    job = api.add()
    async with api.client() as client:
        answer = await client.get(f"/jobs/{job.id}/read")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/jobs/{job.id}")


async def test_a_text_comes_with_a_policy_without_scripts(api: Api) -> None:
    job = api.finished({"book.epub": ebook(TEXTS)})
    async with api.client() as client:
        answer = await client.get(f"/jobs/{job.id}/book/text/one.xhtml")
        again = await client.get(answer.url.path, headers={"if-none-match": answer.headers["etag"]})
        style = await client.get(f"/jobs/{job.id}/book/style.css")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert answer.headers["x-frame-options"] == "DENY"
    assert 'href="https://example.com/" target="_blank" rel="noopener noreferrer"' in answer.text
    assert '<a href="two.xhtml">' in answer.text
    assert again.status_code == 304
    assert "color-scheme" in style.text


@pytest.mark.parametrize(
    "path",
    [
        "text/none.xhtml",
        "../../etc/passwd.png",
        "%2e%2e/%2e%2e/x.png",
        "nav",
        "package.opf",
        "text/one.xhtml/",
        "x.html",
        ".png",
    ],
)
async def test_what_is_not_in_the_book_is_not_found(api: Api, path: str) -> None:
    job = api.finished({"book.epub": ebook(TEXTS)})
    async with api.client() as client:
        assert (await client.get(f"/jobs/{job.id}/book/{path}")).status_code == 404


@pytest.mark.parametrize("data", [b"no zip", ebook({"a.xhtml": ("A", "<p>unclosed")}), ebook({})])
async def test_a_broken_book_is_no_error_of_the_server(api: Api, data: bytes) -> None:
    job = api.finished({"book.epub": data})
    async with api.client() as client:
        for path in ("read", "book/text/a.xhtml", "search?q=x"):
            assert (await client.get(f"/jobs/{job.id}/{path}")).status_code in (200, 404)


async def test_a_book_without_epub_has_no_reader(api: Api) -> None:
    job = api.finished({"book.md": b"#"})
    async with api.client() as client:
        assert (await client.get(f"/jobs/{job.id}/read")).status_code == 404


async def test_search_counts_and_quotes(api: Api) -> None:
    """Over tags and white space, whatever the case; words are taken as they are, not as a pattern."""
    job = api.finished({"book.epub": ebook(TEXTS)})
    async with api.client() as client:
        found = (await client.get(f"/jobs/{job.id}/search", params={"q": "first  WORDS"})).json()
        both = (await client.get(f"/jobs/{job.id}/search", params={"q": "words"})).json()
        none = (await client.get(f"/jobs/{job.id}/search", params={"q": "w.rds"})).json()
        empty = await client.get(f"/jobs/{job.id}/search")
    assert [(hit["place"], hit["title"], hit["match"]) for hit in found["hits"]] == [
        ("one.xhtml", "One & only", "first words")
    ]
    assert [(hit["place"], hit["count"]) for hit in both["hits"]] == [("one.xhtml", 1), ("two.xhtml", 2)]
    assert none == {"hits": [], "complete": True}
    assert empty.status_code == 400


async def test_titles_come_before_texts_and_phrases_before_words_apart(api: Api) -> None:
    """A page that is called by the words is first, even where others say them more often and before it."""
    texts = {
        "intro.xhtml": ("Introduction", "<p>select update, select insert, select delete</p>"),
        "apart.xhtml": ("Apart", "<p>update is one statement</p><p>select another</p>"),
        "other.xhtml": ("How to select rows", "<p>rows</p>"),
        "select.xhtml": ("SELECT", "<p>reads rows</p>"),
    }
    job = api.finished({"book.epub": ebook(texts)})
    async with api.client() as client:
        one = (await client.get(f"/jobs/{job.id}/search", params={"q": "select"})).json()["hits"]
        two = (await client.get(f"/jobs/{job.id}/search", params={"q": "select update"})).json()["hits"]
        glued = (await client.get(f"/jobs/{job.id}/search", params={"q": "statementselect"})).json()["hits"]
    assert [hit["place"] for hit in one] == ["select.xhtml", "other.xhtml", "intro.xhtml", "apart.xhtml"]
    assert [hit["place"] for hit in two] == ["intro.xhtml", "apart.xhtml"]
    assert glued == []


async def test_what_stands_around_a_hit_begins_and_ends_with_a_word(api: Api) -> None:
    english = "Wheelbarrows and watering cans stand in the shed that we painted green, where tomatoes grow best. " * 2
    japanese = (
        "春に種をまく畑の土をよく耕して水をやり日の当たる場所を選ぶ" * 3
        + "蕪"
        + "葉を間引いて虫を取り霜が降りる前に収穫する" * 4
    )
    job = api.finished(
        {"book.epub": ebook({"e.xhtml": ("E", f"<p>{english}</p>"), "j.xhtml": ("J", f"<p>{japanese}</p>")})}
    )
    async with api.client() as client:
        (in_english,) = (await client.get(f"/jobs/{job.id}/search", params={"q": "tomatoes"})).json()["hits"]
        (in_japanese,) = (await client.get(f"/jobs/{job.id}/search", params={"q": "蕪"})).json()["hits"]
    words = english.split()
    assert in_english["before"].split()[0] in words
    assert in_english["after"].split()[-1] in words
    assert (len(in_japanese["before"]), len(in_japanese["after"])) == (60, 60)


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/nowhere", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("/nowhere", "*/*", "application/json"),
        ("/v1/nowhere", "text/html", "application/json"),
    ],
)
async def test_people_who_are_lost_are_shown_a_page_and_programs_the_error(
    api: Api, path: str, accept: str, kind: str
) -> None:
    async with api.client() as client:
        answer = await client.get(path, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (404, kind)


async def test_a_search_for_blanks_finds_nothing(api: Api) -> None:
    job = api.finished({"book.epub": ebook(TEXTS)})
    async with api.client() as client:
        assert (await client.get(f"/jobs/{job.id}/search", params={"q": "  "})).json()["hits"] == []


@pytest.mark.parametrize(
    ("language", "why"),
    [
        ("en", "there is no page at this address (the server answered 410)"),
        ("ja", "このアドレスにページがありません（サーバーの応答は 410）"),  # noqa: RUF001 - Japanese brackets
    ],
)
async def test_missing_pages_are_listed_while_the_job_runs_and_afterwards(api: Api, language: str, why: str) -> None:
    missing = failure("https://example.com/docs/gone", 410)

    def published(job: Job) -> Job:
        return replace(job, failures=publish(api.store, job.id, missing))

    running = api.add(published)
    done = api.finished({})
    api.jobs.update(done.id, published)
    async with api.client(headers={"accept-language": language}) as client:
        for job in (running, done):
            answer = await client.get(f"/jobs/{job.id}/failures")
            assert answer.json() == {"pages": [{"url": missing.url, "why": why}]}
        assert (await client.get(f"/jobs/{api.add().id}/failures")).json() == {"pages": []}
