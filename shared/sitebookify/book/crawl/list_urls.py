"""What a URL says of a list of posts: that it is a further page of one, or that it groups posts by tag or month."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_NUMBER = re.compile(
    r"(?P<path>/(?:page[/_-]?|p/)\d{1,5}(?:/|\.html?)?|/index[_-]?\d{1,5}\.html?)$"
    r"|(?P<query>[?&](?:page|paged|pg|offset|start|updated-max|before|after)=[^&]*)",
    re.IGNORECASE,
)
"""The ends of URLs of a list's further pages."""
_GROUP_PATH = re.compile(
    r"/(?:tags?|categor(?:y|ies)|authors?|archives?|search/label)(?:/[^/]{1,200}){0,3}/?(?:\.html?)?$"
    r"|/(?:19|20)\d\d(?:/\d\d?){0,2}(?:/|/index\.html?)?$"
    r"|/(?:tags|categories|authors|archives?)\.html?$"
    r"|/(?:category|kategorie|cat[ée]gorie|categor[íi]a|categorie|kategoria|категория|カテゴリ|分类):[^/]{1,200}$",
    re.IGNORECASE,
)
_GROUP_QUERY = re.compile(
    r"(?:m=\d{4,8}|cat=-?\d+|(?:tag|author|author_name|category_name)=[^&]{1,200}"
    r"|title=(?:category|kategorie|cat[ée]gorie):[^&]{1,200})",
    re.IGNORECASE,
)
"""What WordPress and MediaWiki group by where their URLs have no paths."""


def is_continuation(url: str) -> bool:
    """True for a URL of a list's second or later page."""
    return _NUMBER.search(url) is not None


def without_number(url: str) -> str:
    """The URL without the number of a list's page."""
    return _NUMBER.sub("", url)


def first_page(url: str) -> str:
    """The URL of the list whose second or later page is at the URL; "" for any other URL."""
    if not is_continuation(url):
        return ""
    start = without_number(url).rstrip("?")
    first = urlsplit(start)
    path = urlsplit(url).path
    is_index = path.rpartition("/")[2].lower().startswith("index")
    is_directory = not first.path or path.endswith("/") or is_index
    return start.rstrip("/") + "/" if is_directory and not first.query else start


def is_grouping(url: str) -> bool:
    """True for a URL of posts of one tag, category, author or month, or of all of these."""
    parts = urlsplit(url)
    return _GROUP_PATH.search(unquote(parts.path)) is not None or _GROUP_QUERY.fullmatch(parts.query) is not None
