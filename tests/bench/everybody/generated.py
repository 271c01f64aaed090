"""Two sites of our own words, in the mark-up that such sites have: a documentation and a blog."""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape
from pathlib import Path

_WORDS = (
    "river bridge stone water ferry harbour lantern ledger carrier signal valley mill weaver timber anchor granary "
    "orchard quarry beacon meadow kiln saddle barrel tiller rudder cedar copper pewter linen parchment compass almanac "
    "carries follows measures gathers opens closes repairs counts lowers raises keeps finds under over beside between "
    "slowly quietly often seldom early late with without the a and of in to from by for"
).split()
_GROUPS, _PAGES_OF_A_GROUP, _POSTS = 8, 7, 40
_POSTS_OF_A_LIST = 10


def documentation(folder: Path) -> list[str]:
    """Write a start page and eight groups of pages; all of them in the order of the sidebar."""
    chance = random.Random("documentation")
    groups = [
        [_title(chance, f"{group + 1}.{number + 1}") for number in range(_PAGES_OF_A_GROUP)] for group in range(_GROUPS)
    ]
    paths = ["index.html"]
    titles = ["Lantern, a ledger of bridges"]
    for group, names in enumerate(groups):
        paths += [f"group-{group + 1}/page-{number + 1}.html" for number in range(len(names))]
        titles += names
    for place, path in enumerate(paths):
        target = folder / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(_documentation_page(chance, place, paths, titles), "utf-8")
    return paths


def blog(folder: Path) -> list[str]:
    """Write lists of teasers, newest first, and posts; the posts, oldest first."""
    chance = random.Random("blog")
    titles = [_title(chance, f"Day {number + 1}:") for number in range(_POSTS)]
    paths = [f"2024/{number // 4 + 1:02}/post-{number + 1}.html" for number in range(_POSTS)]
    bodies = [_body(chance, sections=2) for _ in titles]
    for number, path in enumerate(paths):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_post(chance, number, paths, titles, bodies[number]), "utf-8")
    newest = list(reversed(range(_POSTS)))
    for start in range(0, _POSTS, _POSTS_OF_A_LIST):
        page = start // _POSTS_OF_A_LIST
        name = "index.html" if page == 0 else f"page-{page + 1}.html"
        (folder / name).write_text(
            _teasers(page, newest[start : start + _POSTS_OF_A_LIST], paths, titles, bodies), "utf-8"
        )
    return paths


def _title(chance: random.Random, number: str) -> str:
    return f"{number} {' '.join(chance.sample(_WORDS[:32], 3)).capitalize()}"


def _sentence(chance: random.Random) -> str:
    words = [chance.choice(_WORDS) for _ in range(chance.randint(8, 18))]
    return f"{' '.join(words).capitalize()}."


def _paragraph(chance: random.Random) -> str:
    sentences = [_sentence(chance) for _ in range(chance.randint(3, 6))]
    sentences.insert(1, f"Call <code>{chance.choice(_WORDS)}_{chance.choice(_WORDS)}()</code> first.")
    return f"<p>{' '.join(sentences)}</p>"


def _code(chance: random.Random) -> str:
    lines = [f"def {chance.choice(_WORDS[:30])}_{number}(count: int) -> int:" for number in range(1, 3)]
    bodies = [f"    return count * {chance.randint(2, 99)}  # {chance.choice(_WORDS)}" for _ in lines]
    code = "\n".join(line for pair in zip(lines, bodies, strict=True) for line in (*pair, ""))
    return f'<pre class="language-python"><code class="language-python">{escape(code)}</code></pre>'


def _table(chance: random.Random) -> str:
    rows = [
        f"<tr><td>{chance.choice(_WORDS)}-{row}</td><td>{chance.randint(10, 999)}</td><td>{_sentence(chance)}</td></tr>"
        for row in range(4)
    ]
    head = "<thead><tr><th>Name</th><th>Weight</th><th>Use</th></tr></thead>"
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"


def _list(chance: random.Random) -> str:
    inner = "".join(f"<li>{_sentence(chance)}</li>" for _ in range(2))
    items = "".join(f"<li>{_sentence(chance)}</li>" for _ in range(3))
    return f"<ul>{items}<li>{chance.choice(_WORDS).capitalize()} twice<ul>{inner}</ul></li></ul>"


def _body(chance: random.Random, *, sections: int) -> str:
    parts = [_paragraph(chance)]
    for number in range(sections):
        heading = f"{_title(chance, f'Part {number + 1}.')} {chance.randint(100, 999)}"
        parts += [f"<h2>{heading}</h2>", _paragraph(chance), chance.choice((_code, _table, _list))(chance)]
        parts += [_paragraph(chance), chance.choice((_code, _table, _list))(chance)]
    return "".join(parts)


def _documentation_page(chance: random.Random, place: int, paths: Sequence[str], titles: Sequence[str]) -> str:
    """Docusaurus' classic theme: navbar, sidebar, breadcrumbs, content, neighbours, footer."""
    up = "../" * paths[place].count("/")
    menu = "".join(
        f'<li class="theme-doc-sidebar-item-link menu__list-item">'
        f'<a class="menu__link" href="{up}{path}">{title}</a></li>'
        for path, title in zip(paths, titles, strict=True)
    )
    ways = [
        f'<a class="pagination-nav__link pagination-nav__link--{way}" href="{up}{paths[other]}">'
        f'<div class="pagination-nav__sublabel">{label}</div>'
        f'<div class="pagination-nav__label">{titles[other]}</div></a>'
        for way, label, other in (("prev", "Previous", place - 1), ("next", "Next", place + 1))
        if 0 <= other < len(paths)
    ]
    note = (
        '<div class="theme-admonition theme-admonition-tip alert alert--success"><div class="admonitionHeading">tip'
        f"</div><div>{_paragraph(chance)}</div></div>"
    )
    related = '<link rel="next" href="' + up + paths[place + 1] + '">' if place + 1 < len(paths) else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="generator" content="Docusaurus v3.9.2">'
        f"<title>{titles[place]} | Lantern</title>{related}</head><body><div id='__docusaurus'>"
        f'<nav class="navbar navbar--fixed-top"><a class="navbar__brand" href="{up}index.html">Lantern</a>'
        f'<a class="navbar__link" href="https://code.example/lantern">Sources</a></nav>'
        f'<div class="docsWrapper"><aside class="theme-doc-sidebar-container">'
        f'<nav class="menu" aria-label="Docs sidebar">'
        f'<ul class="theme-doc-sidebar-menu menu__list">{menu}</ul></nav></aside><main class="docMainContainer">'
        f'<div class="docItemContainer"><article><nav class="theme-doc-breadcrumbs"><ul class="breadcrumbs">'
        f'<li class="breadcrumbs__item"><a href="{up}index.html">Home</a></li></ul></nav>'
        f'<div class="theme-doc-markdown markdown"><header><h1>{titles[place]}</h1></header>'
        f"{_body(chance, sections=3)}{note}</div>"
        f'<footer class="theme-doc-footer">'
        f'<a class="theme-edit-this-page" href="https://code.example/edit">Edit this page'
        f'</a></footer></article><nav class="pagination-nav" aria-label="Docs pages">{"".join(ways)}</nav>'
        f"</div></main></div>"
        f'<footer class="footer"><div class="footer__copyright">Copyright 2024 Lantern. Built with Docusaurus.</div>'
        f"</footer></div></body></html>"
    )


def _frame(title: str, up: str, main: str) -> str:
    """What all pages of the blog have around them."""
    tags = "".join(f'<li><a href="https://tags.example/{word}">{word}</a></li>' for word in _WORDS[:12])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{title} - Along the river</title></head><body>"
        f'<header class="masthead"><a href="{up}index.html">Along the river</a><p>Notes of a ferryman, every week</p>'
        f"</header>{main}"
        f'<aside class="widgets"><h3>About</h3><p>The ferryman writes when the water is low and no one waits.</p>'
        f'<h3>Tags</h3><ul>{tags}</ul><form action="/search"><input name="q"></form></aside>'
        f'<footer class="colophon">All words are the ferryman\'s own. Subscribe by mail.</footer></body></html>'
    )


def _post(chance: random.Random, number: int, paths: Sequence[str], titles: Sequence[str], body: str) -> str:
    up = "../../"
    others = [other for other in chance.sample(range(len(paths)), 4) if other != number][:3]
    teasers = "".join(f'<li><a href="{up}{paths[other]}">{titles[other]}</a></li>' for other in others)
    ways = "".join(
        f'<a rel="{way}" href="{up}{paths[other]}">{titles[other]}</a>'
        for way, other in (("prev", number - 1), ("next", number + 1))
        if 0 <= other < len(paths)
    )
    date = f"2024-{number // 4 + 1:02}-{number % 4 * 7 + 1:02}"
    main = (
        f'<main><article class="entry"><h1>{titles[number]}</h1><p class="posted">Posted on '
        f'<time datetime="{date}">{date}</time></p>{body}</article>'
        f'<div class="share"><a href="https://share.example/a">Share this on Chirper</a> '
        f'<a href="https://share.example/b">Pin it</a></div>'
        f'<section class="related"><h3>You may also like</h3><ul>{teasers}</ul></section>'
        f'<nav class="post-navigation">{ways}</nav>'
        f'<section id="comments"><h3>2 comments</h3><ol><li><p>Lovely, thank you for the crossing.</p></li>'
        f"<li><p>When does the next one leave?</p></li></ol></section></main>"
    )
    return _frame(titles[number], up, main)


def _teasers(
    page: int, numbers: Sequence[int], paths: Sequence[str], titles: Sequence[str], bodies: Sequence[str]
) -> str:
    """One page of the list, with links to the older and newer ones."""
    entries = "".join(
        f'<div class="teaser"><h2><a href="{paths[number]}">{titles[number]}</a></h2>'
        f'<p>{bodies[number][3:160]}… <a href="{paths[number]}">Read more</a></p></div>'
        for number in numbers
    )
    last = (len(paths) - 1) // _POSTS_OF_A_LIST
    older = f'<a href="page-{page + 2}.html">Older posts</a>' if page < last else ""
    newer = f'<a href="{"index.html" if page == 1 else f"page-{page}.html"}">Newer posts</a>' if page else ""
    return _frame("Posts", "", f'<main>{entries}<nav class="pagination">{newer} {older}</nav></main>')
