"""The picture in docs/architecture.md is that of the code: made by its command, and every module in it exists."""

from __future__ import annotations

import pytest

from support.page_picture import BOOK, PICTURE, STEPS, drawn


def test_the_picture_is_the_one_that_the_command_makes() -> None:
    assert PICTURE.read_text(encoding="utf-8") == drawn(), "run: make page-picture"


@pytest.mark.parametrize("module", [module for step in STEPS for module in step.modules])
def test_what_the_picture_names_is_there(module: str) -> None:
    assert (BOOK / module).exists()
