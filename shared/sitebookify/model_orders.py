"""Whether a job may be edited by a language model here: better refused at once than after the crawl."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from sitebookify.errors import InvalidRequest
from sitebookify.formats import Needed
from sitebookify.messages import Message
from sitebookify.settings import ExecutionMode, Settings
from sitebookify.spec import Edition, Engine, JobSpec

LIBRARY = Needed("openai", "pip install 'openai>=3.57' (the extra sitebookify[llm])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOrders:
    """What the settings allow.

    ``missing`` is what there is no model without; ``priced`` says whether costs are known, ``batches`` whether the
    model answers those.
    """

    missing: str
    priced: bool
    batches: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """By the server's settings; elsewhere the workers have the library."""
        missing = settings.missing_for_model
        if not missing and settings.execution_mode is ExecutionMode.INPROCESS and not LIBRARY.installed():
            missing = LIBRARY.install
        return cls(missing=missing, priced=settings.token_prices is not None, batches=settings.openai_batches)

    def check(self, spec: JobSpec) -> None:
        """Raise where the job cannot be made.

        Raises:
            InvalidRequest: the field that stands in the way.
        """
        edits = spec.render_engine is Engine.OPENAI
        if not edits and spec.toc_engine is not Engine.OPENAI:
            return
        if self.missing:
            field = "spec.renderEngine" if edits else "spec.tocEngine"
            raise InvalidRequest(field, Message("request.engine", setting=self.missing))
        if edits and not spec.language_code and spec.edition is not Edition.REWRITE:
            raise InvalidRequest("spec.languageCode", Message("request.edition_language"))
        if spec.batch and not self.batches:
            raise InvalidRequest("spec.batch", Message("request.batch", setting="SITEBOOKIFY_OPENAI_BATCHES"))
        self.check_limit(spec.max_cost, field="spec.maxCost")

    def check_limit(self, max_cost: float, *, field: str) -> None:
        """Raise where a limit in US dollars cannot be enforced.

        Raises:
            InvalidRequest: the field.
        """
        if max_cost and not self.priced:
            raise InvalidRequest(field, Message("request.unpriced"))
