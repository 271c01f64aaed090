"""What HTML itself says is no content."""

from __future__ import annotations

import pytest

from sitebookify.book.extract.chrome import is_chrome, is_discussion
from sitebookify.book.tree import fragment


@pytest.mark.parametrize(
    "html", ["<nav>x</nav>", "<p role=search>x</p>", "<header>x</header>", "<div><footer>x</footer></div>"]
)
def test_what_says_that_it_is_no_content(html: str) -> None:
    assert any(is_chrome(element) for element in fragment(html).iter("*"))


@pytest.mark.parametrize("box", ["article", "aside", "blockquote", "figure", "main", "section"])
def test_a_part_of_a_page_has_a_header_of_its_own(box: str) -> None:
    """A callout is often drawn as an aside with one."""
    root = fragment(f"<{box}><div><header>x</header></div></{box}>")
    assert not any(is_chrome(element) for element in root.iter("*"))


def test_a_discussion_holds_contributions_and_not_only_a_form() -> None:
    form = "<form class=comment-form></form>"
    talk = fragment(f"<div class=comments>{form}<ol><li class=comment>x</ol></div><div class=comments>{form}</div>")
    assert [is_discussion(box) for box in talk] == [True, False]
    (block,) = fragment("<div class=wp-block-comments><ol><li class=comment>x</ol></div>")
    assert is_discussion(block)


@pytest.mark.parametrize(("words", "kept"), [(20, True), (19, False)])
def test_a_form_without_fields_is_kept_for_its_text(words: int, *, kept: bool) -> None:
    (form,) = fragment(f"<form><p>{'word ' * words}</p><button>Go</button></form>")
    assert is_chrome(form) is not kept


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ("<p>Which knot slips?</p><input type=radio><input type=submit>", True),
        ("<input type=checkbox>", False),
        ("<p>Which knot slips?</p><input type=radio><input>", False),
        (f"<p>{'word ' * 20}</p><textarea readonly>x</textarea>", True),
        (f"<p>{'word ' * 20}</p><textarea></textarea>", False),
        (f"<p>{'word ' * 20}</p><select></select>", False),
    ],
)
def test_a_form_that_asks_for_nothing_but_answers_is_kept(fields: str, *, kept: bool) -> None:
    (form,) = fragment(f"<form>{fields}</form>")
    assert is_chrome(form) is not kept
