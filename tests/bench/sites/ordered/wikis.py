"""Wikis, whose pages are in the order of lists in their text."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.sites.ordered.sources import WORDS, Section, drawn, write


def wiki_page(rng: random.Random, titles: Sequence[str], link: str) -> str:
    """Text that mentions other pages here and there, as wikis do; ``link`` formats a title as a link."""
    paragraphs = []
    for title in rng.sample(titles, 3):
        words = [rng.choice(WORDS) for _ in range(40)]
        words.insert(rng.randint(5, 30), link.format(title))
        paragraphs.append(" ".join(words).capitalize() + ".")
    return "\n\n".join(paragraphs) + "\n"


def wiki_lists(sections: Sequence[Section], item: Callable[[str, str], str], heading: str) -> str:
    """The table of contents that a wiki's main page has: a heading and a list for each section."""
    lines = []
    for folder, groups in sections:
        lines += ["", heading.format(folder.title()), ""]
        lines += [item(folder, page) for _, pages in groups for page in pages]
    return "\n".join(lines) + "\n"


def ikiwiki(rng: random.Random, where: Path) -> list[str]:
    """A page for each section, which lists its own; in every other wiki, the same sidebar on each page lists all."""
    sections = drawn(rng)
    folders = rng.random() < 0.5
    sidebar = rng.random() < 0.5
    titles = [f"{folder}/{page}" for folder, groups in sections for _, pages in groups for page in pages]
    sources = where / "src"
    named = "\n".join(f"* [[{folder}]]" for folder, _ in sections)
    write(sources / "index.mdwn", f"{wiki_page(rng, titles, '[[{0}]]')}\n{named}\n")
    for folder, groups in sections:
        listed = "\n".join(f"* [[{folder}/{page}]]" for _, pages in groups for page in pages)
        write(sources / f"{folder}.mdwn", f"{wiki_page(rng, titles, '[[{0}]]')}\n{listed}\n")
        for _, pages in groups:
            for page in pages:
                write(sources / folder / f"{page}.mdwn", wiki_page(rng, titles, "[[{0}]]"))
    if sidebar:
        items = wiki_lists(sections, lambda folder, page: f"* [[{folder}/{page}]]", "[[{0}]]")
        write(sources / "sidebar.mdwn", items)
    options = ["--set", f"usedirs={int(folders)}", *(["--plugin", "sidebar"] if sidebar else [])]
    write(where / "options", "\n".join(options) + "\n")
    end = "/index.html" if folders else ".html"
    if not sidebar:
        write(where / "only_lists", "\n".join(folder + end for folder, _ in sections))
    paths = ["index.html"]
    for folder, groups in sections:
        paths.append(folder + end)
        paths += [f"{folder}/{page}{end}" for _, pages in groups for page in pages]
    return paths


def mediawiki(rng: random.Random, where: Path) -> list[str]:
    """Articles without folders; the main page lists all, or the articles about sections list theirs."""
    sections = drawn(rng)
    every = [f"{page.title()} of the {folder}" for folder, groups in sections for _, pages in groups for page in pages]
    whole = rng.random() < 0.5
    listed = wiki_lists(sections, lambda folder, page: f"* [[{page.title()} of the {folder}]]", "== {0} ==")
    named = "\n".join(f"* [[The {folder}]]" for folder, _ in sections) + "\n"
    main = wiki_page(rng, every, "[[{0}]]") + (listed if whole else named)
    articles = {"Main Page": main}
    for folder, groups in sections:
        titles = [f"{page.title()} of the {folder}" for _, pages in groups for page in pages]
        if not whole:
            items = "\n".join(f"# [[{title}]]" for title in titles)
            articles[f"The {folder}"] = f"{wiki_page(rng, every, '[[{0}]]')}\n== Articles ==\n{items}\n"
        for title in titles:
            text = wiki_page(rng, every, "[[{0}]]")
            articles[title] = (
                f"{text}\n== History ==\n{wiki_page(rng, every, '[[{0}]]')}\n[[Category:{folder.title()}]]\n"
            )
    if not whole:
        write(where / "only_lists", "\n".join(f"index.php/The_{folder}" for folder, _ in sections))
    for title, text in articles.items():
        write(where / "articles" / f"{title}.txt", text)
    return [f"index.php/{title.replace(' ', '_')}" for title in articles]
