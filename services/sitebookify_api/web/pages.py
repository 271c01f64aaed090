"""HTML from templates: ``{{name}}`` is a value or a text of the page's language, always escaped."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from sitebookify import __version__
from sitebookify.messages import catalogue, languages
from sitebookify_api.language import COOKIE, VARY, language_of
from sitebookify_api.web.assets import Assets

THEME_COOKIE = "theme"
_THEMES = frozenset({"light", "dark"})
_FIELD = re.compile(r"{{([\w.-]+)}}")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src '{style}'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "cache-control": "private, no-cache",
    "vary": VARY,
}
_YEAR = 365 * 24 * 3600


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(template: str, values: Mapping[str, object]) -> Html:
    """The template with every ``{{name}}`` replaced.

    Raises:
        KeyError: a name has no value.
    """

    def value(match: re.Match[str]) -> str:
        text = values[match[1]]
        return text if isinstance(text, Html) else escape(str(text))

    return Html(_FIELD.sub(value, template))


def data_block(name: str, value: Any) -> Html:
    """Data for the page's scripts; browsers do not run it, so the policy needs no exception for it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Html(f'<script type="application/json" id="{name}">{safe}</script>')


def theme_of(request: Request) -> str:
    """``light`` or ``dark`` where the reader chose one, else "": as the system has it."""
    theme = request.cookies.get(THEME_COOKIE, "")
    return theme if theme in _THEMES else ""


class Pages:
    """Renders the pages of one server.

    Args:
        operator: the operator's page is served, so the pages link to it.
    """

    def __init__(self, assets: Assets, *, operator: bool) -> None:
        self._assets = assets
        self._operator = operator
        # In the page itself, by its hash: the first render waits for no second request.
        style = assets.read("app.css")
        self._style = Html(f"<style>{style.decode()}</style>")
        digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
        self._headers = {**_HEADERS, "content-security-policy": _POLICY.format(style=f"sha256-{digest}")}

    def page(
        self,
        request: Request,
        name: str,
        values: Mapping[str, object] = MappingProxyType({}),
        *,
        data: Any = None,
        status: int = 200,
    ) -> Response:
        """The page ``templates/{name}.html``; ``data`` is for its script; without a title it has its heading's."""
        language = language_of(request)
        words = catalogue(language)
        common: dict[str, object] = {
            "title": words.page.get(f"{name}.heading", ""),
            "lang": language,
            "theme": theme_of(request),
            "static": self._assets.base,
            "style": self._style,
            "version": __version__,
            "skip.to": "main",
            "script": f"{name}.js",
            "modules": self._modules(name),
            "name": name,
            "languages": _switch(request, language),
            "theme.button": fill(_template("theme"), words.page),
            "operator": fill(_template("operator"), words.page) if self._operator else Html(),
            "data": Html(data_block("texts", words.script) + data_block("data", data)),
        }
        texts: dict[str, object] = {**words.script, **words.page, **common, **values}
        body = fill(_template("layout"), {**texts, "main": fill(_template(name), texts)})
        response = HTMLResponse(body, status_code=status, headers=self._headers)
        if request.query_params.get("lang") in languages():
            response.set_cookie(COOKIE, language, max_age=_YEAR, samesite="lax")
        return response

    def _modules(self, name: str) -> Html:
        paths = (f"{self._assets.base}/{module}" for module in self._assets.modules(f"{name}.js"))
        return Html("".join(f'<link rel="modulepreload" href="{path}">\n' for path in paths))


@lru_cache
def _template(name: str) -> str:
    return files(__package__).joinpath("templates", f"{name}.html").read_text("utf-8")


def _switch(request: Request, current: str) -> Html:
    """Links to this page in the other languages."""
    parameters = [(name, value) for name, value in request.query_params.items() if name != "lang"]
    links = []
    for code in languages():
        if code != current:
            query = escape(urlencode([*parameters, ("lang", code)]))
            links.append(f'<a href="?{query}" lang="{code}" hreflang="{code}">{escape(catalogue(code).name)}</a>')
    return Html("".join(links))
