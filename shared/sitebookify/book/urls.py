"""URL identity: how a URL is spelled, when two URLs are the same page, and which URLs belong to the book.

Parsing is yarl's, which is also what connects: no second parser can read another host out of a URL. courlan was
weighed and not taken: it drops queries without ``=`` (``?12`` becomes no query), unescapes ``&copy=`` to ``©=``
and counts ``ref``, ``source`` and ``keyword`` as trackers, so that distinct pages become one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from yarl import URL

from sitebookify.book.globs import Glob
from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.short_cache import short_cache

MAX_LENGTH = 2000
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")
_INDEX = re.compile(r"/(?:index|default)\.(?:x?html?|shtml|php|aspx?)$", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/;?]*", re.IGNORECASE)
# Parameters that say where a visitor came from, or who he is: Firefox's query stripping list, the general rules of
# AdGuard's TrackParamFilter, and the session ids that PHP, Java and ColdFusion put into URLs.
_NOISE = re.compile(
    r"(?:utm_|pk_|mtm_|piwik_|matomo_|vero_|hsa_|oly_|__hs|_hs|stm_|itm_)[^=]*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|mkt_tok|srsltid|_ga|_gl"
    r"|wickedid|s_cid|ml_subscriber(?:_hash)?|rb_clickid|_openstat"
    r"|phpsessid|jsessionid|sessionid|session_id|cfid|cftoken|aspsessionid[^=]*",
    re.IGNORECASE,
)


def normalize(url: str) -> str | None:
    """The URL as it is fetched and shown: no fragment, default port, dot segment, tracker or session id.

    None for what is not an http or https URL without user name, of at most 2,000 characters.
    """
    return _normalize(url)


def join(base: str, reference: str) -> str | None:
    """What a link of a page leads to, normalized, or None; ``base`` is what the page's links are relative to."""
    return _normalize(page_of(absolute(reference, base)))


@short_cache(maxsize=16_384)
def identity(url: str) -> str:
    """What two spellings of one page share; ``url`` is normalized.

    The scheme, a leading ``www.``, a trailing slash or ``index.html``, doubled slashes and the order of the query's
    parameters do not make another page.
    """
    parsed = _parse(url)
    path = _INDEX.sub("/", re.sub("/{2,}", "/", parsed.raw_path)).rstrip("/")
    query = "&".join(sorted(parsed.raw_query_string.split("&")))
    port = f":{parsed.explicit_port}" if parsed.explicit_port else ""
    return (parsed.raw_host or "").removeprefix("www.") + port + path + (f"?{query}" if query else "")


def directory_of(url: str) -> str:
    """The path up to its last slash."""
    return _parse(url).raw_path.rpartition("/")[0] + "/"


def path_of(url: str) -> str:
    """The path, percent-encoded."""
    return _parse(url).raw_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which URLs belong to the book: one origin, under one directory, past the patterns.

    ``origin`` is such as ``https://example.org``, ``directory`` a path that starts and ends with a slash.
    """

    origin: str
    directory: str
    include: tuple[Glob, ...] = ()
    exclude: tuple[Glob, ...] = ()

    @classmethod
    def around(cls, start: str, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Self:
        """The scope of a crawl that starts at ``start`` (normalized).

        Raises:
            ValueError: a pattern is not a glob.
        """
        return cls(
            origin=str(_parse(start).origin()),
            directory=directory_of(start),
            include=tuple(map(Glob, include)),
            exclude=tuple(map(Glob, exclude)),
        )

    @property
    def host(self) -> str:
        """The host's name alone."""
        return _parse(self.origin).raw_host or ""

    def home(self, url: str) -> str:
        """The URL at this scope's origin, where it names the same site by http or https, with or without ``www.``."""
        if url.startswith(self.origin + "/"):
            return url
        parsed, home = _parse(url), _parse(self.origin)
        same_host = (parsed.raw_host or "").removeprefix("www.") == (home.raw_host or "").removeprefix("www.")
        same_port = parsed.explicit_port == home.explicit_port
        return self.origin + parsed.raw_path_qs if same_host and same_port else url

    def contains(self, url: str) -> bool:
        """True where the URL (normalized, at home) is at this origin and under this directory."""
        return url.startswith(self.origin + self.directory)

    def chosen(self, url: str) -> bool:
        """True where the path is matched by some include pattern (if there are any) and no exclude pattern."""
        path = path_of(url)
        if any(glob.matches(path) for glob in self.exclude):
            return False
        return not self.include or any(glob.matches(path) for glob in self.include)


@short_cache(maxsize=32_768)
def _normalize(url: str) -> str | None:
    """The cache serves navigation: the same links on every page."""
    try:
        parsed = URL(url)
        host = (parsed.raw_host or "").rstrip(".")
        if parsed.scheme not in ("http", "https") or parsed.raw_user is not None or parsed.raw_password is not None:
            return None
        if not _HOST.fullmatch(host):
            return None
        clean = _spelled(parsed, host)
    except (ValueError, IndexError):  # yarl raises the latter for `//x@[]`
        return None
    return clean if len(clean) <= MAX_LENGTH else None


def _spelled(url: URL, host: str) -> str:
    host = f"[{host}]" if ":" in host else host
    port = f":{url.explicit_port}" if url.explicit_port and not url.is_default_port() else ""
    path = _SESSION_IN_PATH.sub("", url.raw_path) or "/"
    query = "&".join(part for part in url.raw_query_string.split("&") if not _NOISE.fullmatch(part.partition("=")[0]))
    return f"{url.scheme}://{host}{port}{path}" + (f"?{query}" if query else "")


@short_cache(maxsize=4096)
def _parse(url: str) -> URL:
    return URL(url, encoded=True)
