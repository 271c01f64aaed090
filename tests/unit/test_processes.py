"""The processes that tests start: as a terminal would start them, whatever started the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PROGRAM = """
import signal, sys
from pathlib import Path
from support.processes import Process

process = Process(["sleep", "600"], log=Path(sys.argv[1])).start()
process.wait_for(lambda: Path(f"/proc/{process.pid}/comm").read_text() == "sleep\\n")
process.signal(signal.Signals(int(sys.argv[2])))
print(process.wait())
"""


@pytest.mark.parametrize("number", [1, 2])
def test_signals_that_a_background_job_ignores_end_its_processes(number: int, tmp_path: Path) -> None:
    """SIGHUP under nohup, SIGINT in a script: ignored by the tests, not by what they start."""
    background = ["sh", "-c", 'trap "" HUP INT; exec "$@"', "sh"]
    command = [*background, sys.executable, "-c", PROGRAM, str(tmp_path / "log"), str(number)]
    env = {**os.environ, "PYTHONPATH": str(TESTS)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=200, check=True)
    assert done.stdout == f"{-number}\n"
