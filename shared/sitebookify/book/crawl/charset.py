"""Which encoding a page is really in.

The order of evidence is the WHATWG's (byte order mark, HTTP header, ``<meta>``), but no evidence is believed that
the bytes contradict: then UTF-8, and at last a detector.
"""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE)
_ISO_2022_JP = re.compile(rb"\x1b\$[@B]")
_SNIFFED = 4096  # the WHATWG looks at 1,024 bytes; licences in comments push the meta further down
_DETECTED = 128 * 1024
_TAGS = re.compile(rb"<script\b.*?</script>|<style\b.*?</style>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
# Labels mean their supersets on the web (https://encoding.spec.whatwg.org/#names-and-labels), by Python's names.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "euc_jis_2004": "euc_jp",
    "euc_jisx0213": "euc_jp",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-8",  # a page that could be read so far is not in UTF-16
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_ON_THE_WEB = frozenset({  # what browsers can decode; Python's own (unicode_escape, punycode, utf-7) stay out
    *("utf-8", "cp866", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp874", "gb18030", "big5hkscs"),
    *("euc_jp", "iso2022_jp", "cp932", "cp949"),
    *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *(f"cp{page}" for page in range(1250, 1259)),
})  # fmt: skip
_DETECTABLE = (  # commonest first: that decides where the text fits several alike
    *("utf_8", "cp1252", "cp932", "euc_jp", "gb18030", "cp949", "big5", "cp1251", "koi8_r", "cp1250", "iso8859_2"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874", "koi8_u", "cp866"),
)  # fmt: skip
_TOLERATED = 0.02  # of the characters beyond ASCII may be undecodable in a page that is what it says: a torn byte
_LONG_RUN = re.compile(rb"[\x80-\xff]{4,}")


def decode(body: bytes, content_type: str) -> str:
    """The page's text; bytes that no encoding explains become U+FFFD. Never raises.

    Args:
        body: the page as served.
        content_type: the Content-Type header with its parameters.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    if body.isascii():
        return body.decode("iso2022_jp" if _ISO_2022_JP.search(body) else "ascii", "replace")
    declared = _declared(body, content_type)
    for encoding in dict.fromkeys([*_utf8_first(declared), *declared]):
        text = _read(body, encoding)
        if text is not None:
            return text
    return body.decode(_detect(body), "replace")


def _declared(body: bytes, content_type: str) -> list[str]:
    """What header and meta say, as names of Python's codecs, most credible first."""
    head = body[:_SNIFFED]
    found = [_HEADER.search(content_type), _META.search(head), _XML.search(head)]
    labels = [match[1] for match in found if match]
    named = [_codec(label if isinstance(label, str) else label.decode("ascii", "replace")) for label in labels]
    return [codec for codec in named if codec]


def _utf8_first(declared: list[str]) -> list[str]:
    """UTF-8 goes first where single-byte encodings, which fit any bytes, are claimed: no other text looks like it."""
    return [] if declared and declared[0] != "cp1252" else ["utf-8"]


def _codec(label: str) -> str | None:
    try:
        info = codecs.lookup(label)
    except LookupError:
        return None
    name = _SUPERSETS.get(info.name, info.name)
    return name if name in _ON_THE_WEB else None


def _read(body: bytes, encoding: str) -> str | None:
    """The text, or None where the bytes say that this is not their encoding."""
    if encoding == "cp1252" and _is_no_western_text(body):
        return None
    text = body.decode(encoding, "replace")
    bad = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore")) if bad else 0
    return text if bad <= _TOLERATED * beyond_ascii else None


def _is_no_western_text(body: bytes) -> bool:
    """True where most bytes beyond ASCII stand in runs of four and more: windows-1252 fits any bytes, words do not."""
    in_runs = sum(map(len, _LONG_RUN.findall(body)))
    return in_runs * 2 > len(body) - len(body.decode("ascii", "ignore"))


def _detect(body: bytes) -> str:
    """The detector's best guess from the text between the tags; windows-1252 where it has none."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to load, and few pages need it

    sample = _TAGS.sub(b" ", body[: 4 * _DETECTED])[:_DETECTED]
    guesses = {
        guess.encoding: (guess.chaos, -guess.coherence) for guess in from_bytes(sample, cp_isolation=list(_DETECTABLE))
    }
    likely = [name for name in _DETECTABLE if name in guesses]
    name = min(likely, key=lambda name: guesses[name], default="cp1252")
    return _SUPERSETS.get(codecs.lookup(name).name, name)
