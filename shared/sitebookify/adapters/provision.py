"""Topics and push subscriptions, made as the settings say and brought up to date on every further run.

It is for the emulator and for projects set up by hand; a project under Terraform has all of this from there.
What it does not do: grant the Pub/Sub service agent its roles on the dead-letter topic and the subscription
(https://cloud.google.com/pubsub/docs/dead-letter-topics#grant_forwarding_permissions).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from google.api_core.exceptions import (
    AlreadyExists,
    DeadlineExceeded,
    GoogleAPIError,
    InternalServerError,
    RetryError,
    ServiceUnavailable,
    TooManyRequests,
)
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.cloud.pubsub_v1 import (  # type: ignore[import-untyped]  # it has no types
    PublisherClient,
    SubscriberClient,
)
from google.pubsub_v1.types import DeadLetterPolicy, ExpirationPolicy, PushConfig, RetryPolicy, Subscription

from sitebookify.errors import SettingsError, TransientError
from sitebookify.settings import PushAuth, Settings

_PUSH_PATH = "/pubsub/push"
_CALL = {"retry": Retry(initial=0.2, maximum=2, timeout=20), "timeout": 10}
_AWAY = (DeadlineExceeded, InternalServerError, RetryError, ServiceUnavailable, TooManyRequests)
_MUTABLE = ("push_config", "ack_deadline_seconds", "retry_policy", "dead_letter_policy", "expiration_policy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """One topic or subscription: its full ``name`` and what was ``done``, such as ``created``."""

    name: str
    done: str


def provision(settings: Settings) -> Iterator[Provisioned]:
    """Create or update topics and subscriptions one by one; a second run with the same settings changes nothing.

    Raises:
        SettingsError: a setting it needs is missing, or Pub/Sub refuses what the settings ask for.
        TransientError: Pub/Sub, or the emulator, does not answer.
    """
    _check(settings)
    with _translated(settings), PublisherClient() as publisher, SubscriberClient() as subscriber:
        jobs = publisher.topic_path(settings.project_id, settings.topic)
        dead = publisher.topic_path(settings.project_id, settings.dead_letter_topic)
        for topic in (jobs, dead):
            yield _ensure_topic(publisher, topic)
        for wanted in (
            _subscription(settings, settings.dead_letter_subscription, dead, settings.deadletter_url),
            _subscription(settings, settings.subscription, jobs, settings.worker_url, dead_letter_topic=dead),
        ):
            yield _ensure_subscription(subscriber, wanted)


def _check(settings: Settings) -> None:
    missing = [name for name in ("project_id", "worker_url", "deadletter_url") if not getattr(settings, name)]
    if missing:
        raise SettingsError("\n".join(f"SITEBOOKIFY_{name.upper()}: needed to provision Pub/Sub" for name in missing))


def _subscription(settings: Settings, name: str, topic: str, url: str, *, dead_letter_topic: str = "") -> Subscription:
    """A push subscription as it should be; it never expires, however long no job comes."""
    wanted = Subscription(
        name=SubscriberClient.subscription_path(settings.project_id, name),
        topic=topic,
        push_config=PushConfig(push_endpoint=url + _PUSH_PATH, oidc_token=_oidc_token(settings, url)),
        ack_deadline_seconds=settings.ack_deadline_seconds,
        retry_policy=RetryPolicy(
            minimum_backoff=timedelta(seconds=settings.min_backoff_seconds),
            maximum_backoff=timedelta(seconds=settings.max_backoff_seconds),
        ),
        expiration_policy=ExpirationPolicy(),
    )
    if dead_letter_topic:
        wanted.dead_letter_policy = DeadLetterPolicy(
            dead_letter_topic=dead_letter_topic, max_delivery_attempts=settings.max_delivery_attempts
        )
    return wanted


def _oidc_token(settings: Settings, url: str) -> PushConfig.OidcToken | None:
    if settings.push_auth is PushAuth.NONE or not settings.push_identity:
        return None
    return PushConfig.OidcToken(service_account_email=settings.push_identity, audience=settings.push_audience or url)


def _ensure_topic(publisher: Any, name: str) -> Provisioned:
    try:
        publisher.create_topic(name=name, **_CALL)
    except AlreadyExists:
        return Provisioned(name=name, done="unchanged")
    return Provisioned(name=name, done="created")


def _ensure_subscription(subscriber: Any, wanted: Subscription) -> Provisioned:
    try:
        subscriber.create_subscription(request=wanted, **_CALL)
    except AlreadyExists:
        return _updated(subscriber, wanted)
    return Provisioned(name=wanted.name, done="created")


def _updated(subscriber: Any, wanted: Subscription) -> Provisioned:
    """Change what differs; an OIDC identity that the settings say nothing of stays as it is."""
    found = subscriber.get_subscription(subscription=wanted.name, **_CALL)
    if found.topic != wanted.topic:
        raise SettingsError(
            f"{wanted.name} is subscribed to {found.topic}, which cannot be changed: "
            f"delete it, or name another subscription; it has to be on {wanted.topic}"
        )
    push_config = PushConfig(found.push_config)
    push_config.push_endpoint = wanted.push_config.push_endpoint
    if wanted.push_config.oidc_token.service_account_email:
        push_config.oidc_token = wanted.push_config.oidc_token
    wanted.push_config = push_config
    differing = [field for field in _MUTABLE if getattr(found, field) != getattr(wanted, field)]
    if not differing:
        return Provisioned(name=wanted.name, done="unchanged")
    subscriber.update_subscription(subscription=wanted, update_mask={"paths": differing}, **_CALL)
    return Provisioned(name=wanted.name, done=f"updated ({', '.join(differing)})")


@contextmanager
def _translated(settings: Settings) -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise TransientError(f"Pub/Sub does not answer (project {settings.project_id}): {error}") from error
    except (GoogleAPIError, GoogleAuthError) as error:
        raise SettingsError(f"SITEBOOKIFY_PROJECT_ID={settings.project_id}: Pub/Sub refuses: {error}") from error
