"""Finding the Pub/Sub emulator where its installers put it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitebookify.cli import emulator
from sitebookify.cli.emulator import emulator_answers, emulator_command
from support.processes import free_port


@pytest.fixture
def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An SDK with a gcloud on the PATH by a link, Java beside it, and no emulator yet."""
    monkeypatch.setattr(emulator, "_SDKS", ())
    root, path = tmp_path / "google-cloud-sdk", tmp_path / "path"
    for program in (root / "bin/gcloud", path / "java"):
        program.parent.mkdir(parents=True)
        program.touch(mode=0o755)
    (path / "gcloud").symlink_to(root / "bin/gcloud")
    monkeypatch.setenv("PATH", str(path))
    return root


def _install(sdk: Path) -> Path:
    jar = sdk / "platform/pubsub-emulator/lib/cloud-pubsub-emulator-0.8.20-all.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    return jar


def test_the_jar_is_found_beside_gcloud(sdk: Path) -> None:
    jar = _install(sdk)
    command = emulator_command("127.0.0.1:8085")
    assert command
    assert command[command.index("-jar") :] == ["-jar", str(jar), "--host=127.0.0.1", "--port=8085"]


def test_no_jar_is_no_command(sdk: Path) -> None:
    assert sdk.is_dir()
    assert emulator_command("127.0.0.1:8085") is None


def test_no_java_is_no_command(sdk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(sdk)
    monkeypatch.setenv("PATH", str(sdk / "bin"))
    assert emulator_command("127.0.0.1:8085") is None


def test_nobody_listening_is_no_answer() -> None:
    assert not emulator_answers(f"127.0.0.1:{free_port()}")
