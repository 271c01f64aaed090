"""URLs of what a site does for its users rather than says to its readers: forms, histories, print views, listings.

They are recognised by how wiki, forum and blog software writes them, so that they are never fetched. A path is judged
by names that only software gives (``posting.php``, ``Special:Search``): a chapter may well be called "search".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from urllib.parse import parse_qsl, unquote, urlsplit

from sitebookify.book.short_cache import short_cache


class Service(StrEnum):
    """What such a page is for; a reason in the report."""

    ALPHABETICAL_INDEX = "ALPHABETICAL_INDEX"
    EDIT_FORM = "EDIT_FORM"
    HISTORY = "HISTORY"
    LOGIN_PAGE = "LOGIN_PAGE"
    PRINT_VIEW = "PRINT_VIEW"
    SEARCH_PAGE = "SEARCH_PAGE"
    SOURCE_CODE = "SOURCE_CODE"
    SPECIAL_PAGE = "SPECIAL_PAGE"


def _by_name(names: Mapping[Service, str]) -> dict[str, Service]:
    return {name: service for service, words in names.items() for name in words.split()}


_VERBS = frozenset({"action", "act", "do", "mode"})
"""Parameters whose value is what is to be done: MediaWiki, MoinMoin, PmWiki, DokuWiki, phpBB, Trac."""
_SERVICES = _by_name(
    {
        Service.EDIT_FORM: (
            "edit submit create delete protect unprotect move rename watch unwatch purge rollback revert reply post "
            "quote report upload attach attachfile new newpost newtopic subscribe bookmark email editpost editmetadata "
            "markpatrolled"
        ),
        Service.HISTORY: (
            "history revision revisions info diff rdiff raw backlink backlinks recent blame annotate source credits"
        ),
        Service.LOGIN_PAGE: "login logout register signup signin lostpassword resendpwd sendpassword profile activate",
        Service.PRINT_VIEW: "print printable printview pdf export_pdf export_xhtml export_raw",
        Service.SEARCH_PAGE: "search fullsearch titlesearch linksearch",
    }
)
_FLAGS = _by_name(
    {
        Service.HISTORY: "oldid diff undo raw",
        Service.EDIT_FORM: "redlink veaction replytocom like_comment _wpnonce",
        Service.SPECIAL_PAGE: "share",
        Service.PRINT_VIEW: "amp printable print printview printer_friendly",
    }
)
"""Parameters that say by their presence what the page is."""
_OFF = frozenset({"0", "no", "false", "off"})
_PAIRS = _by_name(
    {
        Service.PRINT_VIEW: "view=print output=print format=print format=pdf cover=print",
        Service.SPECIAL_PAGE: "do=index do=media",
    }
)
"""Values that say so of one parameter only; those of ``do`` are DokuWiki's trees of pages and of files."""
_REVISION = re.compile(r"\d{9,}")
"""DokuWiki's ``rev=`` is a time in seconds."""
_OLD_TEXT = re.compile(r"(?:rev|revision|oldrev|version_id)=[\da-f]{1,40}", re.IGNORECASE)
"""Of a page that is there without it too; ``version`` may be the software's that a manual is about."""
_SCRIPT = re.compile(r"([a-z][a-z_-]*)\.(?:php\d?|aspx?|jsp|cgi|pl|action|do)")
_SCRIPTS = _by_name(
    {
        Service.LOGIN_PAGE: "ucp login wp-login logout signup register",
        Service.EDIT_FORM: "posting newreply newthread editpage",
        Service.SPECIAL_PAGE: "memberlist viewonline viewpageattachments listpermissions xmlrpc",
        Service.SEARCH_PAGE: "search dosearchsite",
        Service.PRINT_VIEW: "printthread printview pdfpageexport",
        Service.HISTORY: "viewpreviousversions diffpagesbyversion diffpages viewpagesrc viewinfo",
    }
)
_INDEX = re.compile(r"(?:genindex(?:-[\w%]{1,10})?|[a-z]{1,10}-modindex)(?:\.html?)?", re.IGNORECASE)
"""Sphinx's lists of all terms and modules: a book has its contents, and readers search."""
_FOLDERS = _by_name(
    {
        Service.EDIT_FORM: "_edit _new",
        Service.HISTORY: "_history _compare",
        Service.SEARCH_PAGE: "_search",
        Service.SOURCE_CODE: "_modules src-html",
        Service.PRINT_VIEW: "exportword flyingpdf printpdf printmail",
        Service.LOGIN_PAGE: "wp-admin",
        Service.SPECIAL_PAGE: "wp-json",
    }
)
"""Segments that no chapter has: of wikis in Git, Sphinx, Javadoc, Confluence, Joomla, Drupal, WordPress."""
_SOURCE = re.compile(
    r"/[^/]{1,200}_8[a-z]\w{0,10}_source\.html?$|/src/[\w-]{1,100}/(?:[^/]{1,200}/){0,20}[\w-]{1,100}\.rs\.html$"
)
"""Source listings beside an API reference: Doxygen's, rustdoc's. JSDoc's ("x.js.html") are not recognised, since a
chapter about Node.js may have such a name."""
_WIKI_VERB = re.compile(
    r"/wiki/[^/]{1,300}/(history|edit|diff|annotate|rename)$"
    r"|/bin/(edit|attach|rdiff|compare|oops|rename|changes|search|logon|login|register|statistics)(?:\.\w{1,4})?/"
)
"""What is to be done with a page, behind its name in Redmine and before it in TWiki and Foswiki."""
_VERB_SERVICES = _SERVICES | _by_name(
    {
        Service.HISTORY: "rdiff compare",
        Service.SPECIAL_PAGE: "oops changes statistics",
        Service.LOGIN_PAGE: "logon",
    }
)
_WEB_TOPIC = re.compile(r"Web(?:Changes|Index|Search\w{0,20}|Rss|Atom|Statistics|Notify|Preferences|TopicList)")
"""TWiki's pages about its own."""
_NAMESPACE = re.compile(
    r"(?:special|spezial|spécial|especial|speciale?|speciaal|specjalna|speciální|toiminnot|özel|служебная|特別|特殊|특수"
    r"|user|benutzer|utilisateur|usuario|utente|gebruiker|участник|利用者|用户|사용자"
    r"|talk|diskussion|discussion|discusión|discussione|overleg|обсуждение|ノート|讨论|토론"
    r"|[^:/]{1,40}[ _\u2010-](?:talk|diskussion|discussion|会話|ノート))",
    re.IGNORECASE,
)
"""Of MediaWiki: pages that the software makes, pages of its users, and discussions."""


@short_cache(maxsize=16_384)
def service_of(url: str) -> Service | None:
    """What the page at the URL (normalized) is for, where its URL shows that it is not for reading."""
    parts = urlsplit(url)
    return next(_by_path(unquote(parts.path)), None) or next(_by_query(parts.query), None)


def revised_page(url: str) -> str:
    """The page of which the URL (normalized) may name an old text, such as ``/Boats`` of ``/Boats?rev=3``; else ""."""
    bare, _, query = url.partition("?")
    return bare if _OLD_TEXT.fullmatch(query) else ""


def names_action(url: str) -> bool:
    """True where the last name of the URL's path may be something to be done with the page above: ``/Boats/edit``.

    It may be a chapter's as well, so this alone is no reason to leave a page out.
    """
    name = urlsplit(url).path.rpartition("/")[2].lower()
    return name in _SERVICES or service_of(url) is not None


def _by_path(path: str) -> Iterator[Service]:
    segments = path.split("/")
    name = segments[-1].lower()
    script = _SCRIPT.fullmatch(name)
    if script and script[1] in _SCRIPTS:
        yield _SCRIPTS[script[1]]
    verb = _WIKI_VERB.search(path)
    if verb:
        yield _VERB_SERVICES[verb[1] or verb[2]]
    if _SOURCE.search(path):
        yield Service.SOURCE_CODE
    if _WEB_TOPIC.fullmatch(segments[-1]):
        yield Service.SPECIAL_PAGE
    if any(_INDEX.fullmatch(segment) for segment in segments[-2:]):
        yield Service.ALPHABETICAL_INDEX
    for segment in segments:
        if segment in _FOLDERS:
            yield _FOLDERS[segment]
        if _is_special(segment):
            yield Service.SPECIAL_PAGE


def _by_query(query: str) -> Iterator[Service]:
    for name, value in parse_qsl(query, keep_blank_values=True)[:20]:
        key, argument = name.lower(), value.lower()
        verb = argument.lstrip("_")
        if key in _VERBS and verb in _SERVICES:
            yield _SERVICES[verb]
        if key in _FLAGS and argument not in _OFF:
            yield _FLAGS[key]
        if f"{key}={argument}" in _PAIRS:
            yield _PAIRS[f"{key}={argument}"]
        if key == "rev" and _REVISION.fullmatch(argument):
            yield Service.HISTORY
        if key in ("title", "page", "id") and _is_special(value):
            yield Service.SPECIAL_PAGE


def _is_special(title: str) -> bool:
    namespace, colon, name = title.partition(":")
    return bool(colon and name) and _NAMESPACE.fullmatch(namespace) is not None
