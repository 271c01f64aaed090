"""What all sources have in common: sections, pages and words drawn at random, so that no order is the alphabet's."""

from __future__ import annotations

import random
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
PageText = Callable[[random.Random, str], str]
"""A page's source, from its title."""


def drawn(rng: random.Random) -> list[Section]:
    """Four to eight sections of like size."""
    names = rng.sample(WORDS, rng.randint(4, 8))
    sections = []
    for name in names:
        pages = rng.sample([word for word in WORDS if word not in names], rng.randint(9, 14))
        cut = rng.randint(3, 5)
        sections.append((name, [("first " + name, pages[:cut]), ("more " + name, pages[cut:])]))
    return sections


def paragraphs(rng: random.Random) -> str:
    """Text that no other page has, in any language of mark-up."""
    drawn_words = [" ".join(rng.choice(WORDS) for _ in range(40)) for _ in range(3)]
    return "\n\n".join(text.capitalize() + "." for text in drawn_words) + "\n"


def prose(rng: random.Random, title: str) -> str:
    """A page in Markdown with text of its own."""
    return f"# {title.title()}\n\n{paragraphs(rng)}"


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_pages(
    rng: random.Random, sections: Sequence[Section], docs: Path, page_text: PageText = prose, index: str = "index.md"
) -> None:
    """The landing page names nothing: the order of sections is that of the navigation alone."""
    write(docs / index, page_text(rng, "Start"))
    for folder, groups in sections:
        write(docs / folder / index, page_text(rng, folder))
        for _, pages in groups:
            for page in pages:
                write(docs / folder / f"{page}.md", page_text(rng, f"{page} of {folder}"))


def order(sections: Sequence[Section], suffix: str) -> list[str]:
    paths = ["index.html"]
    for folder, groups in sections:
        paths.append(f"{folder}/index.html")
        paths += [f"{folder}/{page}{suffix}" for _, pages in groups for page in pages]
    return paths
