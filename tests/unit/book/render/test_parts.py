"""Long pages cut into files: nothing lost, nothing too long, the same cuts each time."""

from __future__ import annotations

import pytest

from sitebookify.book.render.division import weigh
from sitebookify.book.render.parts import parts
from sitebookify.book.tree import fragment, text_of, to_html

LIMIT = 2000
WORDS = " ".join(f"word{n}" for n in range(40))
ROW = f"<tr><td>{WORDS}</td><td>b</td></tr>"


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{WORDS}</p>" * 20,
        "<section><div>" + f"<h2>a</h2><p>{WORDS}</p>" * 20 + "</div></section>",
        "<ul>" + f"<li>{WORDS}</li>" * 20 + "</ul>",
        "<ul><li>" + f"<p>{WORDS}</p>" * 20 + "</li></ul>",
        "<dl>" + f"<dt>a</dt><dd>{WORDS}</dd>" * 20 + "</dl>",
        f"<table><thead><tr><th>head</th></tr></thead><tbody>{ROW * 20}</tbody></table>",
        "<table><tr><td>" + f"<p>{WORDS}</p>" * 20 + "</td></tr></table>",
        "<pre><code class='language-text'>" + f"{WORDS}\n" * 20 + "</code></pre>",
        f"<p>{WORDS * 20}</p>",
        f"loose {WORDS}<p>{WORDS}</p>" * 10,
        f"<blockquote>{WORDS}<p>{WORDS}</p></blockquote>" * 10,
    ],
)
def test_every_part_fits_and_together_they_say_it_all(html: str) -> None:
    found = parts(fragment(html), LIMIT)
    assert len(found) > 1
    assert all(weigh(part) <= LIMIT for part in found)
    wanted = "".join(text_of(fragment(html)).split())
    have = "".join("".join(text_of(part).split()) for part in found)
    assert have.replace("head", "") == wanted.replace("head", "")  # a table's head is repeated


def test_a_short_page_is_one_part_as_it_is() -> None:
    root = fragment("<p>a</p>")
    assert parts(root) == [root]


def test_the_same_tree_is_cut_alike() -> None:
    html = f"<ol start='4'><li>{WORDS}</li></ol>" * 3 + "<ol>" + f"<li>{WORDS}</li>" * 20 + "</ol>"
    first, second = ([to_html(part) for part in parts(fragment(html), LIMIT)] for _ in range(2))
    assert first == second


def test_a_cut_list_goes_on_counting_and_a_cut_table_repeats_its_head() -> None:
    numbered = parts(fragment("<ol>" + f"<li>{WORDS}</li>" * 12 + "</ol>"), LIMIT)
    counts = [len(part[0]) for part in numbered]
    assert [part[0].get("start") for part in numbered[:2]] == [None, str(counts[0] + 1)]
    table = parts(fragment(f"<table><thead><tr><th>head</th></tr></thead>{ROW * 20}</table>"), LIMIT)
    assert all("head" in text_of(part) for part in table)


def test_a_heading_goes_with_what_follows_it() -> None:
    found = parts(fragment(f"<p>{WORDS}</p>" * 7 + "<h2>next</h2>" + f"<p>{WORDS}</p>" * 7), LIMIT)
    assert found[1][0].tag == "h2"


def test_the_id_of_a_box_that_is_cut_stays_with_its_beginning() -> None:
    found = parts(fragment("<section id='x'>" + f"<p>{WORDS}</p>" * 20 + "</section>"), LIMIT)
    assert [[node.get("id") for node in part.iter("*") if node.get("id")] for part in found[:2]] == [["x"], []]
