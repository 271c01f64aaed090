"""What strangers write does not reach a terminal as anything but text."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from sitebookify.cli import app
from sitebookify.cli.jobs import shown, shown_line
from sitebookify.errors import SitebookifyError
from sitebookify.log import configure_logging
from sitebookify.terminal import visible

EVIL = "a\x1b]0;title\x07b\x9b31mc\x08\u202egpj.exe\r\x7f"
CONTROLS = set("\x1b\x07\x9b\x08\u202e\r\x7f")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_controls_are_written_out_and_text_stays() -> None:
    assert visible("日本語\té\nx") == "日本語\té\nx"
    assert visible("\x1b[31m\x9b") == "\\x1b[31m\\x9b"
    assert not CONTROLS & set(visible(EVIL))


def test_a_server_s_json_is_shown_without_controls_and_is_the_same_json() -> None:
    for show in (shown, shown_line):
        text = show({"message": EVIL})
        assert not CONTROLS & set(text)
        assert json.loads(text) == {"message": EVIL}


def test_an_error_of_a_server_is_shown_without_controls(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise SitebookifyError(EVIL)

    monkeypatch.setattr(app, "app", fail)
    with pytest.raises(SystemExit):
        app.run()
    assert not CONTROLS - {"\r"} & set(capsys.readouterr().err)


@pytest.mark.parametrize("human", [True, False])
def test_logs_have_no_controls_of_strangers(human: bool, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: FBT001 - a table
    configure_logging(service="worker", human=human)
    structlog.get_logger().warning("page.failed", why=EVIL, title="x" + EVIL)
    out = capsys.readouterr().out
    assert not CONTROLS & set(out)
    assert "gpj.exe" in out
