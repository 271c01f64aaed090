"""The one place that runs pandoc: sandboxed, its memory and its time bounded, text in and text out.

The binary is the one in pypandoc's wheel (pandoc 3.9). It is kept running, with ``pandoc.lua`` as its program, and
asked again and again: to start it for a page cost more than the page. Its readers run in pandoc's sandbox, away from
files and network. Beyond its limit of memory it ends with an error instead of taking the container with it. It ends
with the process that started it, whose end closes its input.
"""

from __future__ import annotations

import atexit
import multiprocessing
import resource
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sitebookify.errors import SitebookifyError
from sitebookify.memory_limit import data_size, left_for_child

TIMEOUT_SECONDS = 60.0
MEMORY_BYTES = 512 * 2**20
_MOST_KEPT = 136 * 2**20
"""Bytes. References of Rust modules of a megabyte left a pandoc of 324 MiB behind; pages of books leave 130."""
_CHUNK = 1 << 16
_LONGEST_REASON = 500
_PROGRAM = Path(__file__).with_name("pandoc.lua")
_RUNTIME = ("-H1m", "-A2m", "-O16m")
"""A small nursery that stays in the processor's cache, and old data left alone below 16 MiB: a page of 10 KB takes 40
ms of CPU time, where pandoc's own ``-H64m`` takes 43 ms and 47 MiB more."""


class PandocFailed(SitebookifyError):
    """pandoc could not convert this text: too large, too slow, or a bug of it."""


def run(
    text: str,
    *,
    source: str,
    target: str,
    math: Literal["plain", "mathml"] = "plain",
    timeout: float = TIMEOUT_SECONDS,
    memory: int = MEMORY_BYTES,
) -> str:
    """The text converted from format ``source`` to format ``target`` (pandoc's names with their extensions).

    ``pandoc.lua`` lets a caller say what the source format cannot; ``math`` is how HTML shows formulas. ``timeout``
    is in seconds, ``memory`` in bytes.

    Raises:
        PandocFailed: pandoc refused, ran out of memory or out of time.
    """
    pandoc = _take(memory)
    try:
        converted = pandoc.ask(text.encode(), f"{source} {target} {math}", timeout)
    except BaseException:  # whatever happened, an answer may be left in the pipe: nobody must take it for his own
        pandoc.end()
        raise
    if pandoc.is_large():  # what it took for this it would keep
        pandoc.end()
    else:
        _idle[memory].append(pandoc)
    return converted


def start(program: Path, memory: int, environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Pandoc with a program in Lua: it reads its input and writes to its output, within ``memory`` bytes."""
    # The wheel says nothing of types, and few pages need what it takes a while to load.
    import pypandoc  # type: ignore[import-untyped] # noqa: PLC0415

    command = [str(pypandoc.get_pandoc_path()), "+RTS", *_RUNTIME, "-RTS", "lua", str(program)]
    # Ctrl-C at a terminal must not end it, or its page would be taken for one that fails. So it is in a group of its
    # own, or in that of a worker process, which is out of the terminal's reach and is killed with all of its group.
    group = -1 if multiprocessing.parent_process() else 0
    process = subprocess.Popen(  # noqa: S603 - a fixed binary, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=group,
        env=environment,
    )
    _limit(process.pid, memory)
    return process


@contextmanager
def killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Kill the process if the block takes longer; the event says that it was."""
    late = threading.Event()

    def give_up() -> None:
        late.set()
        process.kill()

    clock = threading.Timer(seconds, give_up)
    clock.start()
    try:
        yield late
    finally:
        clock.cancel()


def answer(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """What a program of ours answers: a line ``ok SIZE``, and so many bytes.

    Raises:
        PandocFailed: it refused.
        EOFError: it has ended.
    """
    assert process.stdout  # noqa: S101 - it is a pipe
    how, _, size = process.stdout.readline().partition(b" ")
    if not how:
        raise EOFError
    remaining = int(size)
    if how != b"ok":
        reason = process.stdout.read(min(remaining, _LONGEST_REASON))
        raise PandocFailed(f"pandoc refused: {reason.decode('utf-8', 'replace')}")
    while remaining:
        chunk = process.stdout.read(min(remaining, _CHUNK))
        if not chunk:
            raise EOFError
        remaining -= len(chunk)
        yield chunk


def _limit(pid: int, memory: int) -> None:
    """Let a pandoc have so many bytes, or what this process may give it.

    Not the runtime's own limit (-M): a program in Lua goes on behind it and collects garbage for ever.
    """
    if sys.platform == "linux":
        room = left_for_child()
        most = memory if room is None else min(memory, room)
        resource.prlimit(pid, resource.RLIMIT_DATA, (most, memory))


class _Pandoc:
    """One running pandoc."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process = start(_PROGRAM, memory)

    def ask(self, text: bytes, formats: str, timeout: float) -> str:
        """One conversion.

        Raises:
            PandocFailed: pandoc refused, or ended.
        """
        _limit(self._process.pid, self._memory)  # this process may have grown since it was started
        with killed_after(timeout, self._process) as late:
            try:
                assert self._process.stdin  # noqa: S101 - it is a pipe
                self._process.stdin.write(b"%s %d\n" % (formats.encode(), len(text)) + text)
                self._process.stdin.flush()
                return b"".join(answer(self._process)).decode()
            except (BrokenPipeError, EOFError) as error:
                code = self._process.wait()
                if late.is_set():
                    raise PandocFailed(f"pandoc took longer than {timeout:g} s") from error
                raise PandocFailed(
                    f"pandoc ended with code {code}, possibly out of its {self._memory:,} bytes of memory"
                ) from error

    def is_large(self) -> bool:
        """True for one that holds more than is worth its start."""
        return data_size(self._process.pid) > _MOST_KEPT

    def end(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.communicate()


_idle: defaultdict[int, list[_Pandoc]] = defaultdict(list)
"""By limit of memory, those that wait for work: as many as there were threads that asked at once."""


def _take(memory: int) -> _Pandoc:
    try:
        return _idle[memory].pop()
    except IndexError:
        return _Pandoc(memory)


@atexit.register
def _end_all() -> None:
    for waiting in _idle.values():
        while waiting:
            waiting.pop().end()
