"""Manuals of generators whose configuration is JavaScript: a sidebar for each section, a bar with all at the top."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

from bench.sites.ordered.sources import drawn, order, paragraphs, write, write_pages

_SITES = Path(__file__).parent.parent


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


def vuepress(rng: random.Random, where: Path) -> list[str]:
    """As VitePress; its predecessor and sibling, which marks everything up in its own way."""
    sections = drawn(rng)
    write_pages(rng, sections, where, index="README.md")
    sidebar: dict[str, list[object]] = {"/": []}
    for folder, groups in sections:
        entries: list[object] = [f"/{folder}/README.md"]
        for group, pages in groups:
            children = [f"/{folder}/{page}.md" for page in pages]
            entries.append({"text": group.title(), "collapsible": rng.random() < 0.5, "children": children})
        sidebar[f"/{folder}/"] = entries
    navbar = [{"text": folder.title(), "link": f"/{folder}/"} for folder, _ in sections]
    config = f"""import {{ viteBundler }} from '@vuepress/bundler-vite'
import {{ defaultTheme }} from '@vuepress/theme-default'
export default {{
  bundler: viteBundler(),
  title: 'Site',
  theme: defaultTheme({json.dumps({"navbar": navbar, "sidebar": sidebar})}),
}}
"""
    write(where / ".vuepress" / "config.js", config)
    return order(sections, ".html")


def rspress(rng: random.Random, where: Path) -> list[str]:
    """Sidebars by folder, under headings that fold."""
    sections = drawn(rng)
    write_pages(rng, sections, where / "docs")
    sidebar: dict[str, list[object]] = {}
    for folder, groups in sections:
        entries: list[object] = [{"text": folder.title(), "link": f"/{folder}/"}]
        for group, pages in groups:
            items = [{"text": page.title(), "link": f"/{folder}/{page}"} for page in pages]
            entries.append({"text": group.title(), "collapsed": rng.random() < 0.5, "items": items})
        sidebar[f"/{folder}/"] = entries
    nav = [{"text": folder.title(), "link": f"/{folder}/"} for folder, _ in sections]
    config = {"root": "docs", "title": "Site", "themeConfig": {"nav": nav, "sidebar": sidebar}}
    write(where / "rspress.config.mjs", f"export default {json.dumps(config)}\n")
    return order(sections, ".html")


def starlight(rng: random.Random, where: Path) -> list[str]:
    """Topics, a plugin's word for sections: the others' names stand above each sidebar."""
    sections = drawn(rng)
    write_pages(rng, sections, where / "src" / "content" / "docs", _with_front_matter)
    topics = []
    for folder, groups in sections:
        items: list[object] = [folder]
        items += [
            {"label": group.title(), "collapsed": rng.random() < 0.5, "items": [f"{folder}/{page}" for page in pages]}
            for group, pages in groups
        ]
        topics.append({"label": folder.title(), "link": f"/{folder}/", "items": items})
    config = f"""import {{ defineConfig }} from 'astro/config'
import starlight from '@astrojs/starlight'
import topics from 'starlight-sidebar-topics'
export default defineConfig({{
  site: 'https://site.example',
  integrations: [
    starlight({{ title: 'Site', plugins: [topics({json.dumps(topics)}, {{ exclude: ['/', '/index'] }})] }}),
  ],
}})
"""
    write(where / "astro.config.mjs", config)
    content = """import { defineCollection } from 'astro:content'
import { docsLoader } from '@astrojs/starlight/loaders'
import { docsSchema } from '@astrojs/starlight/schema'
export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) }
"""
    write(where / "src" / "content.config.mjs", content)
    return order(sections, "/index.html")


def _with_front_matter(rng: random.Random, title: str) -> str:
    return f"---\ntitle: {title.title()}\n---\n\n{paragraphs(rng)}"


def nextra(rng: random.Random, where: Path) -> list[str]:
    """Sections that are pages of the bar at the top, each with a sidebar under separators."""
    shutil.copytree(_SITES / "nextra", where, dirs_exist_ok=True, ignore=shutil.ignore_patterns("content", "public"))
    sections = drawn(rng)
    content = where / "content"
    write_pages(rng, sections, content)
    top = {"index": {"display": "hidden"}}
    top |= {folder: {"title": folder.title(), "type": "page"} for folder, _ in sections}
    write(content / "_meta.js", f"export default {json.dumps(top)}\n")
    for folder, groups in sections:
        entries: dict[str, object] = {"index": folder.title()}
        for group, pages in groups:
            entries[f"-- {group}"] = {"type": "separator", "title": group.title()}
            entries |= {page: page.title() for page in pages}
        write(content / folder / "_meta.js", f"export default {json.dumps(entries)}\n")
    return order(sections, "/index.html")
