"""The whole pipeline on one machine: emulator, topics, and the three services as child processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from sitebookify.cli.children import Children
from sitebookify.cli.emulator import HOW_TO_GET_IT, emulator_answers, emulator_command
from sitebookify.errors import SitebookifyError
from sitebookify.settings import ExecutionMode, LogFormat, PushAuth, Settings, load_settings

_SITEBOOKIFY = (sys.executable, "-m", "sitebookify.cli")
_SERVICES = ("api", "worker", "deadletter")
_COLOURS = {"pubsub": "yellow", "api": "green", "worker": "cyan", "deadletter": "magenta", "reconciler": "blue"}
_CHATTER = re.compile("HttpVersionRoutingHandler|Detected (non-)?HTTP/2|SLF4J")
"""Lines of the emulator that tell nobody anything."""
_READY_WITHIN = 60.0
_DEFAULTS = {
    "project_id": "sitebookify-dev",
    "log_format": LogFormat.CONSOLE,
    "push_auth": PushAuth.NONE,  # the emulator sends no tokens
    "server_private": True,
    # The emulator forgets its messages when it stops. With short times the reconciler can tell soon that
    # nothing is on its way any more, and a job goes on after a restart within minutes.
    "slice_budget_seconds": 30,
    "ack_deadline_seconds": 60,
    "max_backoff_seconds": 60,
}
"""What differs from a service's own defaults; the environment wins."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything listens, as ``host:port``."""

    emulator: str
    api: str
    worker: str
    deadletter: str


def run_pipeline() -> None:
    """Run until Ctrl-C, SIGTERM or SIGHUP, or until one of the processes ends by itself.

    Raises:
        Exit: with 130, where a signal stopped it.
        SettingsError: a setting is wrong.
        SitebookifyError: the emulator is missing, or a process ended.
    """
    base = load_settings(**_overrides())
    addresses = Addresses(
        emulator=_free_address(), api=f"{base.host}:{base.port}", worker=_free_address(), deadletter=_free_address()
    )
    emulator = emulator_command(addresses.emulator)
    if emulator is None:
        raise SitebookifyError(f"`sitebookify dev` needs {HOW_TO_GET_IT}")
    try:
        asyncio.run(_run(base, addresses, emulator))
    except asyncio.CancelledError as error:
        raise typer.Exit(130) from error


def _overrides() -> dict[str, Any]:
    defaults = {name: value for name, value in _DEFAULTS.items() if not os.environ.get(_variable(name))}
    return defaults | {"execution_mode": ExecutionMode.WORKER, "artifact_bucket": ""}


def _environment(settings: Settings, addresses: Addresses) -> dict[str, str]:
    values = _overrides() | {
        "data_dir": settings.data_dir.absolute(),
        "worker_url": f"http://{addresses.worker}",
        "deadletter_url": f"http://{addresses.deadletter}",
    }
    ours = {_variable(name): str(value) for name, value in values.items()}
    return os.environ | ours | {"PUBSUB_EMULATOR_HOST": addresses.emulator, "PYTHONUNBUFFERED": "1"}


async def _run(settings: Settings, addresses: Addresses, emulator: Sequence[str]) -> None:
    _cancel_on_signals()
    console = Console(highlight=False, soft_wrap=True)
    environment = _environment(settings, addresses)
    async with Children(lambda name, line: _print_line(console, name, line)) as children:
        await children.start("pubsub", emulator, environment)
        await _until(lambda: emulator_answers(addresses.emulator), "the Pub/Sub emulator", children)
        await children.run("provision", (*_SITEBOOKIFY, "provision"), environment)
        for name in _SERVICES:
            host, _, port = getattr(addresses, name).rpartition(":")
            listen = {_variable("host"): host, _variable("port"): port}
            await children.start(name, (*_SITEBOOKIFY, "serve", name), environment | listen)
        for name in _SERVICES:
            await _until(_healthy(getattr(addresses, name)), f"the service {name}", children)
        every = str(settings.reconcile_seconds)
        await children.start("reconciler", (*_SITEBOOKIFY, "reconcile", "--every", every), environment)
        _explain(console, addresses, settings.data_dir.absolute())
        await children.watch()


def _cancel_on_signals() -> None:
    """Cancel this task at the first signal, so that the children stop in order; a second Ctrl-C does not wait."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None  # noqa: S101 - a coroutine runs in a task

    def stop(number: signal.Signals) -> None:
        # A terminal that is closed sends SIGHUP twice, as the kernel and as the shell do.
        if number is signal.SIGINT or not task.cancelling():
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A shell's background job ignores Ctrl-C, what nohup started ignores the hang-up: that is to stay so.
        if number is signal.SIGTERM or signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop, number)


async def _until(ready: Callable[[], bool], what: str, children: Children) -> None:
    try:
        async with asyncio.timeout(_READY_WITHIN):
            while not await asyncio.to_thread(ready):
                children.check()
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise SitebookifyError(f"{what} is not ready after {_READY_WITHIN:g} s") from error


def _healthy(address: str) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://{address}/healthz", timeout=2):
                return True
        except (OSError, urllib.error.URLError):
            return False

    return ready


def _print_line(console: Console, name: str, line: str) -> None:
    if name == "pubsub" and _CHATTER.search(line):
        return
    with contextlib.suppress(OSError):  # the terminal is gone: its SIGHUP is on the way
        console.print(Text.assemble((f"{name:10} ", _COLOURS.get(name, "bold")), Text.from_ansi(line)))


def _explain(console: Console, addresses: Addresses, data_dir: Path) -> None:
    api = f"http://{addresses.api}"
    for line in (
        "",
        f"sitebookify is ready: {api}",
        "",
        f'  curl -X POST {api}/v1/jobs -H \'Content-Type: application/json\' -d \'{{"spec": {{"sourceUrl": "https://…"}}}}\'',
        f"  curl {api}/v1/jobs/ID",
        "",
        f"Jobs and books are in {data_dir}. The emulator is at {addresses.emulator}. Ctrl-C stops everything.",
        "",
    ):
        console.print(line, markup=False)


def _variable(name: str) -> str:
    return f"SITEBOOKIFY_{name.upper()}"


def _free_address() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{found.getsockname()[1]}"
