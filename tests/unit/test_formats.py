"""The table of formats: complete, and the same everywhere it is read."""

from __future__ import annotations

import sys

import pytest

from sitebookify import bootstrap
from sitebookify.book.package.writer import writer_of
from sitebookify.formats import ALWAYS, FILES, BookFile, Format, Needed, file_of, for_people, in_words, with_always
from sitebookify.messages import catalogue, languages
from sitebookify.settings import Settings, load_settings


def test_every_format_is_one_file_and_every_file_has_a_name_of_its_own() -> None:
    assert sorted(file.format for file in FILES if file.format) == sorted(Format)
    assert len({file.name for file in FILES}) == len(FILES)
    assert [file_of(each).format for each in Format] == list(Format)


def test_the_zip_is_written_last_and_the_report_after_the_formats() -> None:
    """The zip holds every other file, and the report says which were not made."""
    formats = [file.format for file in FILES]
    assert formats[-1] is Format.ZIP
    assert formats[-2] is None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_file_has_a_writer(file: BookFile) -> None:
    assert callable(writer_of(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_bound_can_be_set(file: BookFile) -> None:
    if file.bound and file.bound.setting:
        assert Settings.model_fields[file.bound.setting].default == file.bound.kilobytes


def test_a_setting_moves_a_bound() -> None:
    longest = bootstrap._longest_kb(load_settings(pdf_longest_kb=10, docx_longest_kb=20))
    assert longest == {Format.PDF: 10, Format.DOCX: 20}


@pytest.mark.parametrize("language", languages())
def test_every_label_is_translated(language: str) -> None:
    """English is the table's own."""
    translated = {key.removeprefix("file.") for key in catalogue(language).page if key.startswith("file.")}
    assert translated == (set() if language == "en" else {file.name for file in FILES})


def test_formats_that_always_come_need_not_be_asked_for() -> None:
    assert with_always([]) == ALWAYS
    assert with_always([Format.PDF, Format.EPUB, Format.PDF]) == (*ALWAYS, Format.PDF)
    assert in_words().startswith("in addition to markdown, epub and zip, which are always made: html, pdf")


def test_people_see_first_what_they_read() -> None:
    assert [file.name for file in for_people()][:2] == ["book.epub", "book.html"]


def test_a_package_that_is_missing_is_known_without_loading_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "antigravity", raising=False)
    assert Needed("antigravity", "pip install python").installed()
    assert "antigravity" not in sys.modules
    monkeypatch.setitem(sys.modules, "antigravity", None)  # Python's own way to say that a package is not there
    assert not Needed("antigravity", "pip install python").installed()
    assert not Needed("no_such_package", "pip install no-such-package").installed()
