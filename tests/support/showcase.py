"""A server with a day of jobs behind it, for pictures of its pages and for tests of what they show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.ledger import Ledger
from sitebookify.book.model import FetchedPage
from sitebookify.book.search.search_index import index_name
from sitebookify.formats import for_people
from sitebookify.jobs import Artifact, Dispatch, Job, JobError, JobState, Lease, Progress, Stage, ended, new_job
from sitebookify.messages import Message
from sitebookify.repository import JobRepository, data_prefix
from sitebookify.runner.checkpoint import Checkpoint
from sitebookify.spec import JobSpec
from support.api import RETENTION, Api
from support.failures import failure, publish
from support.memory_store import MemoryObjectStore

TYPES = {file.name: file.media_type for file in for_people()}
_RUST = "https://doc.rust-lang.org/book/"
_SITES = ("https://docs.python.org/3/tutorial/", "https://git-scm.com/docs/", "https://mdn.example/guide/")
_FETCHED = (
    "Whetting Your Appetite",
    "Using the Python Interpreter",
    "An Informal Introduction to Python",
    "More Control Flow Tools",
    "Data Structures",
    "Modules",
    "Input and Output",
    "Errors and Exceptions",
    "Classes",
    "Brief Tour of the Standard Library",
    "Virtual Environments and Packages",
    "Interactive Input Editing and History Substitution",
    "Floating-Point Arithmetic: Issues and Limitations",
    "Command line and environment",
    "Lexical analysis",
    "Data model",
    "Execution model",
    "The import system",
    "Expressions",
)
_FAILED_PAGES = (
    failure("https://docs.python.org/3/library/old-module.html", 404),
    failure("https://docs.python.org/3/library/gone.html", 410),
    failure("https://docs.python.org/3/library/slow.html", None, "TIMEOUT"),
)


@dataclass
class MovableClock:
    """The store's clock: jobs of the past are written in the past."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now


class Showcase:
    """The API over a store in memory, with jobs in every state."""

    def __init__(self, files: dict[str, bytes], *, index: bytes = b"") -> None:
        self.clock = MovableClock()
        self.store = MemoryObjectStore(clock=self.clock)
        self.api = Api(store=self.store)
        self.jobs = JobRepository(self.store, clock=self.clock)
        self._start = self.clock.now
        self._a_day()
        self.done = self._done(files)
        if index:
            self.store.put(index_name(f"{data_prefix(self.done.id)}files/book.epub"), index)
        self.failed = self._failed(
            "START_PAGE_NOT_FOUND",
            Message("job.start_page", url="https://old.example/wiki/", why=Message("page.status", status=404)),
            "https://old.example/wiki/",
            hours=2,
        )
        self.dead = self._failed(
            "DEAD_LETTERED",
            Message("job.dead_lettered", count=5, what=Message("job.backend", detail="the object store is away")),
            "https://huge.example/handbook/",
            hours=5,
        )
        self.queued = self._put(new_job(JobSpec(source_url="https://handbook.example/"), now=self._ago(minutes=1)))
        self.running = self._running()
        self.clock.now = self._start

    def renew_lease(self) -> None:
        """As the worker of the running job does every few seconds."""
        lease = Lease(holder="5e1f0c9a7b", expires_at=datetime.now(UTC) + timedelta(seconds=18))
        self.jobs.update(self.running.id, lambda job: replace(job, lease=lease))

    def _ago(self, **time: float) -> datetime:
        return self._start - timedelta(**time)

    def _put(self, job: Job) -> Job:
        self.clock.now = job.completion_time or job.create_time
        return self.jobs.create(job).job

    def _a_day(self) -> None:
        """Jobs that ended over the last day, more of them by day than by night."""
        for hour in range(1, 24):
            for number in range((hour * 7) % 5):
                state = JobState.ERROR if (hour + number) % 9 == 0 else JobState.DONE
                self._past(state, hour, _SITES[number % 3])
        self._past(JobState.CANCELLED, 7, _SITES[0])

    def _past(self, state: JobState, hours: float, url: str) -> None:
        job = new_job(JobSpec(source_url=url), now=self._ago(hours=hours, minutes=20))
        error = JobError(message=Message("job.nothing_to_extract"), reason="NOTHING_TO_EXTRACT")
        job = job.moved(JobState.RUNNING, job.create_time)
        now = self._ago(hours=hours, minutes=10)
        self._put(ended(job, state, now=now, retention=RETENTION, error=error if state is JobState.ERROR else None))

    def _failed(self, reason: str, message: Message, url: str, *, hours: float) -> Job:
        job = new_job(JobSpec(source_url=url), now=self._ago(hours=hours, minutes=30))
        job = job.moved(JobState.RUNNING, job.create_time)
        error = JobError(message=message, reason=reason)
        return self._put(ended(job, JobState.ERROR, now=self._ago(hours=hours), retention=RETENTION, error=error))

    def _done(self, files: dict[str, bytes]) -> Job:
        spec = JobSpec(source_url=_RUST, title="The Rust Programming Language")
        job = new_job(spec, now=self._ago(minutes=12)).moved(JobState.RUNNING, self._ago(minutes=11, seconds=50))
        progress = Progress(stage=Stage.PACKAGE, percent=100, pages_fetched=112)
        job = ended(replace(job, progress=progress), JobState.DONE, now=self._ago(minutes=11), retention=RETENTION)
        return self._put(replace(job, artifacts=tuple(self._file(job.id, *item) for item in files.items())))

    def _file(self, job_id: str, name: str, data: bytes) -> Artifact:
        info = self.store.put(f"{data_prefix(job_id)}files/{name}", data, content_type=TYPES[name])
        return Artifact(name=name, object_name=info.name, content_type=TYPES[name], size=info.size)

    def _running(self) -> Job:
        spec = JobSpec(source_url="https://docs.python.org/3/", title="Python 3 documentation", max_pages=500)
        job = new_job(spec, now=self._ago(minutes=2)).moved(JobState.RUNNING, self._ago(seconds=95))
        return self._put(
            replace(
                job,
                progress=Progress(
                    stage=Stage.CRAWL,
                    percent=31,
                    message=Message("progress.fetched", count=214),
                    pages_fetched=214,
                    pages_failed=len(_FAILED_PAGES),
                    pages_queued=271,
                ),
                step=2,
                attempts=1,
                failures=publish(self.store, job.id, *_FAILED_PAGES),
                dispatch=Dispatch(step=2, sent=True, at=job.create_time),
                checkpoint=self._checkpoint(job.id),
            )
        )

    def _checkpoint(self, job_id: str) -> str:
        """Of a crawl that has fetched a few pages: its name."""
        ledger = Ledger(failures=[])
        sketch = Sketch(text=1, name=1, blocks=0, characters=0, smallest=())
        for number, title in enumerate(_FETCHED):
            page = FetchedPage(url=f"https://docs.python.org/3/{number}.html", blob="", depth=1)
            ledger.keep(page, sketch, 200, title=f"{title} — Python documentation")
        checkpoint = Checkpoint(state={"ledger": ledger.to_json()})
        return self.store.put(f"{data_prefix(job_id)}checkpoint.json.gz", checkpoint.to_bytes()).name
