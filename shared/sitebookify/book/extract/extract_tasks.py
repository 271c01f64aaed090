"""What the extract stage asks worker processes to do.

The process that asks reads no page, so what reads them is loaded where it is used.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import lru_cache

from sitebookify.book.extract.extracted import Extracted
from sitebookify.book.extract.profile import Profile
from sitebookify.book.limits import limited
from sitebookify.book.objects import pack, unpack


@limited(seconds=60)
def extract_packed(raw: bytes, url: str, profile: bytes, encoding: str = "utf-8") -> Extracted:
    """`extraction.extract_page` on gzip-compressed UTF-8, with a packed profile.

    Raises:
        NotADocument: the bytes hold no HTML body.
    """
    from sitebookify.book.extract.extraction import extract_page  # noqa: PLC0415 - see the module's head

    return extract_page(_text(raw), url, _profile(profile), encoding)


@limited(seconds=120)
def learn_packed(raws: Sequence[tuple[str, bytes]]) -> bytes:
    """The packed profile of the site that the pages, as (URL, gzip-compressed UTF-8), are from."""
    from sitebookify.book.extract.site import learn_site  # noqa: PLC0415 - see the module's head

    return pack(learn_site([(url, _text(raw)) for url, raw in raws]).to_json())


@limited(seconds=60)
def about_packed(raws: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """`about.about` on the pages, as `learn_packed` takes them."""
    from sitebookify.book.extract.about import about  # noqa: PLC0415 - see the module's head

    return about(_text(raw) for _, raw in raws)


def _text(raw: bytes) -> str:
    return gzip.decompress(raw).decode("utf-8", "replace")


@lru_cache(maxsize=8)
def _profile(packed: bytes) -> Profile:
    return Profile.from_json(unpack(packed))
