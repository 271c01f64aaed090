"""The tree of contents cut into parts and chapters: bounded, every page once, in order."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sitebookify.book.contents.chapters import MOST_PAGES, MOST_WORDS, chapters
from sitebookify.book.contents.forest import Forest, Node
from sitebookify.book.model import Chapter, PageRef

Shape = Sequence["str | tuple[str, Shape]"]
"""Pages and ``=labels``, with what is below them."""


def book(shape: Shape, words: int = 10) -> list[Chapter]:
    forest, refs = Forest(), list[PageRef]()

    def grow(items: Shape, parent: Node) -> None:
        for item in items:
            title, below = item if isinstance(item, tuple) else (item, [])
            if title.startswith("="):
                grow(below, forest.add_label(title[1:], parent))
            else:
                refs.append(PageRef(url=title, blob=title, title=title, words=words, sha256=""))
                grow(below, forest.add(len(refs) - 1, parent))

    grow(shape, forest.root)
    return chapters(forest.root, refs)


def outline(made: Sequence[Chapter]) -> list[tuple[str, str, list[tuple[int, str]]]]:
    """Each chapter's part, title and sections with their levels."""
    return [(one.part, one.title, [(each.level, each.title) for each in one.sections]) for one in made]


def test_a_page_at_the_top_is_a_chapter_with_all_below_it() -> None:
    assert outline(book(["a", ("b", [("b1", ["b11"]), "b2"])])) == [
        ("", "a", [(0, "a")]),
        ("", "b", [(0, "b"), (1, "b1"), (2, "b11"), (1, "b2")]),
    ]


def test_a_start_page_above_all_others_is_a_chapter_of_its_own() -> None:
    assert outline(book([("start", [("a", ["a1"]), "b"])])) == [
        ("", "start", [(0, "start")]),
        ("", "a", [(0, "a"), (1, "a1")]),
        ("", "b", [(0, "b")]),
    ]


def test_a_label_at_the_top_is_a_part() -> None:
    assert outline(book(["start", ("=Guide", [("a", ["a1"]), "b"])])) == [
        ("", "start", [(0, "start")]),
        ("Guide", "a", [(0, "a"), (1, "a1")]),
        ("Guide", "b", [(0, "b")]),
    ]


def test_a_label_over_one_page_is_a_chapter_of_that_name() -> None:
    assert outline(book(["x", ("=About", ["a"])])) == [("", "x", [(0, "x")]), ("", "About", [(0, "a")])]


def test_a_label_inside_a_chapter_changes_nothing_but_order() -> None:
    assert outline(book(["x", ("b", [("=More", ["b1"]), "b2"])]))[1] == ("", "b", [(0, "b"), (1, "b1"), (1, "b2")])


def test_what_is_too_long_for_a_chapter_is_a_part() -> None:
    long = [(f"a{n}", [f"a{n}.{m}" for m in range(MOST_PAGES // 3)]) for n in range(4)]
    made = book(["x", ("a", long)])
    assert [(one.part, one.title) for one in made] == [("", "x"), ("a", "a"), *(("a", f"a{n}") for n in range(4))]
    assert made[2].sections[1].level == 1


def test_what_is_too_long_for_a_chapter_of_a_part_is_cut_between_pages() -> None:
    made = book(["x", ("=Part", [("a", [f"a{n}" for n in range(MOST_PAGES)]), "b"])])
    assert [(one.part, one.title, len(one.sections)) for one in made] == [
        ("", "x", 1),
        ("Part", "a", MOST_PAGES),
        ("Part", f"a{MOST_PAGES - 1}", 1),
        ("Part", "b", 1),
    ]


def test_words_bound_a_chapter_too_and_a_page_is_never_cut() -> None:
    made = book(["x", ("a", ["a1", "a2"])], words=MOST_WORDS)
    assert [len(one.sections) for one in made] == [1, 1, 1, 1]


_SHAPES: st.SearchStrategy[Shape] = st.recursive(
    st.just([]),
    lambda below: st.lists(st.tuples(st.sampled_from(["p", "=label"]), below), max_size=5),
    max_leaves=200,
)


@given(_SHAPES, st.integers(min_value=0, max_value=MOST_WORDS))
def test_every_page_is_in_one_chapter_in_the_tree_s_order(shape: Shape, words: int) -> None:
    made = book([*shape, "last"], words)
    count = sum(len(one.sections) for one in made)
    assert made[-1].sections[-1].title == "last"
    assert count == 1 + str(shape).count("'p'")
    for one in made:
        assert 0 < len(one.sections) <= MOST_PAGES
        assert len(one.sections) == 1 or sum(each.words for each in one.sections) <= MOST_WORDS


def test_thirty_thousand_words_are_one_chapter() -> None:
    shape: Shape = ["start", ("a", ["b", "c"])]
    assert len(book(shape, words=10_000)) == 2
    assert len(book(shape, words=10_001)) > 2


def test_a_page_that_is_a_part_has_its_number_in_the_part_s_title() -> None:
    refs = [PageRef(url=name, blob="", title=name, words=MOST_WORDS, sha256="") for name in "xabc"]
    forest = Forest()
    forest.add(0, forest.root)
    part = forest.add(1, forest.root)
    for page in (2, 3):
        forest.add(page, part)
    made = chapters(forest.root, refs, {1: "2.", 2: "2.1."})
    assert [(one.part, one.title, one.sections[0].number) for one in made] == [
        ("", "x", ""),
        ("2. a", "a", "2."),
        ("2. a", "b", "2.1."),
        ("2. a", "c", ""),
    ]
