"""What stands in the way of a start page that is refused: a challenge, or a form for a password.

Such pages come with a status of failure, and their words say more than the status does.
"""

from __future__ import annotations

from collections.abc import Mapping

STATUSES = frozenset({401, 403, 429, 503})
MAX_BYTES = 256 * 1024
"""Of the answer; a challenge is short, but for its scripts."""
_ANNOUNCED = {"cf-mitigated": frozenset({"challenge"}), "x-amzn-waf-action": frozenset({"challenge", "captcha"})}
"""Headers in which Cloudflare and Amazon say that the answer is a challenge."""


def is_announced(headers: Mapping[str, str]) -> bool:
    """True where the answer's headers say that it is a challenge."""
    return any(headers.get(name, "").strip().lower() in values for name, values in _ANNOUNCED.items())
