"""Jobs dispatched over a Pub/Sub topic."""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading

import structlog
from google.api_core.exceptions import GoogleAPIError
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.cloud.pubsub_v1 import PublisherClient  # type: ignore[import-untyped]  # it has no types

from sitebookify.errors import TransientError
from sitebookify.push import JobMessage

log = structlog.get_logger()


class PubSubDispatcher:
    """Publishes one message for every dispatch and waits until the broker has it.

    Nothing is connected, nor are credentials looked for, before the first message. ``PUBSUB_EMULATOR_HOST``
    in the environment leads the client to an emulator. ``timeout`` is in seconds and covers the client's retries.
    """

    def __init__(self, *, project_id: str, topic: str, timeout: float = 10) -> None:
        self._topic = PublisherClient.topic_path(project_id, topic)
        self._timeout = timeout
        self._client: PublisherClient | None = None
        self._lock = threading.Lock()
        self._unanswered: set[concurrent.futures.Future[str]] = set()

    async def dispatch(self, job_id: str, step: int, *, traceparent: str = "") -> None:
        """Publish ``{job_id, step}``; the attributes repeat the id for filters and carry the trace.

        Raises:
            TransientError: the broker did not confirm it in time, or refused it.
        """
        attributes = {"job_id": job_id} | ({"traceparent": traceparent} if traceparent else {})
        data = JobMessage(job_id=job_id, step=step).to_json()
        try:
            async with asyncio.timeout(self._timeout):
                message_id = await self._publish(data, attributes)
        except TimeoutError as error:
            raise TransientError(f"{self._topic} did not confirm the message within {self._timeout:g} s") from error
        except (GoogleAPIError, GoogleAuthError) as error:
            raise TransientError(f"{self._topic} did not take the message: {error}") from error
        log.info("message.published", message_id=message_id, step=step)

    async def close(self) -> None:
        """Let the connection go; messages already confirmed are not affected.

        The client's own thread may still try to send what a dispatch has given up; it fails loudly where its
        connection is closed under it, so it gets as long as it was given.
        """
        client, self._client = self._client, None
        if client:
            await asyncio.to_thread(client.stop)
            await asyncio.to_thread(concurrent.futures.wait, set(self._unanswered), self._timeout)
            await asyncio.to_thread(client.transport.close)

    async def _publish(self, data: bytes, attributes: dict[str, str]) -> str:
        client = await asyncio.to_thread(self._connected)
        retry = Retry(initial=0.1, maximum=2, timeout=self._timeout)
        future = client.publish(self._topic, data, retry=retry, timeout=self._timeout, **attributes)
        self._unanswered.add(future)
        future.add_done_callback(self._unanswered.discard)
        return await asyncio.wrap_future(future)

    def _connected(self) -> PublisherClient:
        """The client; making it may ask the metadata server for credentials, so never on the event loop."""
        with self._lock:
            self._client = self._client or PublisherClient()
            return self._client
