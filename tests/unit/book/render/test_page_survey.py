"""What a survey says of a page: its ids with their parts, its links and images."""

from __future__ import annotations

from sitebookify.book.document.nodes import (
    Attr,
    Cell,
    Document,
    Footnote,
    Image,
    Link,
    Note,
    Para,
    Plain,
    Row,
    RowGroup,
    Table,
)
from sitebookify.book.model import Page
from sitebookify.book.render.page_survey import Survey, survey, survey_packed
from sitebookify.book.render.parts import LIMIT
from support.documents import URL

LONG = Para(("word " * (LIMIT // 11),))


def test_ids_links_and_images_come_once_from_wherever_they_stand() -> None:
    cell = Cell(
        (Plain((Link((Image("http://e.org/i"),), "http://e.org/"), Link(("x",), "http://e.org/"))),), attr=Attr(id="c")
    )
    row = Row((cell,), attr=Attr(id="r"))
    table = Table((RowGroup((row,), attr=Attr(id="b")),), attr=Attr(lang="ja"))
    note = Footnote("n", (Para((Image("http://e.org/j"), Image("http://e.org/i"))),))
    document = Document(
        url=URL, title="T", blocks=(Para((Note("n", Attr(id="to-n")),), Attr(id="p")), table), notes=(note,)
    )
    assert survey(document) == Survey(
        url=URL,
        ids=(("p", 0), ("to-n", 0), ("b", 0), ("r", 0), ("c", 0), ("n", 0)),
        links=("http://e.org/",),
        images=("http://e.org/i", "http://e.org/j"),
    )


def test_ids_of_a_long_page_have_the_number_of_their_part() -> None:
    blocks = tuple(block for name in "abcd" for block in (Para(("x",), Attr(id=name)), LONG))
    notes = (Footnote("n", (LONG,)),)
    ids = dict(survey(Document(url=URL, title="T", blocks=blocks, notes=notes)).ids)
    assert ids == {"a": 0, "b": 0, "c": 0, "d": 1, "n": 2}


def test_a_stored_page_is_surveyed() -> None:
    document = Document(url=URL, title="T", blocks=(Para(("x",), Attr(id="a")),))
    (found,) = survey_packed([Page(document=document).pack()])
    assert found == Survey.from_json(found.to_json()) == survey(document)


def test_pages_of_more_links_than_there_is_room_for_are_cut_and_say_so() -> None:
    """The surveys of fifty pages are in the service at a time, and a page may have a hundred thousand links."""
    blocks = tuple(Para((Link(("x",), f"http://e.org/{number}"),), Attr(id=f"i{number}")) for number in range(20))
    packed = Page(document=Document(url=URL, title="T", blocks=blocks)).pack()
    first, second, third = survey_packed([packed] * 3, room=6000)
    whole = survey(Document(url=URL, title="T", blocks=blocks))
    assert (len(first.links), len(first.ids), first.cut) == (20, 20, 0)
    assert first == whole
    assert 0 < len(second.links) + len(second.ids) < 40
    assert second.cut == 40 - len(second.links) - len(second.ids)
    assert (second.links, second.ids) == (whole.links[: len(second.links)], whole.ids[: len(second.ids)])
    assert (third.links, third.ids, third.cut) == ((), (), 40)
