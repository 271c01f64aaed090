"""Two indexes beside the job records, so that neither the reconciler nor a page of jobs lists them all.

``active/{id}`` stands for every job that somebody has to look after: one that has not ended, or whose end is still to
be told, or that is being deleted. It is written before the record that needs it and removed after the record that does
not, so a crash in between leaves a marker too many, never one too few. Whoever removes it names the generation that it
had *before* the record was written: a marker that was written anew since then stays.

``recent/…-{id}`` has the newest jobs first, by name. When its job has ended, an entry repeats what listings show; it
can be relied on only while there is no marker, since a job can be retried. One range of names takes Cloud Storage 1,000
writes a second, half a million jobs in 20 minutes, so it is not divided further.

``server/indexes.json`` says how far the records have been looked through. Before the first time is over, jobs of an
earlier version may be in no index.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from sitebookify.errors import ObjectDamaged, ObjectNotFound, PreconditionFailed
from sitebookify.ports import ObjectInfo, ObjectStore
from sitebookify.record_json import aware

_ACTIVE = "active/"
_RECENT = "recent/"
_SCAN = "server/indexes.json"
_OWED = "owed"
_LAST = 9_999_999_999_999_999
"""Microseconds since 1970, in the year 2286: an entry's name has what is left until then."""
_FOLDER = 7
"""Digits of a folder's name: it holds the jobs of 1,000 seconds, so that no directory of a local store grows large."""
_DIGITS = len(str(_LAST))
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What has another name was put there by somebody else, and may be no name of a record at all."""
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Marker:
    """That a job is to be looked after; ``owed``: it has ended, and only that is to be told or it is to be removed."""

    id: str
    generation: int
    updated: datetime
    owed: bool


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """A job's place among the newest, and what it says of a job that has ended: else nothing."""

    id: str
    create_time: datetime
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How far the records have been looked through.

    Attributes:
        complete: all of them were, at least once.
        after: the record after which the scan under way goes on; "" where none is.
        began: when the latest scan began.
        before: when the one before it began: what changed since then is to be looked at closely.
        ended: when the latest that came to its end did.
        seen: records that it saw, or that the scan under way has seen so far.
        counted: jobs by state in the scan under way; hidden ones are left out.
        reached: the record up to which they are counted; a scan may go back behind it.
        totals: jobs by state in the latest complete scan.
    """

    complete: bool = False
    after: str = ""
    began: datetime | None = None
    before: datetime | None = None
    ended: datetime | None = None
    seen: int = 0
    counted: Mapping[str, int] = field(default_factory=dict)
    reached: str = ""
    totals: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`; an earlier version counted nothing.

        Raises:
            ValueError, TypeError, LookupError, AttributeError: it is none.
        """
        times = {name: aware(data[name]) if data[name] else None for name in ("began", "before", "ended")}
        return cls(
            complete=bool(data["complete"]),
            after=str(data["after"]),
            began=times["began"],
            before=times["before"],
            ended=times["ended"],
            seen=int(data["seen"]),
            counted=_counts(data.get("counted", {})),
            reached=str(data.get("reached", "")),
            totals=_counts(data.get("totals", {})),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values, times in RFC 3339."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()
        }


class JobIndex:
    """Markers and entries in the store, under the ids of jobs; what the records say is not its concern."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self._complete = False

    def mark(self, job_id: str, *, owed: bool = False, if_generation: int | None = None) -> None:
        """Write the job's marker, also where there is one: it gets a new generation.

        Raises:
            PreconditionFailed: another generation than ``if_generation`` stands there.
        """
        metadata = {_OWED: "true"} if owed else {}
        self._store.put(_ACTIVE + job_id, b"", if_generation=if_generation, metadata=metadata)

    def generation(self, job_id: str) -> int:
        """Of the job's marker; 0 where there is none."""
        with contextlib.suppress(ObjectNotFound, ObjectDamaged):
            return self._store.stat(_ACTIVE + job_id).generation
        return 0

    def unmark(self, job_id: str, generation: int) -> None:
        """Remove the marker, unless it was written anew since it had this generation."""
        name = _ACTIVE + job_id
        with contextlib.suppress(PreconditionFailed):
            try:
                self._store.delete(name, if_generation=generation)
            except ObjectDamaged:
                self._store.delete(name)

    def unmark_owed(self, job_id: str) -> None:
        """Remove the marker of a job that has ended; that of one under way stays."""
        with contextlib.suppress(ObjectNotFound, ObjectDamaged):
            info = self._store.stat(_ACTIVE + job_id)
            if info.metadata.get(_OWED):
                self.unmark(job_id, info.generation)

    def markers(self) -> Iterator[Marker]:
        """All of them, in order of id."""
        for info in self._store.list(_ACTIVE):
            job_id = info.name.removeprefix(_ACTIVE)
            if _ID.fullmatch(job_id):
                yield Marker(job_id, info.generation, info.updated, bool(info.metadata.get(_OWED)))

    def enter(self, job_id: str, create_time: datetime, metadata: Mapping[str, str] | None = None) -> None:
        """Write the job's entry, with what listings show once it has ended."""
        self._store.put(entry_name(job_id, create_time), b"", metadata=metadata)

    def entry(self, job_id: str, create_time: datetime) -> Mapping[str, str] | None:
        """What the job's entry says; None where it has none."""
        with contextlib.suppress(ObjectNotFound, ObjectDamaged):
            return self._store.stat(entry_name(job_id, create_time)).metadata
        return None

    def leave(self, job_id: str, create_time: datetime) -> None:
        """Remove the job's entry."""
        self._store.delete(entry_name(job_id, create_time))

    def recent(self, after: tuple[datetime, str] | None = None) -> Iterator[RecentEntry]:
        """Entries, the newest first, after the one of a job that was created then and has this id."""
        start = entry_name(after[1], after[0]) if after else ""
        for info in self._store.list(_RECENT, start_after=start):
            if (entry := _read_entry(info)) is not None:
                yield entry

    @property
    def complete(self) -> bool:
        """True once every job is in the indexes."""
        if not self._complete:
            self._complete = self.scan().complete
        return self._complete

    def scan(self) -> Scan:
        """The state of the scan; a new one where it is missing or damaged."""
        try:
            record = self._store.get(_SCAN)
            return Scan.from_json(json.loads(record[0])) if record else Scan()
        except (ObjectNotFound, ObjectDamaged, ValueError, TypeError, LookupError, AttributeError):
            return Scan()

    def keep(self, scan: Scan) -> None:
        """Store the state of the scan."""
        self._store.put(_SCAN, json.dumps(scan.to_json()).encode(), content_type="application/json")


def _counts(data: Mapping[str, Any]) -> dict[str, int]:
    return {str(state): int(count) for state, count in data.items()}


def entry_name(job_id: str, create_time: datetime) -> str:
    """The name of the job's entry: of two, the one of the newer job comes first."""
    left = f"{_LAST - (create_time - _EPOCH) // _MICROSECOND:0{_DIGITS}}"
    return f"{_RECENT}{left[:_FOLDER]}/{left[_FOLDER:]}-{job_id}"


def _read_entry(info: ObjectInfo) -> RecentEntry | None:
    """None where the name is not that of an entry."""
    folder, _, rest = info.name.removeprefix(_RECENT).partition("/")
    digits, _, job_id = rest.partition("-")
    left = folder + digits
    if not (left.isascii() and left.isdigit() and len(left) == _DIGITS and _ID.fullmatch(job_id)):
        return None
    return RecentEntry(job_id, _EPOCH + (_LAST - int(left)) * _MICROSECOND, info.metadata)
