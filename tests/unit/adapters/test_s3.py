"""What an S3 client's errors mean, what stands in an object's header, and who serves its downloads."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError  # type: ignore[import-untyped]  # it has no types

from sitebookify.adapters.s3_client import translated
from sitebookify.adapters.s3_frame import HEADER, Frame, metadata_of
from sitebookify.adapters.s3_store import S3ObjectStore
from sitebookify.errors import ObjectNotFound, PreconditionFailed, SitebookifyError, StoreError, TransientError
from support.s3 import SETTINGS

HERE = "http://minio:9000"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("NoSuchKey", ObjectNotFound),
        ("404", ObjectNotFound),
        ("PreconditionFailed", PreconditionFailed),
        ("412", PreconditionFailed),
        ("KeyTooLongError", StoreError),
        ("NoSuchBucket", TransientError),
        ("NoSuchUpload", TransientError),
        ("ConditionalRequestConflict", TransientError),
        ("AccessDenied", TransientError),
        ("SlowDown", TransientError),
    ],
)
def test_only_what_would_fail_whenever_it_is_tried_is_not_transient(code: str, meaning: type[SitebookifyError]) -> None:
    """An operator can make a bucket and give access; an upload that is gone can be sent anew."""
    with pytest.raises(SitebookifyError) as caught, translated("a"):
        raise ClientError({"Error": {"Code": code}}, "PutObject")
    assert type(caught.value) is meaning


def test_a_server_that_is_away_is_transient() -> None:
    with pytest.raises(TransientError), translated("a"):
        raise EndpointConnectionError(endpoint_url=HERE)


def answer(metadata: dict[str, str], tag: str = "1") -> dict[str, Any]:
    return {"Metadata": metadata, "ETag": tag, "LastModified": datetime(2026, 1, 1, tzinfo=UTC)}


def test_metadata_that_is_too_long_for_a_header_stands_behind_the_bytes() -> None:
    short, tail = Frame.new({"title": "日本語  two blanks"})
    assert Frame.of(answer(short.header())) == short
    assert tail == short.generation.to_bytes(8), "which gives each version an ETag of its own"
    long, tail = Frame.new({"title": "日本語" * 900})
    assert len(long.header()[HEADER]) < 1900
    assert Frame.of(answer(long.header())) == long
    assert metadata_of(tail) == {"title": "日本語" * 900}
    assert long.tail == len(tail)
    assert Frame.of(answer(Frame.bare().header())).tail == 0


@pytest.mark.parametrize("header", [None, "", "!", "bm90IEpTT04=", urlsafe_b64encode(b"[]").decode()])
def test_an_object_that_others_wrote_has_a_generation_too(header: str | None) -> None:
    metadata = {} if header is None else {HEADER: header}
    frame = Frame.of(answer(metadata))
    assert frame.generation > 0
    assert frame.metadata == {}
    assert frame == Frame.of(answer(metadata))
    assert frame.generation != Frame.of(answer(metadata, tag="2")).generation


def test_browsers_download_from_the_bucket_only_where_they_reach_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", HERE)
    hour = timedelta(hours=1)
    assert S3ObjectStore("books").download_url("a.epub", file_name="a.epub", expires_in=hour) is None
    public = S3ObjectStore("books", public_endpoint="https://books.example.org")
    url = public.download_url("jobs/a b.epub", file_name="本.epub", expires_in=timedelta(days=30))
    assert url is not None
    assert url.startswith("https://books.example.org/books/jobs/a%20b.epub?")
    query = parse_qs(urlsplit(url).query)
    assert query["response-content-disposition"] == ["attachment; filename*=UTF-8''%E6%9C%AC.epub"]
    assert query["X-Amz-Expires"] == [str(7 * 24 * 3600)], "signatures of version 4 are good for a week at most"
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3")
    assert (S3ObjectStore("books").download_url("a", file_name="a", expires_in=hour) or "").startswith("https://")
