"""Code that does not go through pandoc comes out as pandoc would write it."""

from __future__ import annotations

import html

import pytest

from sitebookify.book import pandoc
from sitebookify.book.markdown.code import hold_back
from sitebookify.book.markdown.convert import to_markdown
from sitebookify.book.tree import fragment

CODES = (
    "let x = 1;\n",
    "\n  indented\n\n\ttab\n   \nend   \n\n\n",
    "a ```\n```\nfence in it\n`````\n",
    "~~~\n<b>&amp; *stars* [link](x)\n",
    "\n\nx\n\n",
    "日本語\u00a0\u2028x",
)


@pytest.mark.parametrize("code", CODES)
def test_it_is_what_pandoc_would_write(code: str) -> None:
    page = f'<p>before</p><pre><code class="language-rust">{html.escape(code)}</code></pre><p>after</p>'
    assert len(hold_back(fragment(page)).blocks) == 1
    assert to_markdown(page) == pandoc.run(page, source="html-auto_identifiers", target="gfm-tex_math_gfm")


def test_code_with_numbers_of_groups_is_left_as_it_is() -> None:
    page = '<pre><code class="language-perl">\\1 \\g&lt;0&gt; $1</code></pre>'
    assert to_markdown(page) == "``` perl\n\\1 \\g<0> $1\n```\n"


def test_code_in_a_list_is_left_to_pandoc() -> None:
    page = '<ul><li><p>item</p><pre><code class="language-rust">x</code></pre></li></ul>'
    assert not hold_back(fragment(page)).blocks
    assert "  ``` rust" in to_markdown(page)
