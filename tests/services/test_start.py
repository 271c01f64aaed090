"""A new instance answers before it has loaded what its first work needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SERVICES = ("api", "worker", "deadletter")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_without_the_libraries_of_its_work(service: str) -> None:
    """They take longer to import than all else together; `bootstrap` loads them when it answers."""
    code = (
        "import sys\n"
        "from sitebookify.cli import load_structlog\n"
        "load_structlog()\n"
        f"from sitebookify_{service}.main import app\n"
        "app()\n"
        "heavy = {'aiohttp', 'google.auth', 'grpc', 'requests', 'rich', 'trafilatura', 'PIL'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
        "import rich"
    )
    cloud = {
        "SITEBOOKIFY_EXECUTION_MODE": "worker",
        "SITEBOOKIFY_PROJECT_ID": "demo",
        "SITEBOOKIFY_ARTIFACT_BUCKET": "books",
        "SITEBOOKIFY_PUSH_AUDIENCE": "https://worker.example.com",
        "SITEBOOKIFY_PUSH_IDENTITY": "push@demo.iam.gserviceaccount.com",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, env=os.environ | cloud
    )
    assert done.stdout.strip() == "[]", done.stderr
