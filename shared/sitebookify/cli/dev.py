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
_COLOURS = {
    "pubsub": "yellow",
    "api": "green",
    "worker": "cyan",
    "deadletter": "magenta",
    "reconciler": "blue",
}
_CHATTER = re.compile("HttpVersionRoutingHandler|Detected (non-)?HTTP/2|SLF4J")
"""Lines of the emulator that are of no use to anyone."""
_READY_WITHIN = 60.0
_DEFAULTS = {
    "project_id": "sitebookify-dev",
    "log_format": LogFormat.CONSOLE,
    "push_auth": PushAuth.NONE,  # the emulator sends no tokens
    "server_private": True,
    # The emulator loses its messages when it stops. With short times the reconciler resends them soon, and a job
    # continues within minutes after a restart.
    "slice_budget_seconds": 30,
    "ack_deadline_seconds": 60,
    "max_backoff_seconds": 60,
}
"""Settings that differ from a service's defaults; environment variables take precedence."""


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
        Exit: with 130, if a signal stopped it.
        SettingsError: a setting is wrong.
        SitebookifyError: the emulator is missing, or a process ended.
    """
    base = load_settings(**_overrides())
    addresses = Addresses(
        emulator=_free_address(),
        api=f"{base.host}:{base.port}",
        worker=_free_address(),
        deadletter=_free_address(),
    )
    emulator = emulator_command(addresses.emulator)
    if emulator is None:
        raise SitebookifyError(f"`sitebookify dev` needs {HOW_TO_GET_IT}")
    try:
        asyncio.run(_run(base, addresses, emulator))
    except asyncio.CancelledError as error:
        raise typer.Exit(130) from error


def _overrides() -> dict[str, Any]:
    unset = [name for name in _DEFAULTS if not os.environ.get(_variable(name))]
    defaults = {name: _DEFAULTS[name] for name in unset}
    return {**defaults, "execution_mode": ExecutionMode.WORKER, "artifact_bucket": ""}


def _environment(settings: Settings, addresses: Addresses) -> dict[str, str]:
    values = _overrides() | {
        "data_dir": settings.data_dir.absolute(),
        "worker_url": f"http://{addresses.worker}",
        "deadletter_url": f"http://{addresses.deadletter}",
    }
    environment = dict(os.environ)
    for name, value in values.items():
        environment[_variable(name)] = str(value)
    environment["PUBSUB_EMULATOR_HOST"] = addresses.emulator
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


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
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    assert task is not None  # noqa: S101 - a coroutine runs in a task

    def stop(number: signal.Signals) -> None:
        # A terminal that closes sends SIGHUP twice: the kernel does, and the shell does.
        if number is signal.SIGINT or not task.cancelling():
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A shell's background job ignores Ctrl-C, and a process under nohup the hang-up; both must stay so.
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
    label = (f"{name:10} ", _COLOURS.get(name, "bold"))
    with contextlib.suppress(OSError):  # the terminal has closed, and SIGHUP follows
        console.print(Text.assemble(label, Text.from_ansi(line)))


def _explain(console: Console, addresses: Addresses, data_dir: Path) -> None:
    api = f"http://{addresses.api}"
    body = '{"spec": {"sourceUrl": "https://…"}}'
    for line in (
        "",
        f"sitebookify is ready: {api}",
        "",
        f"  curl -X POST {api}/v1/jobs -H 'Content-Type: application/json' -d '{body}'",
        f"  curl {api}/v1/jobs/ID",
        "",
        f"Jobs and books are in {data_dir}. The emulator is at {addresses.emulator}. Ctrl-C stops everything.",
        "",
    ):
        console.print(line, markup=False)


def _variable(name: str) -> str:
    return f"SITEBOOKIFY_{name.upper()}"


def _free_address() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        _, port = listener.getsockname()
        return f"127.0.0.1:{port}"
