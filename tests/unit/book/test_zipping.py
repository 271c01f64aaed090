"""Zips are written without loading what they would be encrypted with."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
from sitebookify.book.zipping import stream_zip
assert not [name for name in sys.modules if name.split(".")[0] == "Crypto"], "loaded, or a stand-in left behind"
from Crypto.Cipher import AES
assert AES.MODE_CTR
"""


def test_cryptography_is_not_loaded_and_can_still_be() -> None:
    subprocess.run([sys.executable, "-c", _PROGRAM], check=True)
