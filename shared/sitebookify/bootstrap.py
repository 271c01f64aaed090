"""The composition root: settings in, wired services out. Nothing connects before it is used."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

import structlog

from sitebookify import log as logs
from sitebookify.adapters.deferred import DeferredDispatcher, DeferredObjectStore
from sitebookify.adapters.inprocess import InProcessDispatcher
from sitebookify.adapters.local_store import LocalObjectStore
from sitebookify.adapters.parted_store import PartedObjectStore
from sitebookify.book.allowance import PageAllowance
from sitebookify.book.limits import MEBIBYTE
from sitebookify.book.stage import AtEnd
from sitebookify.egress import Egress, Fetcher, user_agent
from sitebookify.errors import SettingsError, TransientError
from sitebookify.formats import FILES, Format, Needed
from sitebookify.memory_limit import allow, data_size, of_container
from sitebookify.ports import JobDispatcher, LanguageModel, ModelBatches, ObjectStore
from sitebookify.repository import JobRepository
from sitebookify.runner.commands import JobCommands
from sitebookify.runner.compute import LEAST_MEMORY, ComputePool
from sitebookify.runner.local import QueueDispatcher, RetryPolicy
from sitebookify.runner.reconciler import Reconciler
from sitebookify.runner.slice import SliceRunner
from sitebookify.runner.slice_limits import SliceLimits
from sitebookify.runner.webhooks import WebhookSender
from sitebookify.secret_key import SecretKey
from sitebookify.settings import ExecutionMode, LogFormat, Settings

if TYPE_CHECKING:  # only who runs jobs needs it
    from sitebookify.adapters.openai_model import ModelSettings
    from sitebookify.book.edit.access import ModelAccess

log = structlog.get_logger()

_RUNNER = 176 * MEBIBYTE
"""What runs jobs, its fork server and a compute process that has done nothing yet: 137 MiB; the rest is for the crawl's
lists, and for results on their way."""
_OWN = 80 * MEBIBYTE
"""Of this, what the process that runs jobs may have itself."""
_SERVICE = 112 * MEBIBYTE
"""The API beside jobs that run in-process."""
_FOR_WORD = 0.6
"""Of the same, what the pandoc that writes for Word may take: compute processes rest meanwhile, and keep some."""
_NO_WAIT = timedelta(0)
_S3_LIBRARY = Needed("boto3", "pip install 'boto3>=1.40' (the extra sitebookify[s3])")
_AFTER_START = 0.1
"""Seconds from the application's start to the first answer, and some: imports would take the processor from it."""
_MODEL_FOLDERS = ("answers/", "spending/")
"""Of the object store: what language models answered, and what they cost in a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything a service may need, wired."""

    settings: Settings
    store: ObjectStore
    jobs: JobRepository
    dispatcher: JobDispatcher
    commands: JobCommands
    reconciler: Reconciler
    retry: RetryPolicy
    webhooks: WebhookSender
    egress: Egress

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Inside the block an in-process server works on its jobs; on its end all connections are closed."""
        loading = asyncio.create_task(self._load())
        try:
            if isinstance(self.dispatcher, InProcessDispatcher):
                async with self.dispatcher.running(), _reconciling(self.reconciler, self.settings):
                    yield
            else:
                yield
        finally:
            await asyncio.gather(loading, return_exceptions=True)
            await self.egress.close()
            if close := getattr(self.dispatcher, "close", None):
                await close()

    async def _load(self) -> None:
        """Libraries that take long to import, once the service answers."""
        await asyncio.sleep(_AFTER_START)
        await asyncio.to_thread(self.egress.load)
        if isinstance(self.store, DeferredObjectStore):
            await asyncio.to_thread(self.store.load)
        if isinstance(self.dispatcher, DeferredDispatcher):
            await self.dispatcher.load()


def configure_logging(settings: Settings, *, service: str) -> None:
    """Set structlog up for this process."""
    logs.configure_logging(
        service=service,
        project_id=settings.project_id,
        level=settings.log_level,
        human=settings.log_format is LogFormat.CONSOLE,
    )


def open_services(settings: Settings, *, dispatcher: JobDispatcher | None = None) -> Services:
    """Wire the services that ``settings`` ask for.

    Raises:
        SettingsError: the settings do not fit together.
    """
    store = open_store(settings)
    key = SecretKey(settings.secret_key.get_secret_value(), store)
    jobs = JobRepository(store, key=key)
    retry = RetryPolicy(
        jobs=jobs,
        max_deliveries=settings.max_delivery_attempts,
        max_backoff=timedelta(seconds=settings.max_backoff_seconds),
        retention=settings.retention,
    )
    dispatcher = dispatcher or _dispatcher(settings, retry)
    name = user_agent(settings.contact, settings.user_agent)
    egress = Egress(allow_private=settings.allow_private_networks, user_agent=name)
    webhooks = WebhookSender(jobs=jobs, egress=egress, secrets=settings.webhook_secrets)
    return Services(
        settings=settings,
        store=store,
        jobs=jobs,
        dispatcher=dispatcher,
        commands=JobCommands(
            jobs=jobs,
            store=store,
            dispatcher=dispatcher,
            retention=settings.retention,
            key=key,
            ignore_robots=settings.ignore_robots,
        ),
        reconciler=_reconciler(settings, jobs, store, dispatcher, webhooks),
        retry=retry,
        webhooks=webhooks,
        egress=egress,
    )


def open_store(settings: Settings) -> ObjectStore:
    """The object store: the bucket where one is set, else the data directory.

    Raises:
        SettingsError: workers on several machines would not share the store, or S3's library is missing.
    """
    if settings.s3_bucket:
        if not _S3_LIBRARY.installed():
            raise SettingsError(f"SITEBOOKIFY_ARTIFACT_BUCKET: a bucket on S3 needs {_S3_LIBRARY.install}")
        return cast("ObjectStore", DeferredObjectStore(lambda: _s3(settings)))
    if settings.artifact_bucket:
        return cast("ObjectStore", DeferredObjectStore(lambda: _gcs(settings)))  # it forwards whatever the port has
    if settings.execution_mode is ExecutionMode.WORKER and not os.environ.get("PUBSUB_EMULATOR_HOST"):
        raise SettingsError(
            "SITEBOOKIFY_ARTIFACT_BUCKET: needed where SITEBOOKIFY_EXECUTION_MODE=worker: API and worker run on "
            "different machines and share nothing but the bucket (on one machine with the Pub/Sub emulator, set "
            "PUBSUB_EMULATOR_HOST and they share SITEBOOKIFY_DATA_DIR)"
        )
    local = LocalObjectStore(settings.data_dir)
    if settings.answers_dir is None:
        return local
    return PartedObjectStore(local, LocalObjectStore(settings.answers_dir), folders=_MODEL_FOLDERS)


def _gcs(settings: Settings) -> ObjectStore:
    from sitebookify.adapters.gcs_store import GcsObjectStore  # noqa: PLC0415 - costs half a second; local never pays

    return GcsObjectStore(settings.artifact_bucket)


def _s3(settings: Settings) -> ObjectStore:
    from sitebookify.adapters.s3_store import S3ObjectStore  # noqa: PLC0415 - its library is an extra

    return S3ObjectStore(settings.s3_bucket, public_endpoint=settings.s3_public_endpoint)


def open_slices(
    services: Services, dispatcher: JobDispatcher, *, fetcher: Fetcher | None = None, at_end: AtEnd | None = None
) -> tuple[SliceRunner, ComputePool]:
    """A runner of slices that continues through ``dispatcher``, and the pool it computes in; close the pool.

    ``fetcher`` answers the jobs' requests instead of the web. ``at_end`` is called with the bench of each job whose
    last stage is done, before the job ends.
    """
    from sitebookify.book.edit.access import cancel_batches  # noqa: PLC0415 - only who runs jobs pays
    from sitebookify.book.pipeline import pipeline  # noqa: PLC0415 - parsers and pandoc: only who runs jobs pays

    settings = services.settings
    memory = task_memory(settings, of_container())
    if memory is not None:
        allow(data_size() + int(memory * _FOR_WORD))
    pool = ComputePool(settings.compute_processes, memory=memory, own=_OWN)
    access = model_access(settings)
    runner = SliceRunner(
        jobs=services.jobs,
        store=services.store,
        dispatcher=dispatcher,
        egress=fetcher or services.egress,
        compute=pool,
        pipeline=pipeline(
            image_side=settings.image_side,
            longest_kb=_longest_kb(settings),
            at_end=at_end,
            model=access,
        ),
        at_cancel=partial(cancel_batches, access),
        limits=SliceLimits(
            lease=timedelta(seconds=settings.lease_seconds),
            heartbeat=timedelta(seconds=settings.heartbeat_seconds),
            budget=timedelta(seconds=settings.slice_budget_seconds),
            overrun=_overrun(settings),
            grace=timedelta(seconds=settings.grace_seconds),
            checkpoint=timedelta(seconds=settings.checkpoint_seconds),
            max_attempts=settings.max_attempts,
            retention=settings.retention,
            allowance=_allowance(settings),
        ),
    )
    return runner, pool


def model_access(settings: Settings) -> ModelAccess:
    """The language model that jobs may ask; its library is loaded when the first job asks it."""
    from sitebookify.book.edit.access import ModelAccess  # noqa: PLC0415 - only who runs jobs pays
    from sitebookify.book.edit.budget import TokenPrices  # noqa: PLC0415 - only who runs jobs pays

    input_price, output_price = settings.token_prices or (0.0, 0.0)
    missing = settings.missing_for_model or ("" if settings.model_key else "SITEBOOKIFY_OPENAI_API_KEY")
    return ModelAccess(
        connect=None if missing else lambda: _openai(settings),
        missing=missing,
        concurrency=settings.openai_concurrency,
        prices=TokenPrices(input=input_price, output=output_price),
        max_cost=settings.openai_max_cost_per_job,
        max_cost_per_day=settings.openai_max_cost_per_day,
        batches=None if missing or not settings.openai_batches else lambda: _openai_batches(settings),
        reasoning=settings.openai_reasoning_effort not in ("none", "minimal"),
    )


def _openai(settings: Settings) -> LanguageModel:
    from sitebookify.adapters.openai_model import (  # noqa: PLC0415 - takes half a second and 50 MB: only who edits pays
        OpenAiModel,
    )

    return OpenAiModel(_model_settings(settings))


def _openai_batches(settings: Settings) -> ModelBatches:
    from sitebookify.adapters.openai_batches import OpenAiBatches  # noqa: PLC0415 - loads openai, as `_openai` does

    return OpenAiBatches(_model_settings(settings))


def _model_settings(settings: Settings) -> ModelSettings:
    from sitebookify.adapters.openai_model import ModelSettings  # noqa: PLC0415 - loads openai, as `_openai` does

    return ModelSettings(
        key=settings.model_key,
        base_url=settings.openai_base_url,
        model=settings.openai_model,
        api=settings.openai_api,
        effort=settings.openai_reasoning_effort,
        structured=settings.openai_structured,
        timeout=settings.openai_timeout_seconds,
    )


def _allowance(settings: Settings) -> PageAllowance:
    return PageAllowance(
        requests=settings.job_requests_per_page,
        seconds=settings.job_seconds_per_page,
        bytes=settings.job_mb_per_page * 1_000_000,
        objects=settings.job_objects_per_page,
    )


def task_memory(settings: Settings, container: int | None) -> int | None:
    """Bytes that each compute process and its children may take, so that all processes fit into the container.

    None where neither settings nor the container name a limit.
    """
    limit = settings.memory_mib * MEBIBYTE or container
    if not limit:
        return None
    inprocess = settings.execution_mode is ExecutionMode.INPROCESS
    runners = settings.inprocess_jobs if inprocess else 1
    left = limit - runners * _RUNNER - (_SERVICE if inprocess else 0)
    return max(LEAST_MEMORY, left // (runners * settings.compute_processes))


def _longest_kb(settings: Settings) -> dict[Format, int]:
    """KB of text of the longest book that comes in a format, where a setting says so."""
    bounded = [(file.format, file.bound) for file in FILES if file.format and file.bound]
    return {chosen: getattr(settings, bound.setting) for chosen, bound in bounded if bound.setting}


def _overrun(settings: Settings) -> timedelta:
    """What is left of a delivery after the budget, less a tenth for the commit; the same where there is no broker."""
    return timedelta(seconds=max(settings.ack_deadline_seconds * 0.9 - settings.slice_budget_seconds, 0))


def open_local(settings: Settings) -> tuple[Services, QueueDispatcher]:
    """Services for running jobs to their end in this process (see `runner.local`)."""
    queue = QueueDispatcher()
    return open_services(settings, dispatcher=queue), queue


def _dispatcher(settings: Settings, retry: RetryPolicy) -> JobDispatcher:
    if settings.execution_mode is ExecutionMode.WORKER:
        return DeferredDispatcher(lambda: _pubsub(settings))
    return InProcessDispatcher(
        command=_child_command,
        jobs=settings.inprocess_jobs,
        retry=retry.after_failure,
        following=retry.following,
        turn=settings.turn_seconds,
    )


def _pubsub(settings: Settings) -> JobDispatcher:
    from sitebookify.adapters.pubsub import PubSubDispatcher  # noqa: PLC0415 - gRPC costs 50 MB; local never pays

    return PubSubDispatcher(project_id=settings.project_id, topic=settings.topic)


def _child_command(job_id: str, step: int, traceparent: str) -> list[str]:
    return [sys.executable, "-m", "sitebookify.cli.job", job_id, str(step), traceparent]


def _reconciler(
    settings: Settings, jobs: JobRepository, store: ObjectStore, dispatcher: JobDispatcher, webhooks: WebhookSender
) -> Reconciler:
    longest = settings.lease_seconds
    if settings.execution_mode is ExecutionMode.WORKER:
        longest += settings.ack_deadline_seconds + settings.max_backoff_seconds
    return Reconciler(
        jobs=jobs,
        store=store,
        dispatcher=dispatcher,
        webhooks=webhooks,
        unsent=timedelta(seconds=settings.reconcile_seconds),
        silence=timedelta(seconds=longest),
        retention=settings.retention,
        queued=dispatcher.holds if isinstance(dispatcher, InProcessDispatcher) else None,
    )


@contextlib.asynccontextmanager
async def _reconciling(reconciler: Reconciler, settings: Settings) -> AsyncIterator[None]:
    """Reconcile at once, since a new process has an empty queue, and then again and again."""

    async def rounds() -> None:
        silence: timedelta | None = _NO_WAIT
        while True:
            try:
                await reconciler.run(silence=silence)
                silence = None
            except TransientError as error:
                log.warning("reconcile.failed", why=str(error))
            except Exception:  # without the next rounds, no job would be picked up again
                log.exception("reconcile.failed")
            await asyncio.sleep(min(settings.reconcile_seconds, settings.lease_seconds))

    task = asyncio.create_task(rounds())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
