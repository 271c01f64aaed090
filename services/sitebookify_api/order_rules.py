"""Which orders this server takes: none while it is paused, and no bigger ones than it allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from sitebookify.errors import InvalidRequest
from sitebookify.messages import Message
from sitebookify.settings import Settings
from sitebookify.spec import OPTIONS, JobSpec
from sitebookify_api.status import Code, Refused, Status

_DEFAULT_PAGES = next(option.default for option in OPTIONS if option.name == "max_pages")
_PAUSE_SECONDS = 300.0
"""After which a client may ask a paused server again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """What the settings allow of new jobs and retries."""

    accepting: bool = True
    ignore_robots: bool = True
    max_pages: int = 10_000

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """By the server's settings."""
        return cls(
            accepting=settings.accept_jobs,
            ignore_robots=settings.allow_ignore_robots,
            max_pages=settings.max_pages_per_job,
        )

    def require_open(self) -> None:
        """Raise while the server is paused.

        Raises:
            Refused: 503, with the time to wait.
        """
        if not self.accepting:
            status = Status(
                code=Code.UNAVAILABLE, reason="PAUSED", message=Message("api.paused"), retry_after=_PAUSE_SECONDS
            )
            raise Refused(status)

    def checked(self, spec: JobSpec) -> JobSpec:
        """The spec, if this server makes such jobs; the default number of pages becomes what is allowed.

        Raises:
            InvalidRequest: the field that asks for too much.
        """
        if spec.ignore_robots and not self.ignore_robots:
            raise InvalidRequest("spec.ignoreRobots", Message("request.robots_not_ignored"))
        if spec.max_pages == _DEFAULT_PAGES:
            return replace(spec, max_pages=min(spec.max_pages, self.max_pages))
        if spec.max_pages > self.max_pages:
            raise InvalidRequest("spec.maxPages", Message("request.at_most", limit=self.max_pages))
        return spec
