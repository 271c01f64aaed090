"""One bad thing harms one job: whatever happens to one object of the store, every other job lives as if it had not."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.egress import Egress
from sitebookify.errors import StoreError
from sitebookify.jobs import Job, JobError, JobState, Lease, Stage, WebhookDelivery, ended, new_job
from sitebookify.messages import Message, literal
from sitebookify.ports import ObjectInfo, ObjectStore
from sitebookify.push import JobMessage
from sitebookify.repository import JobRepository, data_prefix, utcnow
from sitebookify.runner.deadletter import Burial, bury
from sitebookify.runner.outcome import Outcome
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.spec import BookScope, Engine, JobSpec
from support.api import RETENTION, SPEC, Api
from support.memory_store import MemoryObjectStore
from support.toy import Counting, toy_pipeline
from support.virtual_time import VIRTUAL_TIME, Backend, VirtualTimeLoop

T = TypeVar("T")

LIMITS = SliceLimits(
    lease=timedelta(seconds=20),
    heartbeat=timedelta(seconds=5),
    budget=timedelta(seconds=300),
    overrun=timedelta(hours=1),
    grace=timedelta(hours=1),
    checkpoint=timedelta(0),
    max_attempts=15,
    retention=RETENTION,
)
HOURS_AGO = timedelta(hours=5)
REQUEST = "3f1d9a4e-58bb-4e0e-bb8b-0e4f0d4a1a11"
DAMAGES = [b"", b"{", b"null", b"[]", b"{}", b'"x"', b"\xff\xfe", b"[" * 100_000, gzip.compress(b"{}")]


@pytest.fixture
def anyio_backend() -> Backend:
    return VIRTUAL_TIME


async def at_once(function: Callable[..., T], /, *args: Any) -> T:
    return function(*args)


class World:
    """The API, a worker's runner, the dead-letter handler and the reconciler over one store, with some jobs in it."""

    def __init__(self, store: ObjectStore | None = None) -> None:
        self.api = Api(store=store or MemoryObjectStore())
        self.store = self.api.store
        self.jobs = self.api.jobs
        egress = Egress(allow_private=False, user_agent="test")
        webhooks = WebhookSender(jobs=self.jobs, egress=egress, secrets=())
        self.runner = SliceRunner(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.api.dispatcher,
            egress=egress,
            compute=at_once,
            pipeline=toy_pipeline(Counting(2)),
            limits=LIMITS,
        )
        self.reconciler = Reconciler(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.api.dispatcher,
            webhooks=webhooks,
            unsent=timedelta(0),
            silence=timedelta(seconds=1220),
            retention=RETENTION,
        )

    def add(self) -> Job:
        """A job whose message was never sent: only the reconciler can bring it on its way."""
        return self.jobs.create(new_job(JobSpec(source_url="https://example.com/"), now=utcnow() - HOURS_AGO)).job

    def done(self) -> Job:
        job = self.api.finished({"book.md": b"# Book", "artifact.zip": b"PK"}, webhook_url="https://example.com/done")
        failures = self.store.put(f"{data_prefix(job.id)}failures", gzip.compress(b"")).name
        return self.jobs.update(job.id, lambda old: replace(old, failures=failures)).job

    def expired(self) -> Job:
        """A job that the reconciler should remove."""
        job = self.done()
        return self.jobs.update(job.id, lambda old: replace(old, expire_time=utcnow() - HOURS_AGO)).job

    async def live(self) -> None:
        """What happens to jobs within some minutes."""
        await self.reconciler.run()
        while self.api.dispatcher.sent:
            job_id, step = self.api.dispatcher.sent.pop(0)
            await self.runner.run(JobMessage(job_id=job_id, step=step))
        await self.reconciler.run()


async def healthy(world: World, waiting: Job, done: Job, expired: Job) -> None:
    """The three jobs live as if they were alone."""
    await world.live()
    assert world.jobs.get(waiting.id).job.state is JobState.DONE
    assert not list(world.store.list(data_prefix(expired.id)))
    async with world.api.client(raising=False) as client:
        listed = (await client.get("/v1/jobs", params={"pageSize": 100})).json()
        names = {job["name"] for job in listed["jobs"]}
        assert {f"jobs/{waiting.id}", f"jobs/{done.id}"} <= names
        assert (await client.get(f"/v1/operations/{done.id}")).json()["done"]
        assert (await client.get(f"/jobs/{done.id}/book.md")).content == b"# Book"
        assert (await client.get("/v1/operations")).status_code == 200
        assert (await client.get("/status/figures")).status_code == 200
        for parameters in ({}, {"requestId": REQUEST}):
            created = await client.post("/v1/jobs", json={"spec": SPEC}, params=parameters)
            assert created.status_code == 200, created.text
            assert (await client.delete(f"/v1/jobs/{created.json()['name'].split('/')[1]}")).status_code == 200


def places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where in a record something stands, however deep."""
    if isinstance(value, dict):
        items = list(value.items())
    else:
        items = list(enumerate(value)) if isinstance(value, list) else []
    for key, inner in items:
        yield (*at, key)
        yield from places(inner, (*at, key))


VALUES = [
    None,
    7,
    -1,
    1.5,
    10**30,
    float("nan"),
    "x",
    "",
    "\ud800",
    [],
    {},
    True,
    "2026-01-01T00:00:00",
    ["x"],
    {"a": 1},
]
"""What may stand in a field by mistake; times without a zone, numbers that are none and halves of characters too."""


def damaged_record(data: st.DataObject, record: bytes) -> bytes:
    """The record with a value of another kind in it, cut short, with a byte changed, or replaced altogether."""
    kind = data.draw(st.sampled_from(["value", "missing", "cut", "byte", "other"]))
    if kind == "cut":
        return record[: data.draw(st.integers(0, len(record) - 1))]
    if kind == "byte":
        place = data.draw(st.integers(0, len(record) - 1))
        return record[:place] + bytes([data.draw(st.integers(0, 255))]) + record[place + 1 :]
    if kind == "other":
        return data.draw(st.sampled_from(DAMAGES))
    fields = inner = json.loads(record)
    *way, last = data.draw(st.sampled_from(sorted(places(fields), key=str)))
    for key in way:
        inner = inner[key]
    if kind == "missing":
        del inner[last]
    else:
        inner[last] = data.draw(st.sampled_from(VALUES))
    return json.dumps(fields).encode()


def damaged_object(data: st.DataObject) -> bytes:
    return data.draw(st.sampled_from(DAMAGES))


def damaged_metadata(data: st.DataObject, metadata: dict[str, str]) -> dict[str, str]:
    name = data.draw(st.sampled_from(sorted(metadata)))
    if data.draw(st.booleans()):
        return {key: value for key, value in metadata.items() if key != name}
    return {**metadata, name: data.draw(st.sampled_from(["", "x", "2026-01-01T00:00:00", "ended", "0"]))}


_AT_ONCE = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without the search for the smallest example: each runs a world of jobs, and what one damage does is read easily."""


@settings(max_examples=25, deadline=None, phases=_AT_ONCE)
@given(data=st.data())
def test_damage_to_any_one_object_leaves_the_life_of_every_other_job_unchanged(data: st.DataObject) -> None:
    async def scenario() -> None:
        world = World()
        others = (world.add(), world.done(), world.expired())
        victim = data.draw(st.sampled_from([world.add, world.done, world.expired]))()
        own = [f"jobs/{victim.id}.json", *(info.name for info in world.store.list(data_prefix(victim.id)))]
        name = data.draw(st.sampled_from(own))
        found, info = world.store.get(name), world.store.stat(name)
        assert found
        damaged, metadata = found[0], dict(info.metadata)
        listing: bool = data.draw(st.booleans())
        if metadata and listing:
            metadata = damaged_metadata(data, metadata)
        else:
            damaged = damaged_record(data, damaged) if metadata else damaged_object(data)
        world.store.put(name, damaged, metadata=metadata)
        await healthy(world, *others)
        async with world.api.client(raising=False) as client:
            assert (await client.delete(f"/v1/jobs/{victim.id}")).status_code in (200, 404)
        await world.reconciler.run()
        assert not list(world.store.list(f"jobs/{victim.id}"))
        assert not list(world.store.list(data_prefix(victim.id)))

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(scenario())


LANGUAGES = ("en", "ja")
MESSAGE = Message("job.dead_lettered", count=3, what=Message("job.silent"))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("title",), "half \ud83d"),
        (("spec", "title"), "half \udc00"),
        (("spec", "include"), ["\ud800"]),
        (("progress", "message"), 7),
        (("progress", "message"), ["x"]),
        (("progress", "message_params"), {"count": "many", "what": "x"}),
        (("progress", "message_params", "count"), [1]),
        (("progress", "message_params", "what", "text"), 7),
        (("last_error",), {}),
        (("lease", "holder"), 7),
        (("spent", "seconds"), float("nan")),
        (("spec", "max_cost"), float("inf")),
        (("dispatch", "due"), "9999-12-31T23:59:59+00:00"),
        (("create_time",), "0001-01-01T00:00:00+14:00"),
        (("progress", "percent"), -1),
        (("progress", "percent"), 10**30),
        (("webhook",), []),
        (("lease",), ""),
        (("error",), 0),
    ],
)
async def test_a_value_of_another_kind_deep_in_a_record_harms_no_list_in_any_language(
    place: tuple[str, ...], value: Any
) -> None:
    world = World()
    job = world.jobs.update(world.add().id, running).job
    name = f"jobs/{job.id}.json"
    fields = inner = job.to_json()
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    world.store.put(name, json.dumps(fields).encode(), metadata=world.store.stat(name).metadata)
    async with world.api.client(raising=False) as client:
        for language in LANGUAGES:
            headers = {"accept-language": language}
            for path in ("/v1/jobs", "/v1/operations", "/status/figures"):
                assert (await client.get(path, headers=headers)).status_code == 200, path
            answer = await client.get(f"/v1/jobs/{job.id}", headers=headers)
            assert answer.status_code == 200 or answer.json()["error"]["details"][0]["reason"] == "JOB_UNREADABLE"


def running(job: Job) -> Job:
    """The job as it stands in the middle of its work."""
    lease = Lease(holder="0123456789abcdef", expires_at=utcnow() + timedelta(seconds=20))
    progress = replace(job.progress, message=MESSAGE)
    moved = job.moved(JobState.RUNNING, utcnow())
    return replace(moved, lease=lease, progress=progress, last_error=MESSAGE)


@pytest.mark.parametrize("listed", ["done", "cancelled", "error"])
async def test_a_job_whose_listing_says_that_it_has_ended_goes_on_all_the_same(listed: str) -> None:
    """The record is what counts, and the listing agrees with it in the end."""
    world = World()
    job, name = (victim := world.add()), f"jobs/{victim.id}.json"
    expire_time = (utcnow() + RETENTION).isoformat()
    metadata = {**world.store.stat(name).metadata, "state": listed, "expire_time": expire_time}
    world.store.put(name, json.dumps(job.to_json()).encode(), metadata=metadata)
    age(world.store, "active/")
    for _ in range(3):
        await world.live()
    assert world.jobs.get(job.id).job.state is JobState.DONE
    assert [entry.state for entry in world.jobs.list()] == [JobState.DONE]


@pytest.mark.parametrize("metadata", [{"state": "running", "expire_time": ""}, {"delete_requested": "true"}])
async def test_a_book_whose_listing_says_otherwise_is_kept(metadata: dict[str, str]) -> None:
    world = World()
    job = world.done()
    name = f"jobs/{job.id}.json"
    record, listing = world.store.get(name), world.store.stat(name).metadata
    assert record
    world.store.put(name, record[0], metadata={**listing, **metadata})
    for _ in range(3):
        await world.live()
    async with world.api.client() as client:
        assert (await client.get(f"/jobs/{job.id}/book.md")).content == b"# Book"
        (shown,) = (await client.get("/v1/jobs", params={"filter": "state = STATE_DONE"})).json()["jobs"]
    assert shown["name"] == f"jobs/{job.id}"


def age(store: ObjectStore, prefix: str) -> None:
    """Let the objects be some hours old."""
    assert isinstance(store, MemoryObjectStore)
    for info in list(store.list(prefix)):
        data = store.get(info.name)
        assert data
        store._objects[info.name] = (data[0], replace(info, updated=info.updated - HOURS_AGO))


@pytest.mark.parametrize(
    "name",
    [
        "active/",
        "active/folder/x",
        "active/" + "x" * 1000,
        "active/..",
        "active/\u202e\u0000",
        "recent/",
        "recent/0000000/000000000-" + "x" * 900,
        "recent/8231/x",
        "jobs/",
        "jobs/notes.txt",
        "jobs/" + "x" * 900,
        "data//x",
        "malformed/\n",
    ],
)
async def test_an_object_of_somebody_else_harms_nobody(name: str) -> None:
    """Consoles make objects for folders, people put notes beside records; a bucket takes nearly every name."""
    store = NarrowStore()
    world = World(store)
    others = (world.add(), world.done(), world.expired())
    store.add_odd(name)
    await healthy(world, *others)


class NarrowStore(MemoryObjectStore):
    """Refuses the names that Cloud Storage refuses, with its own errors; listings still show objects that have them."""

    def add_odd(self, name: str) -> None:
        info = super().put("x", b"x")
        self._objects[name] = (b"x", replace(info, name=name))

    def stat(self, name: str) -> ObjectInfo:
        if len(name) > 1000 or "\n" in name or ".." in name:
            raise StoreError(f"{name:.40} is no name of an object")
        return super().stat(name)


@pytest.mark.parametrize("record", DAMAGES, ids=range(len(DAMAGES)))
async def test_a_damaged_record_is_named_to_everybody_who_can_do_something_about_it(record: bytes) -> None:
    world = World()
    job = world.add()
    metadata = world.store.stat(f"jobs/{job.id}.json").metadata
    world.store.put(f"jobs/{job.id}.json", record, metadata=metadata)
    with capture_logs(processors=[merge_contextvars]) as logs:
        result = await world.reconciler.run()
        assert await world.runner.run(JobMessage(job_id=job.id, step=0)) is Outcome.UNREADABLE
        assert _buried(world.jobs, job.id) is Burial.UNREADABLE
    named = [entry for entry in logs if entry["event"] == "record.unreadable"]
    assert result.unreadable == 1
    assert [entry["log_level"] for entry in named] == ["error"] * 3
    assert named[0]["job_id"] == job.id
    async with world.api.client(raising=False) as client:
        error = (await client.get(f"/v1/jobs/{job.id}")).json()["error"]
        assert (error["status"], error["details"][0]["reason"]) == ("DATA_LOSS", "JOB_UNREADABLE")
        assert (await client.get("/status/figures")).json()["unreadable"] == [job.id]
        assert (await client.delete(f"/v1/jobs/{job.id}")).status_code == 200
        assert (await client.get("/status/figures")).json()["unreadable"] == []


async def test_an_old_book_whose_record_is_damaged_is_named_every_round_until_it_is_deleted() -> None:
    """It needed nobody, so it has no marker; the scan gives it one, and each round after that finds it."""
    world = World()
    job = world.done()
    world.store.put(f"jobs/{job.id}.json", b"{", metadata={})
    await world.reconciler.run()
    assert [(await world.reconciler.run()).unreadable for _ in range(2)] == [1, 1]
    assert job.id not in world.jobs.active()
    async with world.api.client(raising=False) as client:
        assert (await client.get("/status/figures")).json()["unreadable"] == [job.id]
        assert (await client.delete(f"/v1/jobs/{job.id}")).status_code == 200
        assert (await client.get("/status/figures")).json()["unreadable"] == []
    assert [marker.id for marker in world.jobs.index.markers()] == []
    assert (await world.reconciler.run()).unreadable == 0


@pytest.mark.parametrize("damage", DAMAGES[1:], ids=range(len(DAMAGES) - 1))
async def test_a_job_whose_list_of_missing_pages_is_damaged_is_shown_without_it(damage: bytes) -> None:
    world = World()
    job = world.done()
    world.store.put(job.failures, damage)
    async with world.api.client(raising=False) as client:
        assert (await client.get("/v1/operations")).json()["operations"][0]["done"]
        assert (await client.get(f"/v1/operations/{job.id}")).json()["metadata"]["pageFailures"] == []


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


@pytest.mark.parametrize("damaged", ["job", "data", "key"])
async def test_a_file_that_the_disk_cut_short_harms_one_job(tmp_path: Path, damaged: str) -> None:
    """The local store keeps what it knows of an object in the file's last line, which is gone then."""
    world = World(LocalObjectStore(tmp_path))
    others = (world.add(), world.done(), world.expired())
    victim = world.done()
    await world.api.commands.create(victim.spec, request_id="another")
    name = {
        "job": f"jobs/{victim.id}.json",
        "data": victim.artifacts[0].object_name,
        "key": "server/secret-key",
    }[damaged]
    path = Path(world.store.uri(name).removeprefix("file://"))
    cut_short(path)
    world.api = Api(store=world.store, dispatcher=world.api.dispatcher)  # another process, which has read no key yet
    await healthy(world, *others)
    async with world.api.client(raising=False) as client:
        assert (await client.delete(f"/v1/jobs/{victim.id}")).status_code == 200
    assert not list(world.store.list(data_prefix(victim.id)))


async def test_a_record_whose_listing_is_damaged_is_written_anew() -> None:
    world = World()
    job = world.add()
    record = world.store.get(f"jobs/{job.id}.json")
    assert record
    world.store.put(f"jobs/{job.id}.json", record[0], metadata={"state": "queued"})
    assert list(world.jobs.list()) == []
    await world.live()
    await world.live()
    assert world.jobs.get(job.id).job.state is JobState.DONE


def _buried(jobs: JobRepository, job_id: str) -> Burial:
    return bury(jobs, job_id, 0, deliveries=5, max_deliveries=5, retention=RETENTION)


class TestNewerVersions:
    """What a newer version writes, read after a roll-back: values of enums are as harmless as fields."""

    def _reread(self, job: Job, **fields: Any) -> Job:
        plain = json.loads(json.dumps(job.to_json()))
        return Job.from_json({**plain, **fields})

    def test_a_stage_is_the_first_to_people(self) -> None:
        job = new_job(JobSpec(source_url="https://example.com/"), now=utcnow())
        progress = {**job.to_json()["progress"], "stage": "typeset"}
        read = self._reread(job, stage="typeset", progress=progress)
        assert (read.stage, read.progress.stage) == (Stage.CRAWL, Stage.CRAWL)

    @pytest.mark.parametrize(
        ("prepared", "state"),
        [
            (lambda job: job, JobState.QUEUED),
            (lambda job: job.moved(JobState.RUNNING, utcnow()), JobState.RUNNING),
            (
                lambda job: ended(
                    job,
                    JobState.ERROR,
                    now=utcnow(),
                    retention=RETENTION,
                    error=JobError(message=literal("x"), reason="X"),
                ),
                JobState.ERROR,
            ),
        ],
    )
    def test_a_state_is_the_nearest_of_ours(self, prepared: Callable[[Job], Job], state: JobState) -> None:
        job = prepared(new_job(JobSpec(source_url="https://example.com/"), now=utcnow()))
        assert self._reread(job, state="archived").state is state

    def test_a_choice_is_the_default_and_a_format_is_left_out(self) -> None:
        job = new_job(JobSpec(source_url="https://example.com/"), now=utcnow())
        spec = {
            **job.spec.to_json(),
            "scope": "SCOPE_GALAXY",
            "render_engine": "ENGINE_X",
            "formats": ["epub", "scroll"],
        }
        read = self._reread(job, spec=spec).spec
        assert (read.scope, read.render_engine) == (BookScope.AUTO, Engine.NOOP)
        assert "scroll" not in read.formats

    async def test_a_job_in_a_newer_state_is_finished(self) -> None:
        world = World()
        job = world.add()
        name = f"jobs/{job.id}.json"
        metadata = {**world.store.stat(name).metadata, "state": "paused"}
        world.store.put(name, json.dumps({**job.to_json(), "state": "paused"}).encode(), metadata=metadata)
        await world.live()
        assert world.jobs.get(job.id).job.state is JobState.DONE

    def test_a_webhook_that_was_given_no_time_zone_is_damage(self) -> None:
        job = new_job(JobSpec(source_url="https://example.com/"), now=utcnow())
        job = replace(job, webhook=WebhookDelivery(due=utcnow()))
        webhook = {**job.to_json()["webhook"], "due": "2026-01-01T00:00:00"}
        with pytest.raises(ValueError, match="time zone"):
            self._reread(job, webhook=webhook)
