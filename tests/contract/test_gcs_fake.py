"""The fake of Cloud Storage over bare HTTP: what is shown on it counts only if it refuses what the original refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from support.faults import Faults
from support.gcs import GcsFake

OBJECTS = "/storage/v1/b/books/o"


@pytest.fixture
def fake() -> GcsFake:
    return GcsFake("books")


@pytest.fixture
def http(fake: GcsFake) -> Iterator[httpx2.Client]:
    with fake.serving() as url, httpx2.Client(base_url=url) as client:
        yield client


def upload(http: httpx2.Client, data: str, *, bucket: str = "books", **params: Any) -> httpx2.Response:
    """A multipart upload to the object ``a``."""
    resource = json.dumps({"name": "a", "metadata": {"k": "v"}})
    parts = [f"Content-Type: application/json\r\n\r\n{resource}", f"Content-Type: text/plain\r\n\r\n{data}"]
    body = "".join(f"--x\r\n{part}\r\n" for part in parts) + "--x--"
    return http.post(
        f"/upload/storage/v1/b/{bucket}/o",
        params={"uploadType": "multipart", **params},
        content=body.encode(),
        headers={"content-type": "multipart/related; boundary=x"},
    )


def generation(http: httpx2.Client) -> int:
    return int(http.get(f"{OBJECTS}/a").json()["generation"])


def test_a_stale_generation_is_refused(http: httpx2.Client) -> None:
    """412 on upload, delete and read; the object stays."""
    stale = upload(http, "1").json()["generation"]
    upload(http, "2")
    assert upload(http, "3", ifGenerationMatch=stale).status_code == 412
    assert http.delete(f"{OBJECTS}/a", params={"ifGenerationMatch": stale}).status_code == 412
    assert http.get(f"{OBJECTS}/a", params={"ifGenerationMatch": stale}).status_code == 412
    assert http.get(f"/download{OBJECTS}/a", params={"alt": "media"}).text == "2"


def test_generation_zero_creates_only(http: httpx2.Client) -> None:
    assert upload(http, "1", ifGenerationMatch=0).status_code == 200
    assert upload(http, "2", ifGenerationMatch=0).status_code == 412


def test_a_generation_of_nothing_is_refused(http: httpx2.Client) -> None:
    assert upload(http, "1", ifGenerationMatch=7).status_code == 412
    assert http.get(f"{OBJECTS}/a").status_code == 404


def test_the_standing_generation_passes_once(http: httpx2.Client) -> None:
    standing = upload(http, "1").json()["generation"]
    assert [upload(http, "2", ifGenerationMatch=standing).status_code for _ in range(2)] == [200, 412]


@pytest.mark.parametrize("url", [f"{OBJECTS}/a", f"/download{OBJECTS}/a?alt=media"])
def test_a_matching_if_not_match_is_answered_304(http: httpx2.Client, url: str) -> None:
    """Without a body; and another generation is answered whole."""
    upload(http, "1")
    same = http.get(
        url, params={"ifGenerationNotMatch": generation(http), "alt": "media" if "media" in url else "json"}
    )
    assert (same.status_code, same.content) == (304, b"")
    other = http.get(url, params={"ifGenerationNotMatch": 7, "alt": "media" if "media" in url else "json"})
    assert other.status_code == 200


def test_a_resumable_upload_is_refused_at_its_end_where_another_came_between(http: httpx2.Client) -> None:
    start = http.post(
        "/upload/storage/v1/b/books/o", params={"uploadType": "resumable", "ifGenerationMatch": 0}, json={"name": "a"}
    )
    session = start.headers["location"]
    assert http.put(session, content=b"abc", headers={"content-range": "bytes 0-2/*"}).status_code == 308
    upload(http, "1")
    assert http.put(session, content=b"de", headers={"content-range": "bytes 3-4/5"}).status_code == 412


def test_a_resumable_upload_is_visible_at_its_end_only(http: httpx2.Client) -> None:
    """And its last part may be sent again: the answer is the same object."""
    start = http.post("/upload/storage/v1/b/books/o", params={"uploadType": "resumable"}, json={"name": "a"})
    session = start.headers["location"]
    http.put(session, content=b"abc", headers={"content-range": "bytes 0-2/*"})
    assert http.get(f"{OBJECTS}/a").status_code == 404
    ends = [http.put(session, content=b"de", headers={"content-range": "bytes 3-4/5"}).json() for _ in range(2)]
    assert ends[0] == ends[1]
    assert ends[0]["size"] == "5"


def test_a_wrong_checksum_is_refused(http: httpx2.Client) -> None:
    body = '--x\r\n\r\n{"name": "a", "crc32c": "AAAAAA=="}\r\n--x\r\nContent-Type: text/plain\r\n\r\nabc\r\n--x--'
    answer = http.post(
        "/upload/storage/v1/b/books/o",
        params={"uploadType": "multipart"},
        content=body.encode(),
        headers={"content-type": "multipart/related; boundary=x"},
    )
    assert answer.status_code == 400


def test_a_range_behind_the_end_is_not_satisfiable(http: httpx2.Client) -> None:
    upload(http, "abc")
    answer = http.get(f"/download{OBJECTS}/a", params={"alt": "media"}, headers={"range": "bytes=3-9"})
    assert answer.status_code == 416


def test_a_bucket_that_is_not_there_is_told_from_an_object_that_is_not(http: httpx2.Client) -> None:
    assert "bucket does not exist" in upload(http, "1", bucket="none").json()["error"]["message"]
    assert "No such object" in http.get(f"{OBJECTS}/a").json()["error"]["message"]


def test_a_lost_answer_is_a_request_carried_out(fake: GcsFake) -> None:
    """At rate 1 all fail with 429 or 503; some of them were done all the same."""
    faults = Faults(fake.app(), seed=1, rate=1)
    with fake.serving(faults) as url, httpx2.Client(base_url=url) as client:
        answers = {upload(client, "1").status_code for _ in range(20)}
    assert answers == {429, 503}
    assert len(fake.requests) == faults.injected["lost"] > 0
    assert fake.buckets["books"]["a"].data == b"1"


def test_the_same_seed_injects_the_same_faults(fake: GcsFake) -> None:
    seen = []
    for _ in range(2):
        faults = Faults(fake.app(), seed=5, rate=0.5)
        with fake.serving(faults) as url, httpx2.Client(base_url=url) as client:
            seen.append([upload(client, "1").status_code for _ in range(20)])
    assert seen[0] == seen[1]
