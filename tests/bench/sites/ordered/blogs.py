"""Blogs of some forty posts in pages of seven, with tags and categories."""

from __future__ import annotations

import json
import random
from pathlib import Path

from bench.sites.ordered.sources import WORDS, paragraphs, write

DAYS = 28
"""Of each month, so that every drawn day exists."""


def drawn_posts(rng: random.Random) -> list[tuple[str, str]]:
    """Slugs and days, oldest first; no two posts are of one day."""
    posts = []
    day = 0
    for one, other in zip(rng.sample(WORDS, 40), rng.sample(WORDS, 40), strict=True):
        day += rng.randint(3, 40)
        months, rest = divmod(day, DAYS)
        posts.append((f"{one}-{other}", f"{2019 + months // 12}-{months % 12 + 1:02}-{rest + 1:02}"))
    return posts


def pelican(rng: random.Random, where: Path) -> list[str]:
    """Posts by tag, category, author and month."""
    posts = drawn_posts(rng)
    for number, (post, day) in enumerate(posts):
        tags = ", ".join(rng.sample(WORDS[:6], 2))
        head = f"Title: {post.title()}\nDate: {day}\nSlug: {post}\nTags: {tags}\nCategory: {WORDS[number % 4]}\n\n"
        write(where / "content" / f"{post}.md", head + paragraphs(rng))
    write(where / "pelicanconf.py", "SITENAME = 'Blog'\nDEFAULT_PAGINATION = 7\nTIMEZONE = 'UTC'\n")
    return [f"{post}.html" for post, _ in posts]


def hexo(rng: random.Random, where: Path) -> list[str]:
    """Whole posts on the front pages; no feed, and no day in URLs."""
    posts = drawn_posts(rng)
    for number, (post, day) in enumerate(posts):
        head = {"title": post.title(), "date": day, "tags": rng.sample(WORDS[:6], 2), "categories": [WORDS[number % 4]]}
        write(where / "source" / "_posts" / f"{post}.md", f"{json.dumps(head)[1:-1]}\n;;;\n\n{paragraphs(rng)}")
    config = {
        "title": "Blog",
        "url": "https://site.example",
        "permalink": ":title/",
        "theme": "landscape",
        "timezone": "UTC",
        "index_generator": {"per_page": 7},
        "archive_generator": {"per_page": 10},
    }
    write(where / "_config.yml", json.dumps(config))  # JSON is YAML
    return [f"{post}/" for post, _ in posts]


def jekyll(rng: random.Random, where: Path) -> list[str]:
    """The theme Minima: one list of all posts, a page about the blog, and a feed of the last ten."""
    posts = drawn_posts(rng)
    for number, (post, day) in enumerate(posts):
        head = {"layout": "post", "title": post.title(), "categories": [WORDS[number % 4]]}
        write(where / "_posts" / f"{day}-{post}.md", f"---\n{json.dumps(head)}\n---\n{paragraphs(rng)}")
    write(where / "index.md", "---\nlayout: home\n---\n")
    write(where / "about.md", f"---\nlayout: page\ntitle: About\npermalink: /about.html\n---\n{paragraphs(rng)}")
    config = {"title": "Blog", "theme": "minima", "plugins": ["jekyll-feed"], "permalink": "/:title.html"}
    write(where / "_config.yml", json.dumps(config))
    return ["about.html", *(f"{post}.html" for post, _ in posts)]
