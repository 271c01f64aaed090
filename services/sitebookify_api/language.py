"""Which language a request gets, and the words of each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from starlette.requests import Request

COOKIE = "lang"
NAMES = {"en": "English", "ja": "日本語"}
DEFAULT = "en"
_MOST_RANGES = 20
_VARYING = re.compile(
    r"https?://\S+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d+(?:,\d{3})*|[\w-]+\.\w+", re.ASCII
)
"""What differs between two sayings of one sentence: addresses, ids, numbers, names of files. As in page.js."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language.

    ``page`` is for the templates, ``script`` for the scripts (placeholders: ``{name}``). What is written in English
    where it happens is found by its English: a sentence with ``#`` for whatever varies, and ``{0}``, ``{1}`` … for that
    in the translation. ``told`` is what jobs and previews say, ``refused`` what errors of the API say, the latter also
    by the error's reason, and ``failed`` is what to say of a job that failed for a reason, where no sentence fits.
    """

    language: str
    page: Mapping[str, str]
    script: Mapping[str, str]
    told: Mapping[str, str]
    failed: Mapping[str, str]
    refused: Mapping[str, str]

    def for_scripts(self) -> dict[str, str]:
        """Everything a script may need, by one name each."""
        told = {f"told.{key}": text for key, text in self.told.items()}
        return {**self.script, **told, **{f"failed.{key}": text for key, text in self.failed.items()}}


@lru_cache
def texts(language: str) -> Texts:
    """The words of one of `NAMES`."""
    data = json.loads(files(__package__).joinpath("locales", f"{language}.json").read_text("utf-8"))
    return Texts(language, **data)


def sentence(said: str) -> str:
    """What was said with ``#`` for whatever varies."""
    return _VARYING.sub("#", said)


def translated(said: str, known: Mapping[str, str]) -> str:
    """The translation of an English sentence, or "" where there is none."""
    template = known.get(sentence(said), "")
    return template.format(*_VARYING.findall(said)) if template else ""


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
