"""Links that say the same beside every title, wherever they lead."""

from __future__ import annotations

import re

import pytest

from support.pages import contents, prose

_NAMES = "apple birch cedar damson elder fig".split()


def _contents(title: str) -> dict[str, str]:
    pages = {
        name: f"<title>{name}</title><main><h1>{name}</h1>{prose(name)}{title.format(name=name)}{prose(name + 'more')}"
        for name in _NAMES
    }
    return contents(pages)


@pytest.mark.parametrize(
    ("drawn", "plain"),
    [
        ('<h2>{name}() <a href="/src/{name}.py">[source]</a><a href="#">¶</a></h2>', "<h2>{name}()</h2>"),
        ('<h2><a href="/src/{name}.py#L9">src</a> {name}()</h2>', "<h2>{name}()</h2>"),
        ('<div><span>1.{name} <a href="/src/{name}">source</a></span><h2>{name}()</h2></div>', None),
        ('<section><a href="/src/{name}">source</a> 1.2<h2>{name}()</h2></section>', "<p>1.2</p><h2>{name}()</h2>"),
        ('<div><pre>{name}</pre><a href="https://run.example/{name}">Run</a></div>', "{name}\n</code></pre>"),
        ('<h2>{name}(<a href="/other">Other</a>)</h2>', None),
        ('<h2><a href="/all/{name}">All</a></h2>', None),
    ],
)
def test_signs_beside_titles_and_code_go(drawn: str, plain: str | None) -> None:
    """Ways to the source and to places to run code; types that titles name stay, and titles that are links."""
    for name, html in _contents(drawn).items():
        if plain is None:
            assert "</a>" in html
        else:
            assert "</a>" not in html
            assert f"{plain.format(name=name)}<p>{name}more0one" in re.sub(r" ?(<[^>]+>) ?", r"\1", html)
