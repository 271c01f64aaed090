"""Provisioning on the emulator: what is made, and what a second run changes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from google.cloud.pubsub_v1 import SubscriberClient  # type: ignore[import-untyped]  # it has no types

from sitebookify.adapters.provision import provision
from sitebookify.errors import SettingsError
from sitebookify.settings import Settings, load_settings
from support.emulator import Emulator


@pytest.fixture
def project_id(emulator: Emulator) -> str:
    assert emulator.running
    return f"test-{uuid.uuid4().hex[:8]}"


def _settings(project_id: str, **more: Any) -> Settings:
    return load_settings(
        project_id=project_id, worker_url="http://127.0.0.1:9001/", deadletter_url="http://127.0.0.1:9002", **more
    )


def _subscription(settings: Settings, name: str) -> Any:
    with SubscriberClient() as client:
        return client.get_subscription(subscription=client.subscription_path(settings.project_id, name))


def _done(settings: Settings) -> dict[str, str]:
    return {item.name.rpartition("/")[2]: item.done for item in provision(settings)}


def test_the_first_run_creates_both_topics_and_both_push_subscriptions(project_id: str) -> None:
    assert _done(_settings(project_id)) == dict.fromkeys(
        ["sitebookify-jobs", "sitebookify-dead-letter", "sitebookify-dead-letter-push", "sitebookify-jobs-push"],
        "created",
    )


def test_the_worker_s_subscription_is_as_the_settings_say(project_id: str) -> None:
    """Endpoint, ack deadline, backoff and dead-letter policy come from settings; it never expires."""
    settings = _settings(project_id, min_backoff_seconds=7, max_backoff_seconds=70, max_delivery_attempts=9)
    list(provision(settings))
    made = _subscription(settings, settings.subscription)
    assert made.push_config.push_endpoint == "http://127.0.0.1:9001/pubsub/push"
    assert made.ack_deadline_seconds == 600
    assert (made.retry_policy.minimum_backoff.seconds, made.retry_policy.maximum_backoff.seconds) == (7, 70)
    assert made.dead_letter_policy.dead_letter_topic == f"projects/{project_id}/topics/sitebookify-dead-letter"
    assert made.dead_letter_policy.max_delivery_attempts == 9
    assert "expiration_policy" in made  # there and empty: never; not there: after 31 idle days
    assert not made.expiration_policy.ttl


def test_the_dead_letter_subscription_has_no_dead_letter_policy_of_its_own(project_id: str) -> None:
    """What the handler cannot take comes again until it can."""
    settings = _settings(project_id)
    list(provision(settings))
    made = _subscription(settings, settings.dead_letter_subscription)
    assert made.push_config.push_endpoint == "http://127.0.0.1:9002/pubsub/push"
    assert not made.dead_letter_policy.dead_letter_topic


def test_the_identity_that_pushes_goes_into_both_subscriptions_and_stays_there(project_id: str) -> None:
    """A later run that knows of no identity, as a person's own, does not take it away."""
    settings = _settings(project_id, push_identity="pusher@example.iam.gserviceaccount.com")
    list(provision(settings))
    list(provision(_settings(project_id, ack_deadline_seconds=30)))
    for name, url in (
        (settings.subscription, settings.worker_url),
        (settings.dead_letter_subscription, settings.deadletter_url),
    ):
        token = _subscription(settings, name).push_config.oidc_token
        assert (token.service_account_email, token.audience) == (settings.push_identity, url)


def test_a_second_run_changes_nothing(project_id: str) -> None:
    list(provision(_settings(project_id)))
    assert set(_done(_settings(project_id)).values()) == {"unchanged"}


def test_a_second_run_updates_what_differs_and_says_what(project_id: str) -> None:
    list(provision(_settings(project_id)))
    changed = _settings(project_id, ack_deadline_seconds=30, max_delivery_attempts=6)
    assert _done(changed)["sitebookify-jobs-push"] == "updated (ack_deadline_seconds, dead_letter_policy)"
    assert _subscription(changed, changed.subscription).ack_deadline_seconds == 30
    assert set(_done(changed).values()) == {"unchanged"}


def test_a_subscription_on_another_topic_is_refused_with_what_to_do(project_id: str) -> None:
    """Pub/Sub cannot move a subscription; deleting one is a person's decision."""
    list(provision(_settings(project_id)))
    with pytest.raises(SettingsError, match="delete it, or name another subscription"):
        list(provision(_settings(project_id, topic="sitebookify-others")))


def test_every_missing_setting_is_named() -> None:
    with pytest.raises(SettingsError) as raised:
        list(provision(load_settings()))
    assert [line.partition(":")[0] for line in str(raised.value).splitlines()] == [
        "SITEBOOKIFY_PROJECT_ID",
        "SITEBOOKIFY_WORKER_URL",
        "SITEBOOKIFY_DEADLETTER_URL",
    ]


def test_a_name_that_pubsub_refuses_is_a_settings_error(emulator: Emulator) -> None:
    assert emulator.running
    with pytest.raises(SettingsError, match="Pub/Sub refuses"):
        list(provision(_settings("x", topic="goog-reserved")))
