"""What a book says means nothing to the programs it is given to: mdBook, front matter, lists, AsciiDoc, Windows."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
import subprocess
import tomllib
import zipfile
from html import unescape
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sitebookify.book.epub.content import BookInfo
from sitebookify.book.extract.extract_tasks import about_packed
from sitebookify.book.links import slugs
from sitebookify.book.package.markdown import book_toml
from sitebookify.book.package.mdbook_text import inert, inert_line
from sitebookify.book.package.package_stage import package
from sitebookify.book.render.render_stage import render
from sitebookify.book.write.asciidoc import asciidoc
from support.bench import run_stage
from support.book import SITE, Draft, bench_with
from support.outside import need

COMMAND = re.compile(r"\{\{\s*#(?:include|rustdoc_include|playground|playpen|template|title)\s")
"""What mdBook's preprocessor acts on (src/preprocess/links.rs), wherever in the text."""
NAMES = ("include", "rustdoc_include", "playground", "template", "title")
COMMANDS = [f"{{{{#{name} /etc/passwd}}}}" for name in NAMES] + ["{{ #include\t/etc/passwd}}", "{{{{#include x}}}}"]
HTML = (
    "".join(
        f"<p>Text {c}, <code>{c}</code> and <code>a `{c}</code>, <b>{c}</b></p><h2>On {c}</h2>"
        f"<blockquote><pre><code class=language-rust>let x = 1;\n\n{c}\n</code></pre></blockquote>"
        f"<ul><li><p>item {c}</p><pre><code>{c} < 1\n</code></pre></li></ul>"
        f"<table><tr><th>{c}</th></tr><tr><td><pre>{c}</pre></td></tr></table><p><img src='{SITE}i.png' alt='{c}'></p>"
        for c in COMMANDS
    )
    + "<pre><code>{{\n#include /etc/passwd\n}}</code></pre>"
)
EVIL = "<script>alert(1)</script> {{#include /etc/passwd}} \U0001f600 \x7f"


async def zipped(title: str = EVIL) -> dict[str, str]:
    bench = bench_with(
        [[Draft(path="a.html", title=title, html=f"<h1>x</h1>{HTML}")]],
        parts=[title],
        site={"author": title, "licence": title},
    )
    bench.inputs["contents"]["title"] = title
    bench.inputs["render"] = (await run_stage(render, bench)).output
    done = await run_stage(package, bench)
    (archive,) = (each for each in done.artifacts if each.name == "artifact.zip")
    found = bench.store.get(archive.object_name)
    assert found
    with zipfile.ZipFile(io.BytesIO(found[0])) as files:
        return {name: files.read(name).decode("utf-8", "replace") for name in files.namelist()}


async def test_a_page_cannot_make_mdbook_include_the_reader_s_files() -> None:
    files = {name: text for name, text in (await zipped()).items() if name.startswith("mdbook/")}
    assert {"mdbook/book.toml", "mdbook/src/SUMMARY.md", "mdbook/src/a.md"} <= files.keys()
    for name, text in files.items():
        assert not COMMAND.search(text), name
    assert unescape(files["mdbook/src/a.md"]).count("{{#include /etc/passwd}}") >= 9, "it reads as it did"
    config = tomllib.loads(files["mdbook/book.toml"])
    assert config["build"]["use-default-preprocessors"] is False
    assert config["book"]["title"] == " ".join(EVIL.split())


async def test_titles_and_names_are_no_markup_where_programs_read_them() -> None:
    files = await zipped()
    front = files["book.md"].split("---\n")[1]
    for name, text in (("front matter", front), *((each, files[each]) for each in ("toc.yaml", "manifest.jsonl"))):
        assert "<script" not in text.lower(), name
    assert "<script" not in json.dumps(yaml.safe_load(front)).lower(), "nor in the values, which end in HTML"
    assert yaml.safe_load(files["toc.yaml"])["chapters"][0]["title"] == EVIL, "lists keep the text as it is"
    assert json.loads(files["manifest.jsonl"].splitlines()[0])["title"] == EVIL
    assert all("<script" not in row for row in files["report.jsonl"].splitlines())


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["{", "{{", "}}", "#", "#include x", "`", "```", "\n", "> ", "- ", " ", "a", "~~~", "<"]))
)
def test_no_markdown_keeps_a_command(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert not COMMAND.search(inert(text))
    assert "{{" not in inert_line(text)


def test_other_markdown_stays_as_it_is() -> None:
    text = "Handlebars: `{{#if a}}`\n\n```html\n{{> part}}\n```\n"
    code = '<pre><code class="language-html">{{&gt; part}}\n</code></pre>'
    assert inert("Only {{ and # here") == "Only {{ and # here"
    assert inert(text).replace("{&#123;", "{{") == f"Handlebars: <code>{{{{#if a}}}}</code>\n\n{code}\n"


@pytest.mark.parametrize("code", ["```\na {\n```\n", "```\na {", "~~~\na {\n\n~~~\nb"])
def test_code_without_braces_stays_code_beside_a_command(code: str) -> None:
    assert inert("{{#a}}\n\n" + code) == "{&#123;#a}}\n\n" + code


@pytest.mark.parametrize("title", ["a\nb", 'q"', "\\", "\x00\x1f\x7f", "\U0001f600", "{{#title x}}", "]\n[build]"])
def test_any_title_is_a_string_of_toml(title: str) -> None:
    info = BookInfo(title=title, language="en", source=SITE, generator="g", author=title)
    config = tomllib.loads(book_toml(info).decode())
    assert config["book"]["title"] == " ".join(title.split())
    assert config["book"]["authors"] == [" ".join(title.split())]


def test_no_page_has_a_name_that_windows_keeps_for_a_device() -> None:
    devices = ["con", "PRN", "aux.html", "nul", "com1", "lpt9.php", "COM5/"]
    named = slugs([f"https://e.org/{name}" for name in devices])
    assert not {slug.partition(".")[0] for slug in named.values()} & {
        "con",
        "prn",
        "aux",
        "nul",
        "com1",
        "lpt9",
        "com5",
    }
    kept = slugs(["https://e.org/console", "https://e.org/Console", "https://e.org/com10"])
    assert len({slug.lower() for slug in kept.values()}) == 3
    assert "console" in kept.values()


@pytest.mark.parametrize("value", ["javascript:alert(1)", " java\nscript:alert(1)", "vbscript:x", "DATA:text/html,x"])
def test_a_name_is_no_script(value: str) -> None:
    head = f'<meta name="author" content="{value}"><link rel="license" href="{value}">'
    said = about_packed([("", gzip.compress(f"<html><head>{head}</head><body>x</body></html>".encode()))])
    assert said["author"] == said["licence"] == ""


@pytest.mark.parametrize(
    "author", ["pass:[<script>x</script>]", "pass:q[<b>]", "x \\", "{counter:x} {docdir}", "a\ninclude::/etc/passwd[]"]
)
def test_attributes_of_asciidoc_are_text(author: str, tmp_path: Path) -> None:
    need(shutil.which("asciidoctor"), "apt-get install asciidoctor")
    info = BookInfo(
        title=author,
        language="en",
        source="https://e.org/c++/",
        generator="g",
        author=author,
        date="2024-01-01",
        licence=author,
    )
    text = b"".join(asciidoc(info, [("", "== Page\n\ntext\n")])).decode()
    html = subprocess.run(
        ["asciidoctor", "-S", "server", "-o", "-", "-"],
        input=text,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=tmp_path,
    ).stdout
    body = html.partition("<body")[2]
    assert "<script>" not in body
    assert "root:" not in body
    assert str(tmp_path) not in body
    assert "2024-01-01" in body
