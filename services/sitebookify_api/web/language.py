"""Which language a request gets, and the words of each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request

COOKIE = "lang"
NAMES = {"en": "English", "ja": "日本語"}
DEFAULT = "en"
_MOST_RANGES = 20


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language: ``page`` for the templates, ``script`` for the scripts (placeholders: ``{name}``)."""

    language: str
    page: Mapping[str, str]
    script: Mapping[str, str]


@lru_cache
def texts(language: str) -> Texts:
    """The words of one of `NAMES`."""
    data = json.loads(files(__package__).joinpath("locales", f"{language}.json").read_text("utf-8"))
    return Texts(language, data["page"], data["script"])


def language_of(request: Request) -> str:
    """What the reader chose (``?lang=``, then the cookie), else what the browser asks for (Accept-Language)."""
    for chosen in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if chosen in NAMES:
            return chosen
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> str:
    """The best of our languages for an Accept-Language header (RFC 9110, section 12.5.4)."""
    ranked = sorted(_ranges(header), key=lambda item: -item[0])
    return next((tag for _, tag in ranked if tag in NAMES), DEFAULT)


def _ranges(header: str) -> Iterator[tuple[float, str]]:
    for item in header.split(",")[:_MOST_RANGES]:
        tag, _, parameter = item.partition(";")
        try:
            quality = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if quality > 0:
            yield quality, tag.strip().lower().partition("-")[0]
