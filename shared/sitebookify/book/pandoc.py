"""The one place that runs pandoc: sandboxed, its heap and its time bounded, text in and text out.

The binary is the one in pypandoc's wheel (pandoc 3.9). ``--sandbox`` keeps readers and writers away from files and
the network; the heap limit is the Haskell runtime's (``+RTS -M``): beyond it pandoc ends with an error instead of
taking the container with it.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pypandoc  # type: ignore[import-untyped]  # the wheel says nothing of types

from sitebookify.errors import SitebookifyError

TIMEOUT_SECONDS = 60.0
HEAP = "512M"
_FILTER = Path(__file__).with_name("raw.lua")


class PandocFailed(SitebookifyError):
    """pandoc could not convert this text: too large, too slow, or a bug of it."""


def run(
    text: str,
    *,
    source: str,
    target: str,
    options: tuple[str, ...] = (),
    timeout: float = TIMEOUT_SECONDS,
    heap: str = HEAP,
) -> str:
    """The text converted from format ``source`` to format ``target`` (pandoc's names with their extensions).

    ``raw.lua`` is always applied: it lets a caller say what the source format cannot.
    ``timeout`` is in seconds, ``heap`` in the runtime's notation (``512M``).

    Raises:
        PandocFailed: pandoc ended with an error, ran out of memory or out of time.
    """
    command = [
        *(_binary(), "+RTS", f"-M{heap}", "-RTS", "--sandbox"),
        *("--from", source, "--to", target, "--wrap=none", "--preserve-tabs", f"--lua-filter={_FILTER}"),
        *options,
    ]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=timeout, check=True)  # noqa: S603 - a fixed binary, no shell
    except subprocess.TimeoutExpired as error:
        raise PandocFailed(f"pandoc took longer than {timeout:g} s") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip()
        raise PandocFailed(f"pandoc ended with code {error.returncode}: {said[:500]}") from error
    return done.stdout.decode()


@cache
def _binary() -> str:
    return str(pypandoc.get_pandoc_path())
