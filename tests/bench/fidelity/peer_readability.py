"""readability-lxml and pandoc, in an environment of their own that holds nothing of this project.

python peer_readability.py PANDOC PAGES.jsonl OUT
"""

import json
import subprocess
import sys
from pathlib import Path

from readability import Document  # type: ignore[import-not-found]  # in the peer's environment


def main(pandoc: str, pages: str, out: str) -> None:
    Path(out).mkdir()
    for row in map(json.loads, Path(pages).read_text("utf-8").splitlines()):
        page = Path(row["html_path"])
        article = Document(page.read_text("utf-8", "replace"), url=row["url"])
        html = f"<h1>{article.short_title()}</h1>{article.summary(html_partial=True)}"
        command = [pandoc, "--from=html", "--to=gfm", "--wrap=none", "--preserve-tabs"]
        done = subprocess.run(command, input=html, capture_output=True, text=True, check=False)
        (Path(out) / f"{page.stem}.md").write_text(done.stdout, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
