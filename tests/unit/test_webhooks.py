"""The news of a job's end: told, signed, told again, and never in the way of the end itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from structlog.testing import capture_logs

from sitebookify.egress import Egress
from sitebookify.errors import TransientError
from sitebookify.jobs import Artifact, Job, JobError, JobState, WebhookDelivery, ended, new_job
from sitebookify.messages import literal
from sitebookify.ports import ObjectInfo
from sitebookify.repository import JobRepository
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.webhooks import WAITS, WebhookSender
from sitebookify.spec import JobSpec
from support.dispatcher import RecordingDispatcher
from support.memory_store import MemoryObjectStore
from support.processes import eventually
from support.toy import ManualClock
from support.webhook_receiver import Receiver, new_secret

DAY = timedelta(days=1)
SECRET = new_secret()


class World:
    """An ended job in a store, and whoever tells of it."""

    def __init__(
        self,
        receiver: Receiver,
        *,
        private: bool = True,
        secrets: tuple[str, ...] = (SECRET,),
        timeout: float = 60,
        store: MemoryObjectStore | None = None,
        **spec: Any,
    ) -> None:
        self.clock = ManualClock()
        self.clock.now = datetime.now(UTC)  # receivers refuse what is signed at another time than theirs
        self.store = store or MemoryObjectStore(clock=self.clock)
        self.jobs = JobRepository(self.store, clock=self.clock)
        self.dispatcher = RecordingDispatcher()
        self.egress = Egress(allow_private=private, user_agent="test")
        self.sender = WebhookSender(
            jobs=self.jobs, egress=self.egress, secrets=secrets, timeout=timeout, clock=self.clock
        )
        spec = {"source_url": "https://example.com/", "webhook_url": receiver.url, **spec}
        self.job_id = self.jobs.create(new_job(JobSpec(**spec), now=self.clock())).job.id
        self.reconciler = Reconciler(
            jobs=self.jobs,
            store=self.store,
            dispatcher=self.dispatcher,
            webhooks=self.sender,
            unsent=timedelta(seconds=60),
            silence=timedelta(days=300),
            retention=DAY,
            clock=self.clock,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.egress.close()

    @property
    def news(self) -> WebhookDelivery:
        webhook = self.jobs.read(self.job_id).job.webhook
        assert webhook
        return webhook

    def end(self, state: JobState = JobState.DONE, *, error: JobError | None = None) -> Job:
        def over(job: Job) -> Job:
            if state is JobState.DONE:
                job = job.moved(JobState.RUNNING, self.clock())
            job = ended(job, state, now=self.clock(), retention=DAY, error=error)
            book = Artifact(name="book.md", object_name="x", content_type="text/markdown", size=7)
            return replace(job, artifacts=(book,) if state is JobState.DONE else ())

        return self.jobs.update(self.job_id, over).job

    async def announce(self) -> None:
        await self.sender.announce(self.job_id)

    async def round(self) -> None:
        await self.reconciler.run()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver().serving() as receiver:
        yield receiver


async def test_the_end_of_a_job_is_told_once_and_signed_by_the_server_s_secret(receiver: Receiver) -> None:
    async with World(receiver) as world:
        await world.announce()
        assert receiver.told == []
        job = world.end()
        assert world.news == WebhookDelivery(due=world.clock())
        await world.announce()
        await world.announce()
        await world.round()
        (told,) = receiver.told
        message = told.verified(SECRET)
        assert not told.signed_by(new_secret())
        assert (told.path, told.headers["content-type"], told.headers["user-agent"]) == (
            "/hook",
            "application/json",
            "test",
        )
        assert told.id.startswith(job.id)
        assert message["type"] == "job.done"
        assert message["timestamp"] == message["data"]["completionTime"]
        assert message["data"]["name"] == f"jobs/{job.id}"
        assert world.news == WebhookDelivery(due=None, attempts=1, delivered_at=world.clock())
        assert world.jobs.read(job.id).job.state is JobState.DONE


@pytest.mark.parametrize(
    ("state", "error"),
    [(JobState.ERROR, JobError(message=literal("The site is gone."), reason="SITE_GONE")), (JobState.CANCELLED, None)],
)
async def test_other_ends_are_told_too(receiver: Receiver, state: JobState, error: JobError | None) -> None:
    async with World(receiver) as world:
        world.end(state, error=error)
        await world.announce()
        message = receiver.told[0].verified(SECRET)
        assert message["type"] == f"job.{state.value}"
        assert message["data"].get("error") == (
            {"message": "The site is gone.", "reason": "SITE_GONE"} if error else None
        )


async def test_a_job_s_own_secret_signs_alone_and_the_server_s_secrets_all(receiver: Receiver) -> None:
    own, old, new = new_secret(), new_secret(), new_secret()
    for secret in (own, ""):
        async with World(receiver, secrets=(old, new), webhook_secret=secret) as world:
            world.end()
            await world.announce()
    assert [[told.signed_by(secret) for secret in (own, old, new)] for told in receiver.told] == [
        [True, False, False],
        [False, True, True],
    ]


async def test_a_job_without_a_webhook_tells_nobody(receiver: Receiver) -> None:
    async with World(receiver, webhook_url="") as world:
        assert world.end().webhook is None
        await world.announce()
        await world.round()
        assert receiver.told == []


async def test_a_receiver_that_fails_is_told_again_by_the_reconciler(receiver: Receiver) -> None:
    """With the same id, so that it knows what it has had, and a signature of the new time."""
    receiver.statuses = [500, 200]
    async with World(receiver) as world:
        world.end()
        await world.announce()
        assert (world.news.attempts, world.news.delivered_at) == (1, None)
        assert str(world.news.last_error) == "the receiver answered 500"
        assert world.news.due == world.clock() + WAITS[0]
        world.clock.move(59)
        await world.round()
        assert len(receiver.told) == 1
        world.clock.move(1)
        await world.round()
        first, second = receiver.told
        assert first.id == second.id
        assert first.body == second.body
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
        assert second.signed_by(SECRET)
        assert world.news == WebhookDelivery(due=None, attempts=2, delivered_at=world.clock())


async def test_a_receiver_that_always_fails_is_given_up_after_the_last_wait(receiver: Receiver) -> None:
    receiver.statuses = [503]
    async with World(receiver) as world:
        world.end()
        with capture_logs() as logs:
            await world.announce()
            for wait in WAITS:
                assert world.news.due == world.clock() + wait
                world.clock.move(wait.total_seconds())
                await world.round()
        assert (world.news.attempts, world.news.due) == (len(WAITS) + 1, None)
        assert str(world.news.last_error) == "the receiver answered 503"
        assert logs[-1]["event"] == "webhook.given_up"
        assert world.jobs.read(world.job_id).job.state is JobState.DONE


async def test_a_silent_receiver_is_left_after_the_time_allowed(receiver: Receiver) -> None:
    receiver.silent = True
    async with World(receiver, timeout=0.1) as world:
        world.end()
        await world.announce()
        receiver.silent = False
        assert str(world.news.last_error) == "no complete answer arrived in time"
        assert world.news.due


async def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.statuses = [307]
    async with World(receiver) as world:
        world.end()
        await world.announce()
        assert str(world.news.last_error) == "the receiver answered 307"
        assert [told.path for told in receiver.told] == ["/hook"]


async def test_a_private_address_is_refused_for_good_unless_the_setting_allows_it(receiver: Receiver) -> None:
    async with World(receiver, private=False) as world:
        world.end()
        await world.announce()
        assert receiver.told == []
        assert (world.news.attempts, world.news.due) == (1, None)
        assert "not on the public internet" in str(world.news.last_error)


async def test_a_receiver_that_wants_no_more_is_not_asked_again(receiver: Receiver) -> None:
    receiver.statuses = [410]
    async with World(receiver) as world:
        world.end()
        await world.announce()
        assert (world.news.attempts, world.news.due) == (1, None)


async def test_whoever_sends_at_once_only_one_does(receiver: Receiver) -> None:
    async with World(receiver) as world:
        world.end()
        await asyncio.gather(*(world.announce() for _ in range(10)), world.round())
        assert len(receiver.told) == 1


async def test_a_retried_job_tells_its_second_end_under_another_id(receiver: Receiver) -> None:
    """And what a slow answer to the first brings is not taken for the second's."""
    receiver.silent = True
    async with World(receiver) as world:
        world.end(JobState.ERROR)
        first = asyncio.create_task(world.announce())
        await asyncio.to_thread(eventually, lambda: receiver.told)
        commands = JobCommands(
            jobs=world.jobs, store=world.store, dispatcher=world.dispatcher, retention=DAY, clock=world.clock
        )
        assert (await commands.retry(world.job_id)).webhook is None
        world.end()
        receiver.silent = False
        await first
        assert world.news == WebhookDelivery(due=world.clock())
        await world.announce()
        assert [told.verified(SECRET)["type"] for told in receiver.told] == ["job.error", "job.done"]
        assert receiver.told[0].id != receiver.told[1].id


async def test_a_deleted_job_is_not_told_of(receiver: Receiver) -> None:
    async with World(receiver) as world:
        world.end()
        world.jobs.update(world.job_id, lambda job: replace(job, delete_requested=True))
        await world.announce()
        assert receiver.told == []


class FailingStore(MemoryObjectStore):
    """Away for every write once it is told so."""

    away = False

    def put(self, *args: Any, **options: Any) -> ObjectInfo:
        if self.away:
            raise TransientError("the object store is away")
        return super().put(*args, **options)


async def test_a_store_that_is_away_neither_raises_nor_loses_the_news(receiver: Receiver) -> None:
    async with World(receiver, store=(store := FailingStore())) as world:
        world.end()
        store.away = True
        await world.announce()
        assert receiver.told == []
        store.away = False
        await world.round()
        assert len(receiver.told) == 1


async def test_a_bug_in_the_telling_is_logged_and_changes_nothing(receiver: Receiver) -> None:
    async with World(receiver, secrets=("no secret at all",)) as world:
        world.end()
        with capture_logs() as logs:
            await world.announce()
        assert [(line["event"], line["log_level"]) for line in logs] == [("webhook.broken", "error")]
        assert world.news.due == world.clock() + WAITS[0]


async def test_a_secret_that_was_taken_out_of_the_settings_is_named(receiver: Receiver) -> None:
    async with World(receiver, secrets=()) as world:
        world.end()
        await world.announce()
        assert "SITEBOOKIFY_WEBHOOK_SECRET" in str(world.news.last_error)
        assert world.news.due
