"""A disk without space, or that cannot be written: clear words, and deleting a job still frees space."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.repository import data_prefix
from support.api import SPEC, Api

Refuse = Callable[[int], None]


@pytest.fixture
def api(tmp_path: Path) -> Api:
    return Api(store=LocalObjectStore(tmp_path))


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """From now on the operating system makes no file, and says why by this number."""

    def refuse(number: int) -> None:
        really = os.open

        def opened(path: Any, flags: int, *more: Any, **others: Any) -> int:
            if flags & os.O_CREAT:
                raise OSError(number, os.strerror(number), path)
            return really(path, flags, *more, **others)

        monkeypatch.setattr(os, "open", opened)  # a disk that is really full would need a mount, and root

    return refuse


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "cannot write"),
        (errno.EACCES, "cannot write"),
    ],
)
async def test_who_orders_a_book_is_told_why_it_cannot_be_stored(
    api: Api, refuse: Refuse, number: int, words: str
) -> None:
    refuse(number)
    async with api.client() as client:
        with capture_logs() as logs:
            answer = await client.post("/v1/jobs", json={"spec": SPEC})
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (503, "UNAVAILABLE")
    assert words in error["message"]
    assert "/" not in error["message"]
    told = next(entry["why"] for entry in logs if entry["event"] == "request.unavailable")
    assert os.strerror(number) in told


async def test_a_job_can_be_deleted_on_a_full_disk_and_makes_space(api: Api, refuse: Refuse) -> None:
    job = api.finished({"book.md": b"# Book", "artifact.zip": b"PK"})
    refuse(errno.ENOSPC)
    async with api.client() as client:
        assert (await client.delete(f"/v1/jobs/{job.id}")).status_code == 200
        assert (await client.get(f"/v1/jobs/{job.id}")).status_code == 404
    assert list(api.store.list(data_prefix(job.id))) == []


async def test_a_job_of_a_directory_that_cannot_be_written_stays_whole(api: Api, refuse: Refuse) -> None:
    job = api.finished({"book.md": b"# Book"})
    refuse(errno.EROFS)
    async with api.client() as client:
        assert (await client.delete(f"/v1/jobs/{job.id}")).status_code == 503
        assert (await client.get(f"/jobs/{job.id}/book.md")).content == b"# Book"
