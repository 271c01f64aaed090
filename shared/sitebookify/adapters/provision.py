"""Topics and push subscriptions, created from the settings and updated on every further run.

It is for the emulator and for projects that are set up by hand; Terraform creates all of this itself. It does not
grant the Pub/Sub service agent its roles on the dead-letter topic and the subscription
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
    """A topic or subscription: its full ``name``, and what was ``done``, such as ``created``."""

    name: str
    done: str


def provision(settings: Settings) -> Iterator[Provisioned]:
    """Create or update topics and subscriptions; a second run with the same settings changes nothing.

    Raises:
        SettingsError: a required setting is missing, or Pub/Sub refuses the settings.
        TransientError: Pub/Sub, or the emulator, does not answer.
    """
    _check(settings)
    with _translated(settings), PublisherClient() as publisher, SubscriberClient() as subscriber:
        jobs = publisher.topic_path(settings.project_id, settings.topic)
        dead = publisher.topic_path(settings.project_id, settings.dead_letter_topic)
        yield _ensure_topic(publisher, jobs)
        yield _ensure_topic(publisher, dead)
        dead_letters = _subscription(settings, settings.dead_letter_subscription, dead, settings.deadletter_url)
        yield _ensure_subscription(subscriber, dead_letters)
        deliveries = _subscription(settings, settings.subscription, jobs, settings.worker_url)
        deliveries.dead_letter_policy = DeadLetterPolicy(
            dead_letter_topic=dead,
            max_delivery_attempts=settings.max_delivery_attempts,
        )
        yield _ensure_subscription(subscriber, deliveries)


def _check(settings: Settings) -> None:
    required = ("project_id", "worker_url", "deadletter_url")
    missing = [name for name in required if not getattr(settings, name)]
    if missing:
        lines = (f"SITEBOOKIFY_{name.upper()}: needed to provision Pub/Sub" for name in missing)
        raise SettingsError("\n".join(lines))


def _subscription(settings: Settings, name: str, topic: str, url: str) -> Subscription:
    """A push subscription as it should be; it never expires, however long there is no job."""
    return Subscription(
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


def _oidc_token(settings: Settings, url: str) -> PushConfig.OidcToken | None:
    if settings.push_auth is PushAuth.NONE or not settings.push_identity:
        return None
    return PushConfig.OidcToken(
        service_account_email=settings.push_identity,
        audience=settings.push_audience or url,
    )


def _ensure_topic(publisher: Any, name: str) -> Provisioned:
    try:
        publisher.create_topic(name=name, **_CALL)
    except AlreadyExists:
        return Provisioned(name=name, done="unchanged")
    return Provisioned(name=name, done="created")


def _ensure_subscription(subscriber: Any, target: Subscription) -> Provisioned:
    try:
        subscriber.create_subscription(request=target, **_CALL)
    except AlreadyExists:
        return _update(subscriber, target)
    return Provisioned(name=target.name, done="created")


def _update(subscriber: Any, target: Subscription) -> Provisioned:
    """Change what differs; an OIDC identity stays if the settings name none."""
    current = subscriber.get_subscription(subscription=target.name, **_CALL)
    if current.topic != target.topic:
        raise SettingsError(
            f"{target.name} is subscribed to {current.topic}, which cannot be changed: "
            f"delete it, or name another subscription; it has to be on {target.topic}"
        )
    push_config = PushConfig(current.push_config)
    push_config.push_endpoint = target.push_config.push_endpoint
    if target.push_config.oidc_token.service_account_email:
        push_config.oidc_token = target.push_config.oidc_token
    target.push_config = push_config
    differing = [field for field in _MUTABLE if getattr(current, field) != getattr(target, field)]
    if not differing:
        return Provisioned(name=target.name, done="unchanged")
    subscriber.update_subscription(subscription=target, update_mask={"paths": differing}, **_CALL)
    return Provisioned(name=target.name, done=f"updated ({', '.join(differing)})")


@contextmanager
def _translated(settings: Settings) -> Iterator[None]:
    try:
        yield
    except _AWAY as error:
        raise TransientError(f"Pub/Sub does not answer (project {settings.project_id}): {error}") from error
    except (GoogleAPIError, GoogleAuthError) as error:
        raise SettingsError(f"SITEBOOKIFY_PROJECT_ID={settings.project_id}: Pub/Sub refuses: {error}") from error
