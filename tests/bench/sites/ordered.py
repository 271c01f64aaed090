"""Sources of sites for the reading-order bench: ``ordered.py GENERATOR SEED DIR``.

They are manuals with several sidebars, blogs, and wikis, whose pages are in the order of lists in their text.

Writes what the generator builds DIR/site from, and DIR/order.json: the paths of the pages in the order of the sources,
and of those that alone list others: without such a page nothing says in which order those come.
Names are drawn at random, so that no order is that of the alphabet. `build.sh ordered GENERATOR SEED DIR` builds it.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

WORDS = (
    "harbour lantern willow copper meadow engine velvet granite orchard signal compass thunder marble timber ribbon "
    "cactus winter pepper silver anchor bridge candle dragon ember falcon garnet hollow island jungle kettle ladder "
    "mirror needle oyster parcel quartz rocket saddle tunnel umbrella violin walnut yellow zephyr"
).split()
Group = tuple[str, list[str]]
Section = tuple[str, list[Group]]
"""A section's folder and its groups: the name and the pages of each."""


def drawn(rng: random.Random) -> list[Section]:
    """Four to eight sections of like size."""
    names = rng.sample(WORDS, rng.randint(4, 8))
    sections = []
    for name in names:
        pages = rng.sample([word for word in WORDS if word not in names], rng.randint(9, 14))
        cut = rng.randint(3, 5)
        sections.append((name, [("first " + name, pages[:cut]), ("more " + name, pages[cut:])]))
    return sections


def prose(rng: random.Random, title: str) -> str:
    """A page in Markdown with text of its own."""
    paragraphs = [" ".join(rng.choice(WORDS) for _ in range(40)).capitalize() + "." for _ in range(3)]
    return f"# {title.title()}\n\n" + "\n\n".join(paragraphs) + "\n"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_pages(rng: random.Random, sections: Sequence[Section], docs: Path) -> None:
    """The landing page names nothing: the order of sections is that of the navigation alone."""
    write(docs / "index.md", prose(rng, "Start"))
    for folder, groups in sections:
        write(docs / folder / "index.md", prose(rng, folder))
        for _, pages in groups:
            for page in pages:
                write(docs / folder / f"{page}.md", prose(rng, f"{page} of {folder}"))


def order(sections: Sequence[Section], suffix: str) -> list[str]:
    paths = ["index.html"]
    for folder, groups in sections:
        paths.append(f"{folder}/index.html")
        paths += [f"{folder}/{page}{suffix}" for _, pages in groups for page in pages]
    return paths


def vitepress(rng: random.Random, where: Path) -> list[str]:
    """Sidebars by folder, groups that are closed at first, the sections in the bar at the top."""
    sections = drawn(rng)
    write_pages(rng, sections, where)
    sidebar = {
        f"/{folder}/": [
            {"text": folder.title(), "link": f"/{folder}/"},
            *(
                {
                    "text": group.title(),
                    "collapsed": rng.random() < 0.5,
                    "items": [{"text": page.title(), "link": f"/{folder}/{page}"} for page in pages],
                }
                for group, pages in groups
            ),
        ]
        for folder, groups in sections
    }
    nav = [{"text": folder.title(), "link": f"/{folder}/"} for folder, _ in sections]
    theme = {"nav": nav, "sidebar": sidebar}
    config = {"title": "Site", "themeConfig": theme}
    write(where / ".vitepress" / "config.mjs", f"export default {json.dumps(config)}\n")
    return order(sections, ".html")


def docusaurus(rng: random.Random, where: Path) -> list[str]:
    """A sidebar for each section, with categories that are closed at first, the sections in the bar at the top."""
    sections = drawn(rng)
    write_pages(rng, sections, where / "docs")
    sidebars: dict[str, list[object]] = {}
    for folder, groups in sections:
        entries: list[object] = [f"{folder}/index"]
        for group, pages in groups:
            items = [f"{folder}/{page}" for page in pages]
            entries.append({"type": "category", "label": group.title(), "items": items})
        sidebars[folder] = entries
    bar = [{"type": "docSidebar", "sidebarId": folder, "label": folder.title()} for folder, _ in sections]
    docs = {"routeBasePath": "/", "sidebarPath": "./sidebars.json"}
    config = {
        "title": "Site",
        "url": "https://site.example",
        "baseUrl": "/",
        "trailingSlash": True,
        "presets": [["classic", {"docs": docs, "blog": False, "pages": False}]],
        "themeConfig": {"navbar": {"title": "Site", "items": bar}},
    }
    write(where / "sidebars.json", json.dumps(sidebars))
    write(where / "docusaurus.config.js", f"module.exports = {json.dumps(config)}\n")
    return order(sections, "/index.html")


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


def pelican(rng: random.Random, where: Path) -> list[str]:
    """A blog of some forty posts in pages of seven, with tags and categories."""
    posts = [f"{one}-{other}" for one, other in zip(rng.sample(WORDS, 40), rng.sample(WORDS, 40), strict=True)]
    day = 0
    for number, post in enumerate(posts):
        day += rng.randint(3, 40)
        date = f"{2019 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
        tags = ", ".join(rng.sample(WORDS[:6], 2))
        head = f"Title: {post.title()}\nDate: {date}\nSlug: {post}\nTags: {tags}\nCategory: {WORDS[number % 4]}\n\n"
        write(where / "content" / f"{post}.md", head + prose(rng, post).partition("\n\n")[2])
    write(where / "pelicanconf.py", "SITENAME = 'Blog'\nDEFAULT_PAGINATION = 7\nTIMEZONE = 'UTC'\n")
    return [f"{post}.html" for post in posts]


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


GENERATORS: dict[str, Callable[[random.Random, Path], list[str]]] = {
    "vitepress": vitepress,
    "docusaurus": docusaurus,
    "material": material,
    "pelican": pelican,
    "ikiwiki": ikiwiki,
    "mediawiki": mediawiki,
}
KINDS = {"pelican": "blog", "mediawiki": "wiki"}
"""How the bench reads the site; others are manuals, files in a directory."""


def main() -> None:
    name, seed, where = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    paths = GENERATORS[name](random.Random(f"{name} {seed}"), where)
    only_lists = where / "only_lists"
    order = {
        "kind": KINDS.get(name, "manual"),
        "paths": paths,
        "only_lists": only_lists.read_text().split() if only_lists.is_file() else [],
    }
    write(where / "order.json", json.dumps(order, indent=0))


if __name__ == "__main__":
    main()
