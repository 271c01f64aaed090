"""What every store accepts as a name and as metadata: the limits of Cloud Storage, so that all backends agree.

The figures are from https://cloud.google.com/storage/docs/objects#naming and
https://cloud.google.com/storage/quotas#objects.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from sitebookify.errors import StoreError

_NAME_BYTES = 1024
_METADATA_BYTES = 8 * 1024
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def is_name(name: str) -> bool:
    """True for 1 to 1,024 bytes of UTF-8 without control characters, other than ``.`` and ``..``."""
    if name in {"", ".", ".."} or _CONTROL.search(name):
        return False
    return _length(name) <= _NAME_BYTES


def check_writable(name: str, metadata: Mapping[str, str]) -> None:
    """Refuse what Cloud Storage would refuse.

    Raises:
        StoreError: the name cannot be one, or the metadata is over 8 KiB.
    """
    if not is_name(name):
        raise StoreError(f"not an object name: {name[:100]!r}")
    if sum(_length(key) + _length(value) for key, value in metadata.items()) > _METADATA_BYTES:
        raise StoreError(f"{name}: the metadata has more than {_METADATA_BYTES} bytes, or is no text")


def _length(text: str) -> float:
    """Bytes of UTF-8; infinite for a lone surrogate, which has none."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return math.inf
