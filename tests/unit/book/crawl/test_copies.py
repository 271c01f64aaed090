"""The same page under another URL, and pages that repeat others."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sitebookify.book.crawl.copies import Copies, is_concatenation
from sitebookify.book.crawl.crawled_page import Sketch
from sitebookify.book.crawl.reading import read_blocks, read_document
from sitebookify.book.crawl.sketch import sketch_of
from sitebookify.book.html.parser import parse

FURNITURE = "".join(f"<div>Furniture of the whole site, piece {n}</div>" for n in range(60))


def paragraphs(topic: str, count: int = 10) -> str:
    return "".join(f"<p>Paragraph {n} of what there is to say about {topic}.</p>" for n in range(count))


def page(body: str, title: str = "Title") -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def sketch(body: str, title: str = "Title") -> Sketch:
    return sketch_of(parse(page(body, title)))[0]


def known(*bodies: str) -> Copies:
    copies = Copies()
    for n, body in enumerate(bodies):
        copies.add(f"/{n}", sketch(body))
    return copies


def test_the_same_text_is_the_same_page() -> None:
    assert known(paragraphs("x")).original(sketch(f"<div>{paragraphs('x')}</div>")) == "/0"


def test_the_same_text_under_other_pictures_is_another_page() -> None:
    assert known('<p>Page</p><img src="1.png">').original(sketch('<p>Page</p><img src="2.png">')) is None


def test_what_a_page_says_to_no_reader_makes_no_other_page() -> None:
    other = "<select><option>Version 2 of this manual</select><dialog>Do you like cookies?</dialog>"
    assert known(paragraphs("x")).original(sketch(other + paragraphs("x"))) == "/0"
    assert (
        known("<p>Page</p><svg><text>1</text></svg>").original(sketch("<p>Page</p><svg><text>2</text></svg>")) is None
    )


def test_a_new_date_in_the_footer_makes_no_other_page() -> None:
    copies = known(paragraphs("x", 12) + "<p>Last built on Monday at noon.</p>")
    assert copies.original(sketch(paragraphs("x", 12) + "<p>Last built on Tuesday at noon.</p>")) is None
    copies = known(paragraphs("x", 30) + "<p>Last built on Monday at noon.</p>")
    assert copies.original(sketch(paragraphs("x", 30) + "<p>Last built on Tuesday at noon.</p>")) == "/0"


def test_other_navigation_makes_no_other_page() -> None:
    copies = known("<nav>One two three four five</nav>" + paragraphs("x"))
    assert copies.original(sketch("<nav>Six seven eight nine ten</nav>" + paragraphs("x"))) == "/0"


def test_another_title_makes_another_page() -> None:
    """Reference pages that differ in one word are pages of their own."""
    assert known(paragraphs("x", 40)).original(sketch(paragraphs("x", 40) + "<p>!</p>", title="Other")) is None


def test_pages_without_title_and_heading_are_told_by_all_their_text() -> None:
    copies = Copies()
    copies.add("/0", sketch(paragraphs("x", 40), title=""))
    assert copies.original(sketch(paragraphs("x", 40) + "<p>!</p>", title="")) is None


def test_short_pages_in_much_furniture_are_no_copies() -> None:
    copies = known(*(FURNITURE + f"<p>Only sentence of page number {n}.</p>" for n in range(10)))
    assert copies.original(sketch(FURNITURE + "<p>Only sentence of another page.</p>")) is None


def repeats(copies: Copies, bodies: list[str], whole: str) -> bool:
    """The two steps of the crawl's end: which pages seem to be parts, and whether the whole is made of them."""
    blocks = read_blocks(page(whole))
    parts = copies.parts("/whole", blocks, copies.by_url)
    return is_concatenation(blocks, [read_blocks(page(bodies[int(part[1:])])) for part in parts])


def test_a_page_that_holds_the_others_repeats_them() -> None:
    bodies = [paragraphs(f"topic {n}") for n in range(5)]
    copies = known(*bodies)
    assert repeats(copies, bodies, "".join(bodies))
    copies.add("/whole", sketch("".join(bodies)))
    assert copies.longest(3, 20) == ["/whole"]


def test_boilerplate_that_all_parts_share_hides_no_repetition() -> None:
    bodies = [FURNITURE + paragraphs(f"topic {n}", 40) for n in range(10)]
    assert repeats(known(*bodies), bodies, "".join(bodies))


def test_a_long_page_of_its_own_repeats_nothing() -> None:
    bodies = [FURNITURE + paragraphs(f"topic {n}") for n in range(10)]
    assert not repeats(known(*bodies), bodies, FURNITURE + paragraphs("everything else", 200))


def test_a_page_that_quotes_two_others_stays() -> None:
    bodies = [paragraphs(f"topic {n}") for n in range(5)]
    assert not repeats(known(*bodies), bodies, bodies[0] + bodies[1])


def test_sisters_that_share_most_of_their_text_stay() -> None:
    """As the pages of Rust's integer types do."""
    bodies = [paragraphs("integers", 100) + paragraphs(f"type {n}", 5) for n in range(6)]
    assert not repeats(known(*bodies[:5]), bodies, bodies[5])


def test_a_page_whose_sections_many_others_quote_stays() -> None:
    """As the methods of Rust's Iterator are listed on the page of every type that is one."""
    methods = [paragraphs(f"method {n}", 4) for n in range(30)]
    bodies = ["".join(methods[n % 3 :: 2]) for n in range(12)]
    assert not repeats(known(*bodies), bodies, "".join(methods))


def test_the_missing_page_is_recognised_with_the_path_in_it() -> None:
    copies = known(paragraphs("x"))
    missing = sketch("<h1>Not found</h1><p>There is no page at /aaaa here.</p>", title="Oops")
    assert copies.is_missing_page(
        sketch("<h1>Not found</h1><p>There is no page at /b here.</p>", title="Oops"), missing
    )
    assert not copies.is_missing_page(sketch("<h1>Found</h1><p>Short, but a page.</p>", title="Oops"), missing)


def test_a_sketch_survives_json() -> None:
    one = sketch(paragraphs("x", 50))
    assert Sketch.from_json(one.to_json()) == one


def test_hidden_text_does_not_count() -> None:
    document = read_document(page("<script>let x</script><style>p{}</style><p>Twelve chars</p>"), "http://a.test/")
    assert document.sketch.characters == len("Twelve chars")


@pytest.mark.parametrize(("held", "repeated"), [(80, True), (79, False)])
def test_parts_hold_four_fifths_of_what_repeats_them(held: int, *, repeated: bool) -> None:
    parts = [range(30), range(30, 60), range(60, held)]
    assert is_concatenation({*range(100)}, map(set, parts)) is repeated


@pytest.mark.parametrize(("parts", "repeated"), [([33, 66, 99], True), ([49, 98], False)])
def test_a_page_repeats_three_others_at_least(parts: list[int], *, repeated: bool) -> None:
    bounds = pairwise([0, *parts])
    assert is_concatenation({*range(100)}, [{*range(first, end)} for first, end in bounds]) is repeated


@pytest.mark.parametrize(("common", "same"), [(18, True), (17, False)])
def test_namesakes_that_share_nine_tenths_are_the_same(common: int, *, same: bool) -> None:
    """Of twenty blocks that the two have together."""
    copies = Copies()
    one = Sketch(text=1, name=7, blocks=19, characters=100, smallest=tuple(range(1, 20)))
    other = Sketch(text=2, name=7, blocks=common + 1, characters=100, smallest=(*range(1, common + 1), 20))
    copies.add("/one", one)
    assert (copies.original(other) == "/one") is same
