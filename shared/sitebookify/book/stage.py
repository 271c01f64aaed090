"""What a stage of the pipeline sees of the world, and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from sitebookify.book.failures import PageFailure
from sitebookify.jobs import Artifact, Progress
from sitebookify.messages import NOTHING, Message
from sitebookify.ports import ObjectStore
from sitebookify.spec import JobSpec

if TYPE_CHECKING:  # worker processes read this module and need no HTTP client
    from sitebookify.book.allowance import Meter
    from sitebookify.egress.fetcher import Fetcher

State = dict[str, Any]
"""A stage's own memory, as plain JSON. It survives the process; keep it to what cannot be had again."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done:
    """The stage is finished; ``output`` (plain JSON) becomes ``bench.inputs[stage]`` for those after it.

    Of the last stage, ``artifacts`` are the job's files, ``message`` is what its client should know of them, and
    ``retry`` names the crawl's state from which a retry fetches what the book lacks, "" where it lacks nothing.
    """

    output: State
    artifacts: tuple[Artifact, ...] = ()
    message: Message = NOTHING
    retry: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """The slice ends here; the same stage goes on from ``state`` in another slice, after ``wait`` seconds."""

    state: State
    wait: float = 0.0


class Workbench(Protocol):
    """The slice a stage runs in.

    Where the lease is lost the stage's task is cancelled: let ``CancelledError`` through and write
    nothing more. Objects a stage writes are named by `blob` (content hash) or `private` (this attempt
    only), so that two attempts at one step can never spoil each other's; what is `shared` must be true
    whoever wrote it.
    """

    store: ObjectStore
    meter: Meter
    inputs: dict[str, State]
    book_title: str
    """What the book is called, "" before any page said so. A stage that knows sets it; it is shown with heartbeats."""
    failures: list[PageFailure]
    """Pages that are missing from the book so far. A stage adds to them; they are published with its checkpoints."""

    @property
    def egress(self) -> Fetcher:
        """Fetches; what it fetches counts for ``meter``, and beyond the job's limits it fetches nothing."""

    @property
    def job_id(self) -> str:
        """The job's id."""

    @property
    def spec(self) -> JobSpec:
        """What was ordered."""

    @property
    def stopping(self) -> bool:
        """True once the budget is spent, cancel was asked, or the process must end: answer `Paused` soon."""

    def blob(self, data: bytes, suffix: str) -> str:
        """Name of the object that holds exactly this content, ``data/{job}/blobs/{sha256}{suffix}``."""

    def private(self, name: str) -> str:
        """Name no other attempt uses: ``data/{job}/{step}-{nonce}/{name}``."""

    def shared(self, name: str) -> str:
        """Name that every attempt at the job finds, ``data/{job}/{name}``: end it with something of this one's own."""

    async def keep(self, data: bytes, suffix: str) -> str:
        """Store a piece, together with others, and name it: the stage can read it after `flush`, the next in any case.

        Each attempt's pieces have names of their own. ``suffix`` says to people what it is.
        """

    async def flush(self) -> None:
        """Store what was kept so far; a checkpoint does that too."""

    def before_saving(self, act: Callable[[], Awaitable[None]]) -> None:
        """Have this done before each checkpoint of the stage, and before its output is stored."""

    def report(self, progress: Progress) -> None:
        """Show this with the next heartbeat; cheap, call it as often as you like."""

    async def save(self, state: Callable[[], State]) -> None:
        """Checkpoint where one is due (so that checkpoints take at most a twentieth of the time), else nothing.

        After it returned from a due checkpoint, a crash resumes from ``state()``.
        """

    async def compute(self, function: Callable[..., T], /, *args: Any) -> T:
        """Run a top-level function in a worker process; arguments and result are pickled.

        Exceptions of the function pass through; beyond its limits (`book.limits`), or where its process died twice,
        ``TooComplex`` is raised.
        """


StageFunction = Callable[[Workbench, State | None], Awaitable[Done | Paused]]
"""A stage: begins where the state is None, else goes on from it."""

AtEnd = Callable[[Workbench], Awaitable[None]]
"""Called with the bench of a job whose last stage is done, before the job ends."""

AtCancel = Callable[[str], Awaitable[None]]
"""Called with the id of a cancelled job for which services may still work; raises TransientError if one is away."""
