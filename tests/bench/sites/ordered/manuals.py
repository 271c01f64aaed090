"""Manuals of generators in Python and Rust, and of GNU: tabs, captions, parts."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

from bench.sites.ordered.sources import Section, drawn, order, paragraphs, prose, write, write_pages


def material(rng: random.Random, where: Path) -> list[str]:
    """Tabs, each with a sidebar that holds nothing of the others (``navigation.prune``)."""
    sections = drawn(rng)
    write_pages(rng, sections, where / "docs")
    nav: list[object] = [{"Start": "index.md"}]
    for folder, groups in sections:
        entries: list[object] = [f"{folder}/index.md"]
        entries += [{group.title(): [f"{folder}/{page}.md" for page in pages]} for group, pages in groups]
        nav.append({folder.title(): entries})
    features = ["navigation.tabs", "navigation.prune", "navigation.indexes"]
    footer = ["navigation.footer"] if rng.random() < 0.5 else []
    theme = {"name": "material", "font": False, "features": [*features, *footer]}
    config = {"site_name": "Site", "use_directory_urls": False, "theme": theme, "nav": nav, "plugins": []}
    write(where / "mkdocs.yml", json.dumps(config))  # JSON is YAML
    return order(sections, ".html")


def pydata(rng: random.Random, where: Path) -> list[str]:
    """Sphinx: the sections in the bar at the top, beside each page the captions and pages of its own."""
    sections = drawn(rng)
    write_pages(rng, sections, where)
    names = [f"{folder}/index" for folder, _ in sections]
    write(where / "index.md", prose(rng, "Start") + _toctree("", names))
    for folder, groups in sections:
        trees = "".join(_toctree(group.title(), pages) for group, pages in groups)
        write(where / folder / "index.md", prose(rng, folder) + trees)
    write(where / "conf.py", _sphinx_config("pydata_sphinx_theme"))
    return order(sections, ".html")


def captions(rng: random.Random, where: Path) -> list[str]:
    """Sphinx with the theme of Read the Docs: one menu, a caption for each section."""
    sections = drawn(rng)
    write_pages(rng, sections, where)
    trees = ""
    for folder, groups in sections:
        names = [f"{folder}/index", *(f"{folder}/{page}" for _, pages in groups for page in pages)]
        trees += _toctree(folder.title(), names)
    write(where / "index.md", prose(rng, "Start") + trees)
    write(where / "conf.py", _sphinx_config("sphinx_rtd_theme"))
    return order(sections, ".html")


def _toctree(caption: str, names: Sequence[str]) -> str:
    options = [f":caption: {caption}"] if caption else []
    return "\n".join(["", "```{toctree}", ":hidden:", *options, "", *names, "```", ""])


def _sphinx_config(theme: str) -> str:
    lines = [
        "project = 'Site'",
        "extensions = ['myst_parser']",
        f"html_theme = '{theme}'",
        "exclude_patterns = ['.venv', 'site']",
    ]
    return "\n".join([*lines, ""])


def mdbook(rng: random.Random, where: Path) -> list[str]:
    """A part for each section, chapters below its first page."""
    sections = drawn(rng)
    write_pages(rng, sections, where / "src")
    write(where / "src" / "SUMMARY.md", "# Summary\n\n[Start](index.md)\n" + _summary(sections, "# ", "index.md"))
    write(where / "book.toml", "[book]\ntitle = 'Site'\n")
    return order(sections, ".html")


def honkit(rng: random.Random, where: Path) -> list[str]:
    """GitBook's heir: parts, and chapters that the menu numbers."""
    sections = drawn(rng)
    write_pages(rng, sections, where, index="README.md")
    write(where / "SUMMARY.md", "# Summary\n\n* [Start](README.md)\n" + _summary(sections, "## ", "README.md"))
    return order(sections, ".html")


def _summary(sections: Sequence[Section], part: str, index: str) -> str:
    lines = []
    for folder, groups in sections:
        lines += ["", part + folder.title(), "", f"* [{folder.title()}]({folder}/{index})"]
        lines += [f"  * [{page.title()}]({folder}/{page}.md)" for _, pages in groups for page in pages]
    return "\n".join(lines) + "\n"


def texinfo(rng: random.Random, where: Path) -> list[str]:
    """GNU's: no sidebar, but a menu on each page that has pages below, and links to the neighbours."""
    sections = drawn(rng)
    lines = ["@settitle Site", "@node Top", "@top Site", paragraphs(rng)]
    paths = ["index.html"]
    for folder, groups in sections:
        lines += [f"@node {folder.title()}", f"@chapter {folder.title()}", paragraphs(rng)]
        paths.append(f"{folder.title()}.html")
        for _, pages in groups:
            for page in pages:
                title = f"{page.title()} of {folder.title()}"
                lines += [f"@node {title}", f"@section {title}", paragraphs(rng)]
                paths.append(f"{title.replace(' ', '-')}.html")
    write(where / "only_lists", "\n".join(f"{folder.title()}.html" for folder, _ in sections))
    write(where / "manual.texi", "\n".join([*lines, "@bye", ""]))
    return paths
