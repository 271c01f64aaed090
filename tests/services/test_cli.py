"""The command line as a user meets it: help, exit codes, what a mistake is answered with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sitebookify import __version__
from sitebookify.cli.app import app, run
from sitebookify.settings import Settings

COMMANDS = ("build", "serve", "dev", "provision", "reconcile", "extract")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SITEBOOKIFY_{name.upper()}", raising=False)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def _exit_code(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the console script's own entry, which maps errors to exit codes."""
    monkeypatch.setattr(sys, "argv", ["sitebookify", *arguments])
    with pytest.raises(SystemExit) as exit_:
        run()
    assert isinstance(exit_.value.code, int)
    return exit_.value.code


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(runner: CliRunner, command: str) -> None:
    assert command in runner.invoke(app, ["--help"]).output
    assert runner.invoke(app, [command, "--help"]).exit_code == 0


def test_the_version_is_the_package_s(runner: CliRunner) -> None:
    assert runner.invoke(app, ["--version"]).output.strip() == __version__


def test_help_loads_none_of_the_heavy_libraries() -> None:
    """So it answers at once, and so does every mistake in a command line."""
    code = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from sitebookify.cli.app import app\n"
        "assert CliRunner().invoke(app, ['build', '--help']).exit_code == 0\n"
        "print(sorted({'aiohttp', 'google', 'grpc', 'lxml', 'starlette', 'trafilatura', 'uvicorn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["build"], "Missing argument"),
        (["build", "https://example.org/", "ftp://example.org/"], "not a URL that can be fetched"),
        (["build", "ftp://example.org/", "--out", "new"], "not a URL that can be fetched"),
        (["build", "https://user:secret@example.org/", "--out", "new"], "not a URL that can be fetched"),
        (["build", "https://example.org/", "--out", "new", "--max-pages", "0"], "--max-pages"),
        (["build", "https://example.org/", "--out", "new", "--delay-ms", "-1"], "--delay-ms"),
        (["build", "https://example.org/", "--out", "new", "--include", "docs"], "must start with /"),
        (["serve", "nothing"], "nothing"),
        (["extract", "no-such-file.jsonl", "new"], "does not exist"),
    ],
)
def test_a_mistake_in_the_command_line_is_named_and_exits_with_2(
    runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], complaint: str
) -> None:
    """And nothing is written."""
    monkeypatch.chdir(tmp_path)
    result = runner.invoke(app, arguments)
    assert result.exit_code == 2
    assert complaint in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["directory", "file", "dangling link"])
def test_build_refuses_what_exists(runner: CliRunner, tmp_path: Path, kind: str) -> None:
    """Before anything is fetched."""
    out = tmp_path / "out"
    if kind == "directory":
        out.mkdir()
    elif kind == "file":
        out.touch()
    else:
        out.symlink_to(tmp_path / "nowhere")
    result = runner.invoke(app, ["build", "https://example.org/", "--out", str(out)])
    assert result.exit_code == 2
    assert "already exists" in result.output


@pytest.mark.parametrize(
    "command", [["serve", "api"], ["provision"], ["dev"], ["build", "https://e.org/", "--out", "x"]]
)
def test_a_wrong_setting_is_named_and_exits_with_2(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    command: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SITEBOOKIFY_LEASE_SECONDS", "never")
    assert _exit_code(monkeypatch, *command) == 2
    assert capsys.readouterr().err.startswith("error: SITEBOOKIFY_LEASE_SECONDS: ")
    assert list(tmp_path.iterdir()) == []


def test_reconcile_needs_a_broker(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In-process the queue is in the server's memory; nobody else can fill it."""
    assert _exit_code(monkeypatch, "reconcile") == 2
    assert "SITEBOOKIFY_EXECUTION_MODE" in capsys.readouterr().err


def test_provision_names_every_missing_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _exit_code(monkeypatch, "provision") == 2
    assert capsys.readouterr().err.count("error: SITEBOOKIFY_") == 3


def test_dev_says_how_to_get_the_emulator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Without Java on the PATH there is none."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert _exit_code(monkeypatch, "dev") == 1
    assert "apt-get install google-cloud-cli-pubsub-emulator" in capsys.readouterr().err
