"""URL identity: how a URL is spelled, and when two URLs are the same page.

yarl parses, since the HTTP client uses it too: a second parser might see another host in a URL. Why not courlan: it
drops queries without ``=`` (``?12``), turns ``&copy=`` into ``©=`` and takes ``ref``, ``source`` and ``keyword`` for
trackers, so that distinct pages become one.
"""

from __future__ import annotations

import re

from yarl import URL

from sitebookify.book.html.addresses import absolute, page_of
from sitebookify.book.short_cache import short_cache

MAX_LENGTH = 2000
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")
_CAPTURE = re.compile(
    r"(?P<archive>https?://[^/?#]{1,300}(?:/[^/?#]{1,100}){1,3}?)/\d{4,14}(?:[a-z]{2}_)?/https?:/{1,2}"
    r"(?:www\d?\.)?(?P<host>[^/?#]{1,300}?)(?::(?:80|443))?(?=[/?]|$)",
    re.IGNORECASE,
)
"""How the Wayback Machine and pywb write where a page is that was once at another address, with the time of capture."""
_ESCAPE = re.compile(r"%[0-9a-f]{2}")
_INDEX_NAME = re.compile(r"(?:index|(?:index|default|readme)\.\w+)?", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:x?html?|shtml|php|aspx?)$", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/;?]*", re.IGNORECASE)
# Parameters that say who a visitor is or came from: Firefox's query stripping list, the general rules of AdGuard's
# TrackParamFilter, and the session ids that PHP, Java and ColdFusion put into URLs.
_NOISE = re.compile(
    r"(?:utm_|pk_|mtm_|piwik_|matomo_|vero_|hsa_|oly_|__hs|_hs|stm_|itm_)[^=]*"
    r"|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|mkt_tok|srsltid|_ga|_gl"
    r"|wickedid|s_cid|ml_subscriber(?:_hash)?|rb_clickid|_openstat"
    r"|phpsessid|jsessionid|sessionid|session_id|cfid|cftoken|aspsessionid[^=]*",
    re.IGNORECASE,
)
# Session ids of forums and shops, whose short names may mean something else where the value is no long random one.
_SESSION = re.compile(
    r"(?:s|sid|zenid|[a-z]{2,10}sid|[a-z_-]{0,20}sess(?:ion)?[a-z_-]{0,10})=(?=[a-z0-9,_-]*\d)[a-z0-9,_-]{20,128}",
    re.IGNORECASE,
)


@short_cache(maxsize=32_768)  # navigation has the same links on every page
def normalize(url: str) -> str | None:
    """The URL as it is fetched and shown: no fragment, default port, dot segment, tracker or session id.

    None unless it is an http or https URL without a user name, of at most 2,000 characters.
    """
    try:
        parsed = URL(url)
        host = (parsed.raw_host or "").rstrip(".")
        has_credentials = parsed.raw_user is not None or parsed.raw_password is not None
        if parsed.scheme not in ("http", "https") or has_credentials:
            return None
        if not _HOST.fullmatch(host):
            return None
        clean = _spelled(parsed, host)
    except (ValueError, IndexError):  # yarl raises the latter for `//x@[]`
        return None
    return clean if len(clean) <= MAX_LENGTH else None


def join(base: str, reference: str) -> str | None:
    """The URL of a page's link, normalized, or None; ``base`` is the page's base URL."""
    return normalize(page_of(absolute(reference, base)))


@short_cache(maxsize=16_384)
def identity(url: str) -> str:
    """A key that all spellings of one page share; ``url`` is normalized.

    Ignored are the scheme, a leading ``www.``, a trailing slash or ``index.html``, doubled slashes and the order of
    the query's parameters.
    """
    parsed = _parse(url)
    host = _bare_host(parsed)
    port = f":{parsed.explicit_port}" if parsed.explicit_port else ""
    path = re.sub("/{2,}", "/", parsed.raw_path)
    path = _INDEX.sub("/", path).rstrip("/")
    query = "&".join(sorted(parsed.raw_query_string.split("&")))
    if query:
        query = f"?{query}"
    return host + port + path + query


def directory_of(url: str) -> str:
    """The path up to its last slash."""
    return _parse(url).raw_path.rpartition("/")[0] + "/"


def path_of(url: str) -> str:
    """The path, percent-encoded."""
    return _parse(url).raw_path


def is_index(url: str) -> bool:
    """True for the URL of a directory's own page, such as ``/book/`` and ``/book/index.html``."""
    return is_index_name(path_of(url).rpartition("/")[2])


def is_index_name(name: str) -> bool:
    """True for the name of a file that is its directory's index, and for none at all."""
    return _INDEX_NAME.fullmatch(name) is not None


def lower_path(url: str) -> str:
    """The URL or identity with its path in lower case, and its query as it is."""
    path, mark, query = url.partition("?")
    return _ESCAPE.sub(lambda escape: escape[0].upper(), path.lower()) + mark + query


def differ_in_case(url: str, other: str) -> bool:
    """True for URLs (normalized) that are no spellings of one page unless the case of letters means nothing."""
    mine, theirs = identity(url), identity(other)
    return mine != theirs and lower_path(mine) == lower_path(theirs)


def origin_of(url: str) -> str:
    """Scheme, host and port, such as ``https://example.org``."""
    return str(_parse(url).origin())


def site_of(url: str) -> str:
    """What the URLs of its site begin with: the origin, or in a web archive the capture with the origin at the time."""
    capture = _CAPTURE.match(url)
    return capture[0] if capture else origin_of(url)


def is_capture(site: str) -> bool:
    """True for a site (`site_of`) in a web archive."""
    return _CAPTURE.match(site) is not None


def moved_home(url: str, origin: str) -> str:
    """The URL moved to this origin, if it differs only by http and https or by ``www.``.

    Of a site in a web archive (`site_of`) it may be of another time too: an archive has each page's next one.
    """
    if url.startswith(origin + "/"):
        return url
    capture = _CAPTURE.match(url)
    if capture:
        rest = url[capture.end() :]
        slash = "" if rest.startswith("/") else "/"
        return f"{origin}{slash}{rest}" if _is_of_same_site(capture, origin) else url
    parsed = _parse(url)
    home = _parse(origin)
    if _bare_host(parsed) != _bare_host(home) or parsed.explicit_port != home.explicit_port:
        return url
    return origin + parsed.raw_path_qs


def _is_of_same_site(capture: re.Match[str], origin: str) -> bool:
    own = _CAPTURE.match(origin)
    return own is not None and all(own[part].lower() == capture[part].lower() for part in ("archive", "host"))


def _spelled(url: URL, host: str) -> str:
    if ":" in host:
        host = f"[{host}]"
    port = f":{url.explicit_port}" if url.explicit_port and not url.is_default_port() else ""
    path = _SESSION_IN_PATH.sub("", url.raw_path) or "/"
    parameters = url.raw_query_string.split("&")
    query = "&".join(parameter for parameter in parameters if not _is_noise(parameter))
    if query:
        query = f"?{query}"
    return f"{url.scheme}://{host}{port}{path}{query}"


def _is_noise(parameter: str) -> bool:
    name, _, _ = parameter.partition("=")
    return bool(_NOISE.fullmatch(name) or _SESSION.fullmatch(parameter))


def _bare_host(url: URL) -> str:
    return (url.raw_host or "").removeprefix("www.")


@short_cache(maxsize=4096)
def _parse(url: str) -> URL:
    return URL(url, encoded=True)
