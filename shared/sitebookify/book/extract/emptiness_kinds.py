"""Why a page that answers has nothing to read: scripts draw it, it asks for a password, or it keeps programs out.

`emptiness` tells.
"""

from __future__ import annotations

from enum import StrEnum

from sitebookify.messages import Message


class Emptiness(StrEnum):
    """What stands in the way of a page's text; a reason in reports and jobs."""

    NEEDS_JAVASCRIPT = "NEEDS_JAVASCRIPT"
    NEEDS_LOGIN = "NEEDS_LOGIN"
    BLOCKED = "BLOCKED"


EXPLANATIONS: dict[str, Message] = {
    Emptiness.NEEDS_JAVASCRIPT: Message("job.needs_javascript"),
    Emptiness.NEEDS_LOGIN: Message("job.needs_login"),
    Emptiness.BLOCKED: Message("job.blocked"),
}
"""Of a site whose pages are like that, with what may help."""
