"""Which encoding a page is really in.

Labels are the WHATWG's (package ``webencodings``), and so is the order of evidence (byte order mark, HTTP header,
``<meta>``), but no evidence is believed that the bytes contradict: then UTF-8, and at last a detector.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from webencodings import lookup  # type: ignore[import-untyped]  # it has no annotations
from webencodings.labels import LABELS  # type: ignore[import-untyped]  # neither

from sitebookify.book.html.tongues import best_reading

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_META = re.compile(r"<meta[\s/]([^>]{0,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_XML = re.compile(r"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_SNIFFED = 4096  # the WHATWG looks at 1,024 bytes; licences in comments push the meta further down
_DETECTED = 128 * 1024
_LITERAL = re.compile(rb"<(script|style)(?=[\s/>])", re.IGNORECASE)
_TAG = re.compile(rb"<[^<>]*>")
_LANGUAGE = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?\s*([A-Za-z-]{2,20})", re.IGNORECASE)
_BETTER = 1.2
"""Times that a page must make more sense in another encoding than in that of its label."""
_SENSIBLE = 0.2
"""Share of common words from which a page is taken to make sense as it is labelled, since that takes least time."""
_WESTERN = "windows-1252"
_UTF_8 = "utf-8"
_NOT_AS_NAMED = {
    "utf-16le": _UTF_8,  # a page whose tags could be read so far is not in UTF-16
    "utf-16be": _UTF_8,
    "gbk": "gb18030",  # the standard's decoder of both
    "x-user-defined": _WESTERN,  # beyond ASCII it has no letters, only places for a font's signs
    "replacement": "",  # encodings that hide tags from who checks for them: no evidence
}
_LETTERS = re.compile(r"[^a-z0-9]+")
_BY_LETTERS = {_LETTERS.sub("", label): name for label, name in LABELS.items()}
"""Encodings by their labels' letters and digits: "eucjp" and "utf_8" are no labels of the standard's."""
_DETECTABLE = (
    "utf-8 windows-1252 shift_jis euc-jp gb18030 euc-kr big5 windows-1251 koi8-r windows-1250 iso-8859-2 windows-1253 "
    "windows-1254 windows-1255 windows-1256 windows-1257 windows-874 koi8-u ibm866"
)
"""Commonest first: that decides where the text fits several alike."""
_TOLERATED = 0.02  # of the characters beyond ASCII may be undecodable in a page that is what it says: a torn byte
_LONG_RUN = re.compile(rb"[\x80-\xff]{4,}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, and the name of its encoding in the standard's spelling, such as ``euc-jp``."""

    text: str
    encoding: str


def decode(body: bytes, content_type: str) -> Decoded:
    """The page's text; bytes that no encoding explains become U+FFFD. Never raises.

    Args:
        body: the page as served.
        content_type: the Content-Type header with its parameters.
    """
    marked = _marked(body)
    if marked:
        return marked
    declared = list(_declared(body, content_type))
    if body.isascii():
        encoding = "iso-2022-jp" if _ISO_2022_JP.search(body) else next(iter(declared), _UTF_8)
        return Decoded(body.decode(codec_of(encoding), "replace"), encoding)
    # Single-byte encodings fit any bytes: where one is claimed UTF-8 goes first, since no other text looks like it.
    first = [] if declared and declared[0] != _WESTERN else [_UTF_8]
    for encoding in dict.fromkeys([*first, *declared]):
        text = _read(body, encoding)
        if text is not None:
            return _unless_another_fits(Decoded(text, encoding), body)
    detected = _detect(body)
    return Decoded(body.decode(codec_of(detected), "replace"), detected)


def text_of_file(body: bytes) -> str:
    """The text of a file that is in UTF-8 unless a byte order mark, or its zero bytes, say that it is in UTF-16."""
    marked = _marked(body)
    if marked:
        return marked.text
    return body.decode("utf-16le" if body[1:2] == b"\0" else _UTF_8, "replace")


def _marked(body: bytes) -> Decoded | None:
    """The text by its byte order mark; None without one."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding)
    return None


def codec_of(encoding: str) -> str:
    """The name of Python's codec for an encoding of the standard's, in its version for the web."""
    return str(lookup(encoding).codec_info.name)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """The encodings that header and page name, most credible first."""
    head = body[:_SNIFFED].decode("ascii", "replace")
    for label in (_first_group(_HEADER, content_type), _meta_label(head), _first_group(_XML, head)):
        name = _BY_LETTERS.get(_LETTERS.sub("", label.lower()), "")
        encoding = _NOT_AS_NAMED.get(name, name)
        if encoding:
            yield encoding


def _meta_label(head: str) -> str:
    """The label that the first ``<meta>`` with one has, in ``charset`` or in the ``content`` of a Content-Type."""
    for meta in _META.finditer(_COMMENT.sub("", head)):
        values: dict[str, str] = {}
        for attribute in _ATTRIBUTE.finditer(meta[1]):
            values[attribute[1].lower()] = attribute[2] or attribute[3] or attribute[4] or ""
        label = values.get("charset", "").strip()
        if not label and values.get("http-equiv", "").strip().lower() == "content-type":
            label = _first_group(_HEADER, values.get("content", ""))
        if label:
            return label
    return ""


def _first_group(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def _read(body: bytes, encoding: str) -> str | None:
    """The text, or None where the bytes say that this is not their encoding."""
    if encoding == _WESTERN and _is_no_western_text(body):
        return None
    codec = codec_of(encoding)
    with contextlib.suppress(UnicodeDecodeError):
        return body.decode(codec)  # U+FFFD may be what the page writes about
    text = body.decode(codec, "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") <= _TOLERATED * beyond_ascii else None


def _is_no_western_text(body: bytes) -> bool:
    """True where most bytes beyond ASCII stand in runs of four and more: windows-1252 fits any bytes, words do not."""
    in_runs = sum(map(len, _LONG_RUN.findall(body)))
    return in_runs * 2 > len(body) - len(body.decode("ascii", "ignore"))


def _unless_another_fits(labelled: Decoded, body: bytes) -> Decoded:
    """The page as its label has it; Latin-1 is what servers say of any page, so others are compared with that."""
    if labelled.encoding != _WESTERN:
        return labelled
    sample, language = _sample(body), _language(body)
    as_labelled = best_reading(sample, language=language, among=(_WESTERN,))
    if as_labelled and as_labelled.score >= _SENSIBLE:
        return labelled
    best = best_reading(sample, language=language)
    if best is None or best.score <= _BETTER * (as_labelled.score if as_labelled else 0.0):
        return labelled
    return Decoded(body.decode(codec_of(best.encoding), "replace"), best.encoding)


def _sample(body: bytes) -> bytes:
    return b" ".join(_between_tags(body[: 4 * _DETECTED]))[:_DETECTED]


def _language(body: bytes) -> str:
    """What the page's ``<html lang>`` says, or ""."""
    return _first_group(_LANGUAGE, body[:_SNIFFED].decode("ascii", "replace"))


def _detect(body: bytes) -> str:
    """The encoding in which the text between the tags makes sense; else a detector's guess; else windows-1252."""
    sample = _sample(body)
    reading = best_reading(sample, language=_language(body))
    if reading:
        return reading.encoding
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, and few pages need it

    names = {codec_of(name).replace("-", "_"): name for name in _DETECTABLE.split()}
    guesses = from_bytes(sample, cp_isolation=[*names])
    doubts = {names[guess.encoding]: (guess.chaos, -guess.coherence) for guess in guesses if guess.encoding in names}
    likely = [name for name in names.values() if name in doubts]
    return min(likely, key=doubts.__getitem__, default=_WESTERN)


def _between_tags(page: bytes) -> Iterator[bytes]:
    """The page without its tags, scripts and styles; what is unfinished takes the rest of the page."""
    lower = page.lower()
    at = 0
    while literal := _LITERAL.search(page, at):
        yield _TAG.sub(b" ", page[at : literal.start()])
        at = lower.find(b"</" + literal[1].lower(), literal.end())
        if at < 0:
            return
    yield _TAG.sub(b" ", page[at:])
