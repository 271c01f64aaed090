"""The real Pub/Sub emulator, one for the whole test session; tests keep apart by project id."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitebookify.cli.emulator import HOW_TO_GET_IT, emulator_answers, emulator_command
from support.outside import need
from support.processes import Process, free_port


class Emulator(Process):
    """An emulator on ``address``; it can be restarted there, and forgets everything by that."""

    def __init__(self, log: Path) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        command = emulator_command(self.address)
        need(command, HOW_TO_GET_IT)
        super().__init__(command or (), log=log)

    def ready(self) -> Emulator:
        """Start it and wait until it answers."""
        self.start()
        self.wait_for(lambda: emulator_answers(self.address))
        return self


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A running emulator, with ``PUBSUB_EMULATOR_HOST`` leading this process's clients to it."""
    with pytest.MonkeyPatch.context() as patch:
        emulator = Emulator(tmp_path_factory.mktemp("emulator") / "log").ready()
        patch.setitem(os.environ, "PUBSUB_EMULATOR_HOST", emulator.address)
        try:
            yield emulator
        finally:
            emulator.stop()
