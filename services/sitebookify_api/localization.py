"""Errors in the reader's language: what is said in English gets a google.rpc.LocalizedMessage beside it."""

from __future__ import annotations

from dataclasses import replace

from sitebookify_api.language import DEFAULT, Texts, texts, translated
from sitebookify_api.status import LocalizedMessage, Status, Violation

_ANY_FIELD = "FIELD"


def localized(status: Status, language: str) -> Status:
    """The status with its texts in the language; as it is where that is English.

    A sentence without a translation of its own is said by the error's reason, which has less detail.
    """
    if language == DEFAULT:
        return status
    words = texts(language)
    violations = tuple(_violation(item, words) for item in status.violations)
    message = _of_fields(violations, words) if violations else _said(status.message, status.reason, words)
    return replace(status, violations=violations, localized=LocalizedMessage(language, message))


def _violation(violation: Violation, words: Texts) -> Violation:
    text = _said(violation.description, _ANY_FIELD if violation.field else "INVALID_REQUEST", words)
    return replace(violation, localized=LocalizedMessage(words.language, text))


def _of_fields(violations: tuple[Violation, ...], words: Texts) -> str:
    first = violations[0]
    assert first.localized  # noqa: S101 - every violation has just been localized
    message = f"{first.field}: {first.localized.message}" if first.field else first.localized.message
    more = len(violations) - 1
    return message + words.refused["and_more"].format(more) if more else message


def _said(message: str, reason: str, words: Texts) -> str:
    return translated(message, words.refused) or words.refused.get(reason) or message
