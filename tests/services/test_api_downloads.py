"""Files over HTTP: whole, in parts, under the right name, and by URLs that expire."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from sitebookify.jobs import Artifact, Job, JobError, JobState, ended, new_job
from sitebookify.messages import Message
from sitebookify.settings import load_settings
from sitebookify.spec import JobSpec
from sitebookify_api.routes.downloads import file_name, find_artifact
from support.api import Api
from support.memory_store import MemoryObjectStore

BOOK = bytes(range(256)) * 40
FILES = {"book.md": b"# Book\n", "book.epub": BOOK, "book.html": b"<p>", "book.pdf": b"%PDF", "artifact.zip": b"PK..."}


@pytest.fixture
def api() -> Api:
    return Api(settings=load_settings(signing_key="key", server_private=True))


@pytest.mark.parametrize(
    ("path", "data", "content_type"),
    [
        ("/jobs/{id}/book.md", FILES["book.md"], "text/markdown; charset=utf-8"),
        ("/jobs/{id}/book.epub", BOOK, "application/epub+zip"),
        ("/jobs/{id}/book.html", FILES["book.html"], "text/html; charset=utf-8"),
        ("/jobs/{id}/book.pdf", FILES["book.pdf"], "application/pdf"),
        ("/artifacts/{id}", FILES["artifact.zip"], "application/zip"),
    ],
)
async def test_a_finished_job_has_its_files(api: Api, path: str, data: bytes, content_type: str) -> None:
    job = api.finished(FILES)
    async with api.client() as client:
        response = await client.get(path.format(id=job.id))
        head = await client.head(path.format(id=job.id))
    assert response.content == data
    assert response.headers["content-type"] == content_type
    assert (head.content, head.headers["content-length"]) == (b"", str(len(data)))
    assert head.headers["etag"] == response.headers["etag"]


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=10000-", 10_000, len(BOOK)),
        ("bytes=10000-99999", 10_000, len(BOOK)),
        ("bytes=-100", len(BOOK) - 100, len(BOOK)),
        ("bytes=-99999", 0, len(BOOK)),
    ],
)
async def test_a_range_is_answered_with_that_part(api: Api, asked: str, start: int, stop: int) -> None:
    job = api.finished(FILES)
    async with api.client() as client:
        response = await client.get(f"/jobs/{job.id}/book.epub", headers={"range": asked})
    assert response.content == BOOK[start:stop]
    whole = stop - start == len(BOOK)
    assert response.status_code == (200 if whole else 206)
    assert response.headers.get("content-range") == (None if whole else f"bytes {start}-{stop - 1}/{len(BOOK)}")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=5-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes 1-2"])
async def test_a_range_that_is_none_is_ignored(api: Api, asked: str) -> None:
    job = api.finished(FILES)
    async with api.client() as client:
        response = await client.get(f"/jobs/{job.id}/book.epub", headers={"range": asked})
    assert (response.status_code, response.content) == (200, BOOK)


@pytest.mark.parametrize("asked", [f"bytes={len(BOOK)}-", "bytes=999999999-", "bytes=-0"])
async def test_a_range_behind_the_end_is_told_the_size(api: Api, asked: str) -> None:
    job = api.finished(FILES)
    async with api.client() as client:
        response = await client.get(f"/jobs/{job.id}/book.epub", headers={"range": asked})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{len(BOOK)}"


async def test_a_download_goes_on_only_where_the_file_is_the_same(api: Api) -> None:
    job = api.finished(FILES)
    async with api.client() as client:
        etag = (await client.head(f"/jobs/{job.id}/book.epub")).headers["etag"]
        parts = {"range": "bytes=5-"}
        same = await client.get(f"/jobs/{job.id}/book.epub", headers={**parts, "if-range": etag})
        other = await client.get(f"/jobs/{job.id}/book.epub", headers={**parts, "if-range": '"other"'})
        known = await client.get(f"/jobs/{job.id}/book.epub", headers={"if-none-match": etag})
    assert (same.status_code, other.status_code, known.status_code) == (206, 200, 304)
    assert known.content == b""


@pytest.mark.parametrize(
    ("title", "disposition"),
    [
        ("", 'attachment; filename="book.epub"'),
        ("The Rust Book", 'attachment; filename="The Rust Book.epub"'),
        ("プログラミング", "attachment; filename=\"book.epub\"; filename*=UTF-8''%E3%83%97%E3%83%AD%E3%82%B0%E3%83%A9"),
        ('a/../"b"\r\nX: y', 'attachment; filename="a .. b X y.epub"'),
        ("...", 'attachment; filename="book.epub"'),
    ],
)
async def test_the_file_is_called_after_the_book(api: Api, title: str, disposition: str) -> None:
    job = api.finished(FILES, title=title)
    async with api.client() as client:
        response = await client.head(f"/jobs/{job.id}/book.epub")
    assert response.headers["content-disposition"].startswith(disposition)


@pytest.mark.parametrize("name", ["job.json", "..%2F..%2Fjobs", "%2e%2e", "book.md%00", "book.mobi"])
async def test_nothing_but_the_jobs_files_is_served(api: Api, name: str) -> None:
    job = api.finished(FILES)
    async with api.client() as client:
        assert (await client.get(f"/jobs/{job.id}/{name}")).status_code == 404


async def test_an_unfinished_job_has_no_files_yet(api: Api) -> None:
    job = api.add()
    async with api.client() as client:
        for response in (
            await client.get(f"/jobs/{job.id}/book.md"),
            await client.post(f"/v1/jobs/{job.id}:generateDownloadUrl", json={}),
        ):
            assert (response.status_code, response.json()["error"]["status"]) == (400, "FAILED_PRECONDITION")


async def test_a_retry_that_fails_hides_no_book(api: Api) -> None:
    job = api.finished(FILES)
    path = f"/jobs/{job.id}/{job.artifacts[0].name}"
    api.jobs.update(job.id, lambda done: replace(done, retry_from="data/crawl"))
    now = datetime.now(UTC)
    error = JobError(message=Message("job.failed"), reason="STORE")

    def failed(again: Job) -> Job:
        return ended(again, JobState.ERROR, now=now, retention=timedelta(days=1), error=error)

    async with api.client() as client:
        await client.post(f"/v1/jobs/{job.id}:retry")
        assert find_artifact(api.jobs.read(job.id).job, job.artifacts[0].name) == job.artifacts[0]
        api.jobs.update(job.id, failed)
        assert (await client.get(path)).status_code == 200
        answer = (await client.get(f"/v1/jobs/{job.id}")).json()
    assert (answer["state"], len(answer["artifacts"])) == ("STATE_ERROR", len(FILES))
    assert "made before is still there" in answer["error"]["message"]


async def test_a_file_that_is_gone_is_not_found(api: Api) -> None:
    job = api.finished(FILES)
    api.store.delete(job.artifacts[0].object_name)
    async with api.client() as client:
        assert (await client.get(f"/jobs/{job.id}/{job.artifacts[0].name}")).status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/artifacts/{id}"),
        ({"artifact": "book.epub"}, "/jobs/{id}/book.epub"),
        ({"artifact": "book.pdf"}, "/jobs/{id}/book.pdf"),
    ],
)
async def test_a_download_url_works_without_a_key_until_it_expires(api: Api, body: dict[str, str], path: str) -> None:
    settings = load_settings(signing_key="key", api_keys=f"me:{hashlib.sha256(b'k').hexdigest()}")
    api = Api(settings=settings)
    job = api.finished(FILES)
    async with api.client() as client:
        made = await client.post(f"/v1/jobs/{job.id}:generateDownloadUrl", json=body, headers={"x-api-key": "k"})
        url = urlsplit(made.json()["url"])
        target = f"{url.path}?{url.query}"
        assert url.path == path.format(id=job.id)
        assert (await client.get(target)).status_code == 200
        assert (await client.head(target)).status_code == 200
        assert (await client.get(target[:-1])).status_code == 403
        assert (await client.get(target.replace("expires=1", "expires=2"))).status_code == 403
        other = api.finished(FILES)
        assert (await client.get(target.replace(job.id, other.id))).status_code == 403
        assert (await client.get(url.path)).status_code == 401
    assert made.json()["expireTime"].endswith("Z")


async def test_links_start_with_the_public_url_where_one_is_set() -> None:
    api = Api(settings=load_settings(public_url="https://books.example.com/"))
    job = api.finished(FILES)
    async with api.client() as client:
        made = await client.post(f"/v1/jobs/{job.id}:generateDownloadUrl")
    assert made.json()["url"].startswith(f"https://books.example.com/artifacts/{job.id}?")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("con", "book.md"),
        ("AUX.tar", "book.md"),
        ("com1 ", "book.md"),
        ("Console", "Console.md"),
        ("a. . .", "a.md"),
        ("a\u202edm", "a dm.md"),
        ("x\x1b]0;y\x9b", "x ]0;y.md"),
        ("../../etc/passwd", "etc passwd.md"),
    ],
)
def test_the_name_of_a_download_is_a_name_on_every_disk(title: str, name: str) -> None:
    job = new_job(JobSpec(source_url="https://example.org/", title=title), now=datetime.now(UTC))
    artifact = Artifact(name="book.md", object_name="o", content_type="text/markdown", size=1)
    assert file_name(job, artifact) == name


async def test_a_job_goes_by_the_title_that_its_pages_gave(api: Api) -> None:
    """Until then it has none, and what was ordered counts for more."""
    job = api.finished(FILES)
    api.jobs.update(job.id, lambda job: replace(job, title="The Beehive"))
    ordered = api.finished(FILES, title="My Bees")
    api.jobs.update(ordered.id, lambda job: replace(job, title="The Beehive"))
    async with api.client() as client:
        resources = [(await client.get(f"/v1/jobs/{each.id}")).json() for each in (job, ordered)]
        page = (await client.get(f"/jobs/{job.id}")).text
    assert [each["title"] for each in resources] == ["The Beehive", "My Bees"]
    assert "<title>The Beehive " in page
    assert [file_name(api.jobs.read(each.id).job, each.artifacts[0]) for each in (job, ordered)] == [
        "The Beehive.md",
        "My Bees.md",
    ]


class SigningStore(MemoryObjectStore):
    """Serves its objects itself, as a bucket does."""

    def download_url(self, name: str, *, file_name: str, expires_in: timedelta) -> str | None:
        return f"https://bucket.example/{name}?as={file_name}&for={expires_in.total_seconds():.0f}"


LARGE = 31 * 1024 * 1024 + 1


def large(api: Api) -> Job:
    return api.finished({"artifact.zip": bytes(LARGE), "book.md": b"# Book"}, title="Garden")


async def test_a_large_file_of_a_bucket_is_fetched_from_the_bucket() -> None:
    """Cloud Run would cut the answer off; a part that fits, and small files, are served as before."""
    api = Api(store=SigningStore(), settings=load_settings(download_url_seconds=600))
    job = large(api)
    async with api.client() as client:
        whole = await client.get(f"/artifacts/{job.id}")
        head = await client.head(f"/artifacts/{job.id}")
        part = await client.get(f"/artifacts/{job.id}", headers={"range": "bytes=0-9"})
        small = await client.get(f"/jobs/{job.id}/book.md")
    zipped = next(item for item in job.artifacts if item.name == "artifact.zip")
    assert whole.status_code == 302
    assert whole.headers["location"] == f"https://bucket.example/{zipped.object_name}?as=Garden.zip&for=600"
    assert (head.status_code, head.headers["content-length"]) == (200, str(LARGE))
    assert (part.status_code, part.content) == (206, bytes(10))
    assert small.content == b"# Book"


async def test_a_large_file_that_we_serve_comes_in_chunks_and_its_parts_too() -> None:
    api = Api()
    job = large(api)
    async with api.client() as client:
        whole = await client.get(f"/artifacts/{job.id}")
        part = await client.get(f"/artifacts/{job.id}", headers={"range": f"bytes={LARGE - 5}-"})
    assert "content-length" not in whole.headers
    assert len(whole.content) == LARGE
    assert (part.headers["content-range"], part.headers["content-length"]) == (
        f"bytes {LARGE - 5}-{LARGE - 1}/{LARGE}",
        "5",
    )
