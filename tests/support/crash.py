"""A process that delivers one message to a runner of toy stages, and kills itself at the n-th write it makes.

``python -m support.crash FOLDER JOB_ID STEP KILL_AT`` where KILL_AT is ``before:N``, ``after:N`` or ``never``. Prints
each write as a line. Messages it sends are lines of ``FOLDER/sent``.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.egress import Egress
from sitebookify.errors import TransientError
from sitebookify.ports import ObjectInfo
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from support.toy import Counting, toy_pipeline

UNITS = 6
LEASE = 0.6


class Fuse:
    """Counts writes, and ends the process without a word at the one it is set to."""

    def __init__(self, kill_at: str) -> None:
        self._when, _, number = kill_at.partition(":")
        self._number = int(number or -1)
        self._count = 0

    def before(self, what: str) -> None:
        print("write", what, flush=True)
        self._burn("before")

    def after(self) -> None:
        self._burn("after")
        self._count += 1

    def _burn(self, when: str) -> None:
        if (self._when, self._number) == (when, self._count):
            os.kill(os.getpid(), signal.SIGKILL)


class FusedStore(LocalObjectStore):
    """The local store, its writes on the fuse."""

    def __init__(self, root: Path, fuse: Fuse) -> None:
        super().__init__(root)
        self._fuse = fuse

    def put(self, name: str, data: bytes, **how: Any) -> ObjectInfo:
        self._fuse.before("record" if name.startswith("jobs/") else name.rpartition("/")[2])
        info = super().put(name, data, **how)
        self._fuse.after()
        return info


class FileDispatcher:
    """Messages as lines of a file, each one on the fuse too."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        self._path = path
        self._fuse = fuse

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        del traceparent
        self._fuse.before("message")
        with self._path.open("a") as file:
            file.write(f"{job_id} {step}\n")
        self._fuse.after()


async def _compute(*_: Any) -> Any:
    raise AssertionError("toy stages compute nothing elsewhere")


def main(folder: Path, job_id: str, step: int, kill_at: str) -> int:
    fuse = Fuse(kill_at)
    store = FusedStore(folder, fuse)
    runner = SliceRunner(
        jobs=JobRepository(store),
        store=store,
        dispatcher=FileDispatcher(folder / "sent", fuse),
        egress=Egress(allow_private=False, user_agent="test"),
        compute=_compute,
        pipeline=toy_pipeline(Counting(UNITS, each=lambda _n: asyncio.sleep(0.1))),
        limits=SliceLimits(
            lease=timedelta(seconds=LEASE),
            heartbeat=timedelta(hours=1),
            budget=timedelta(seconds=0.2),
            overrun=timedelta(seconds=5),
            grace=timedelta(seconds=5),
            checkpoint=timedelta(hours=1),
            max_attempts=5,
            retention=timedelta(days=1),
        ),
    )
    try:
        print("outcome", asyncio.run(runner.run(JobMessage(job_id=job_id, step=step))).value)
    except TransientError as error:
        print("refused", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4]))
