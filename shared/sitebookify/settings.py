"""Every setting of every service, read once from ``SITEBOOKIFY_*`` and checked at start.

``Settings()`` reads the environment; ``load_settings`` turns a bad value into a ``SettingsError`` that
starts with the variable's name. ``docs/settings.md`` is checked against this class by a test.
"""

from __future__ import annotations

import os
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from sitebookify.errors import SettingsError
from sitebookify.formats import DOCX_LONGEST_KB, PDF_LONGEST_KB
from sitebookify.standard_webhooks import key_of

_PREFIX = "SITEBOOKIFY_"
_S3 = "s3://"
LEAST_SECRET = 32
"""Characters of a secret key, such as ``openssl rand -hex 32`` gives twice as many of."""
Seconds = Annotated[float, Field(gt=0, le=86_400)]
_PubSubId = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9._~%+-]{2,254}$")]


class ExecutionMode(StrEnum):
    """Who runs the jobs: child processes of the API, or workers behind a Pub/Sub push subscription."""

    INPROCESS = "inprocess"
    WORKER = "worker"


class PushAuth(StrEnum):
    """How push requests are authenticated; NONE is only for your own machine."""

    OIDC = "oidc"
    NONE = "none"


class LogFormat(StrEnum):
    """JSON lines for Cloud Logging, or coloured lines for people."""

    JSON = "json"
    CONSOLE = "console"


class ModelApi(StrEnum):
    """How a language model is asked: OpenAI's Responses API, or the Chat Completions API that most servers have."""

    RESPONSES = "responses"
    CHAT = "chat"


class Settings(BaseSettings):
    """The settings; each description is the setting's line in ``docs/settings.md``."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True, env_ignore_empty=True)

    execution_mode: ExecutionMode = Field(
        ExecutionMode.INPROCESS,
        description="what runs jobs: `inprocess` (child processes of the API) or `worker` (workers behind Pub/Sub)",
    )
    data_dir: Path = Field(Path("data"), description="directory of the local object store")
    answers_dir: Path | None = Field(
        None,
        description="directory of the language model's answers, which later books reuse; default: the data directory, "
        "and for `sitebookify build` the directory `sitebookify` in `XDG_DATA_HOME` or `~/.local/share`",
    )
    artifact_bucket: str = Field(
        "",
        description="bucket to use instead of the local directory: its name on Cloud Storage, or `s3://name` on S3 "
        "or a server that speaks its protocol (the extra `sitebookify[s3]`; set `AWS_ENDPOINT_URL_S3`, "
        "`AWS_REGION`, `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` as usual)",
    )
    s3_public_endpoint: str = Field(
        "",
        description="URL at which browsers reach the S3 server, so that they download from it; if it is unset and "
        "`AWS_ENDPOINT_URL_S3` names a server, the API sends the files itself",
    )

    project_id: str = Field("", description="Google Cloud project of the topics and logs")
    topic: _PubSubId = Field("sitebookify-jobs", description="topic for job messages")
    subscription: _PubSubId = Field("sitebookify-jobs-push", description="push subscription of the worker")
    dead_letter_topic: _PubSubId = Field("sitebookify-dead-letter", description="topic for undeliverable messages")
    dead_letter_subscription: _PubSubId = Field(
        "sitebookify-dead-letter-push", description="push subscription of the dead-letter handler"
    )
    worker_url: str = Field("", description="base URL at which Pub/Sub reaches the worker")
    deadletter_url: str = Field("", description="base URL at which Pub/Sub reaches the dead-letter handler")
    push_auth: PushAuth = Field(
        PushAuth.OIDC, description="`oidc` verifies push tokens; `none` does not (only on your own machine)"
    )
    push_identity: str = Field("", description="e-mail address of the service account that sends pushes")
    push_audience: str = Field("", description="audience of push tokens; default: the service's own URL")
    push_certificates_url: str = Field(
        "https://www.googleapis.com/oauth2/v1/certs", description="URL of the certificates that verify push tokens"
    )
    internal_token: SecretStr = Field(
        SecretStr(""), description="bearer token for the `/internal/` routes; if unset, they answer 403"
    )

    ack_deadline_seconds: int = Field(600, ge=10, le=600, description="ack deadline of the push subscriptions")
    min_backoff_seconds: int = Field(30, ge=0, le=600, description="minimum time before a redelivery")
    max_backoff_seconds: int = Field(600, ge=0, le=600, description="maximum time before a redelivery")
    max_delivery_attempts: int = Field(5, ge=5, le=100, description="deliveries after which a message is dead-lettered")

    slice_budget_seconds: Seconds = Field(300, description="time after which a slice commits and hands over")
    lease_seconds: Seconds = Field(20, description="time after which a silent worker loses its job")
    heartbeat_seconds: Seconds = Field(5, description="time between two renewals of a lease")
    checkpoint_seconds: Seconds = Field(2, description="minimum time between two checkpoints in a slice")
    grace_seconds: Seconds = Field(8, description="time to commit after SIGTERM (Cloud Run allows 10 s)")
    max_attempts: int = Field(15, ge=1, le=1000, description="attempts at one step after which the job fails")
    worker_slices: int = Field(2, ge=1, le=64, description="slices that one worker runs at a time")
    inprocess_jobs: int = Field(2, ge=1, le=64, description="jobs that the API runs at a time in `inprocess` mode")
    compute_processes: int = Field(2, ge=1, le=64, description="processes for extraction and rendering, per worker")
    turn_seconds: Seconds = Field(
        30, description="time after which a job makes way for one that waits, in `inprocess` mode"
    )
    job_requests_per_page: int = Field(
        40, ge=1, le=10_000, description="maximum number of requests per job, for each page ordered and 20 more"
    )
    job_seconds_per_page: Seconds = Field(
        75, description="the same for the seconds that fetching may take; after twice as many the job is ended"
    )
    job_mb_per_page: int = Field(8, ge=1, le=10_000, description="the same for the MB that a job may fetch")
    job_objects_per_page: int = Field(60, ge=10, le=10_000, description="the same for the files that a job may store")
    memory_mib: int = Field(
        0,
        ge=0,
        le=1_000_000,
        description="memory of the container in MiB; 0: the limit of its control group, if it has one",
    )
    image_side: int = Field(
        1600, ge=64, le=10_000, description="longest side of an image in pixels; larger images are scaled down"
    )
    pdf_longest_kb: int = Field(
        PDF_LONGEST_KB,
        ge=10,
        le=100_000,
        description="KB of text of the longest book that is also made as PDF; typst needs half a MiB of memory per KB",
    )
    docx_longest_kb: int = Field(
        DOCX_LONGEST_KB,
        ge=10,
        le=100_000,
        description="KB of text of the longest book that is also made for Word; pandoc needs a quarter of a MiB per KB",
    )
    reconcile_seconds: Seconds = Field(60, description="time after which an unsent or silent job is sent again")
    retention_days: float = Field(30, gt=0, le=3650, description="days for which an ended job and its book are kept")

    allow_private_networks: bool = Field(
        default=False, description="allow jobs to fetch from private addresses and any port (only for local use)"
    )
    ignore_robots: bool = Field(
        default=False, description="ignore robots.txt in all jobs and previews (only for sites you own)"
    )
    contact: str = Field("", max_length=200, description="URL or e-mail address to include in the crawler's User-Agent")
    user_agent: str = Field(
        "",
        max_length=300,
        pattern=r"^[ -~]*$",
        description="the crawler's whole User-Agent, if a site turns away programs that it does not know; "
        "by default sitebookify's name, version and contact",
    )

    public_url: str = Field("", description="base URL of the links that the API returns; default: that of the request")
    signing_key: SecretStr = Field(
        SecretStr(""),
        description="key that signs download URLs; default: a random one, so URLs stop working at a restart",
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="key, the same in every service, that makes job ids out of request ids and encrypts the secrets of "
        "jobs at rest; default: one that is made once and kept in the object store",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="secret (`whsec_…`) that signs the webhooks of jobs that have none of their own; to rotate it, "
        "list several, separated by commas; if unset, such jobs are refused",
    )
    api_keys: str = Field(
        "",
        pattern=r"^(\s*[A-Za-z0-9_.-]{1,64}:[0-9a-fA-F]{64}\s*(,|$))*$",
        description="API keys as `name:sha256` (in hex), separated by commas; if unset, no key is required",
    )
    server_private: bool = Field(
        default=False, description="let any caller list all jobs (on a laptop or in a closed network)"
    )
    accept_jobs: bool = Field(
        default=True, description="accept new jobs and retries; if false, the API answers 503 and running jobs go on"
    )
    allow_ignore_robots: bool = Field(default=True, description="accept jobs that ignore robots.txt")
    max_pages_per_job: int = Field(10_000, ge=1, le=10_000, description="maximum number of pages that a job may order")
    max_active_jobs: int = Field(
        1000, ge=1, le=1_000_000, description="maximum number of queued and running jobs; beyond it the API answers 429"
    )
    max_active_jobs_per_client: int = Field(
        50, ge=1, le=1_000_000, description="the same per API key, or per address where there are no keys"
    )
    max_previews: int = Field(8, ge=1, le=1000, description="concurrent previews; a quarter of them per client")
    max_searches: int = Field(16, ge=1, le=1000, description="concurrent searches in books; a quarter per client")
    max_watchers: int = Field(
        2000, ge=1, le=1_000_000, description="concurrent `:watch` streams and `:wait` calls; a quarter per client"
    )
    token_price_input: float = Field(
        0, ge=0, description="US dollars per million input tokens, for the cost in previews"
    )
    token_price_output: float = Field(
        0, ge=0, description="US dollars per million output tokens, for the cost in previews"
    )
    openai_api_key: SecretStr = Field(
        SecretStr(""),
        description="key of the language model's service, for translated books; default: `OPENAI_API_KEY`. Only "
        "the processes that run jobs need it",
    )
    openai_base_url: str = Field(
        "https://api.openai.com/v1", description="base URL of the language model's service, of any vendor"
    )
    openai_model: str = Field(
        "", max_length=200, description="name of the language model; if unset, `ENGINE_OPENAI` is refused"
    )
    openai_api: ModelApi = Field(
        ModelApi.RESPONSES, description="API that the service speaks: `responses`, or `chat` (Chat Completions)"
    )
    openai_reasoning_effort: str = Field(
        "", pattern="^[a-z]{0,16}$", description="reasoning effort to ask for, such as `low`; default: the model's own"
    )
    openai_structured: bool = Field(
        default=True, description="send a JSON schema of the answer; turn it off if the service refuses that"
    )
    openai_concurrency: int = Field(
        8, ge=1, le=256, description="maximum number of concurrent requests to the model, per job"
    )
    openai_timeout_seconds: Seconds = Field(120, description="time after which a request to the model is given up")
    openai_batches: bool = Field(
        default=False, description="accept jobs with `batch`; the service must have OpenAI's Batch API"
    )
    openai_max_cost_per_job: float = Field(
        0, ge=0, description="maximum cost of the model per job in US dollars, at the token prices; 0: no limit"
    )
    openai_max_cost_per_day: float = Field(
        0, ge=0, description="maximum cost of the model per day (UTC) in US dollars, for all jobs together; 0: no limit"
    )
    proxy_hops: int = Field(0, ge=0, le=8, description="number of trusted proxies in front of the API (Cloud Run: 1)")
    allowed_hosts: str = Field(
        "",
        description="host names that the API answers to, separated by commas (`*.example.com` for all below); default: "
        "on loopback and on private servers those of this machine or network and of the public URL, else any",
    )
    request_seconds: Seconds = Field(20, description="time within which a client must have sent a whole request")
    keep_alive_seconds: int = Field(
        620,
        ge=1,
        le=86_400,
        description="time for which an idle connection is kept; longer than the load balancer's own (600 s on most), "
        "which would send requests into connections that close",
    )
    cors_origins: str = Field("", description="origins whose pages may call the API, separated by commas, or `*`")
    download_url_seconds: int = Field(3600, ge=60, le=604_800, description="lifetime of a download URL in seconds")

    host: str = Field("127.0.0.1", description="address that a service listens on")
    port: int = Field(8080, ge=1, le=65535, description="port that a service listens on")
    log_format: LogFormat = Field(LogFormat.JSON, description="`json` (Cloud Logging) or `console`")
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="lowest severity that is logged")

    @field_validator("worker_url", "deadletter_url", "public_url", "openai_base_url", "s3_public_endpoint")
    @classmethod
    def _is_base_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _signs(cls, value: SecretStr) -> SecretStr:
        for secret in _listed(value.get_secret_value()):
            key_of(secret)
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < LEAST_SECRET:
            raise ValueError(f"must have at least {LEAST_SECRET} characters")
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.openai_api_key.get_secret_value() and not self.openai_model:
            raise ValueError(f"{_PREFIX}OPENAI_MODEL: required with {_PREFIX}OPENAI_API_KEY")
        for limit in ("job", "day"):
            if getattr(self, f"openai_max_cost_per_{limit}") and not self.token_prices:
                name = f"{_PREFIX}OPENAI_MAX_COST_PER_{limit.upper()}"
                raise ValueError(f"{name}: needs {_PREFIX}TOKEN_PRICE_INPUT and _OUTPUT")
        if self.heartbeat_seconds * 2 > self.lease_seconds:
            raise ValueError(f"{_PREFIX}HEARTBEAT_SECONDS: must be at most half of {_PREFIX}LEASE_SECONDS")
        if self.execution_mode is ExecutionMode.WORKER:
            if not self.project_id:
                raise ValueError(f"{_PREFIX}PROJECT_ID: required with {_PREFIX}EXECUTION_MODE=worker")
            if self.slice_budget_seconds > self.ack_deadline_seconds / 2:
                raise ValueError(
                    f"{_PREFIX}SLICE_BUDGET_SECONDS: must be at most half of {_PREFIX}ACK_DEADLINE_SECONDS, "
                    "or a slice could outlive its delivery"
                )
            if self.min_backoff_seconds <= self.lease_seconds:
                raise ValueError(
                    f"{_PREFIX}MIN_BACKOFF_SECONDS: must be more than {_PREFIX}LEASE_SECONDS, or the redelivery "
                    "after a crash would find the dead worker's lease"
                )
        if self.min_backoff_seconds > self.max_backoff_seconds:
            raise ValueError(f"{_PREFIX}MIN_BACKOFF_SECONDS: must not exceed {_PREFIX}MAX_BACKOFF_SECONDS")
        return self

    @property
    def s3_bucket(self) -> str:
        """The bucket's name where it is one on S3, else ""."""
        return self.artifact_bucket.removeprefix(_S3) if self.artifact_bucket.startswith(_S3) else ""

    @property
    def token_prices(self) -> tuple[float, float] | None:
        """US dollars per million tokens in and out; None where neither is set."""
        prices = (self.token_price_input, self.token_price_output)
        return prices if any(prices) else None

    @property
    def model_key(self) -> str:
        """The key of the language model's service, or ""."""
        return self.openai_api_key.get_secret_value() or os.environ.get("OPENAI_API_KEY", "")

    @property
    def missing_for_model(self) -> str:
        """Name of the setting without which no language model can be asked, or ""; only what runs jobs has the key."""
        if not self.openai_model:
            return f"{_PREFIX}OPENAI_MODEL"
        if self.execution_mode is ExecutionMode.INPROCESS and not self.model_key:
            return f"{_PREFIX}OPENAI_API_KEY"
        return ""

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """Secrets that sign the webhooks of jobs that have none of their own."""
        return _listed(self.webhook_secret.get_secret_value())

    @property
    def retention(self) -> timedelta:
        """How long an ended job is kept."""
        return timedelta(days=self.retention_days)


def load_settings(**overrides: Any) -> Settings:
    """The settings of this process; ``overrides`` win over the environment.

    Raises:
        SettingsError: one line for every setting that is wrong, each starting with its name.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError("\n".join(_line(item) for item in error.errors())) from error


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _line(item: Any) -> str:
    message: str = item["msg"].removeprefix("Value error, ")
    name = "_".join(str(part) for part in item["loc"][:1])
    if not name:
        return message
    secret = Settings.model_fields[name].annotation is SecretStr
    return f"{_PREFIX}{name.upper()}: {message}" + ("" if secret else f" (got {item['input']!r})")
