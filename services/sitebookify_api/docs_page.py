"""The reference of the API as one page: made from the OpenAPI document, without script, font or link to elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from typing import Any

from sitebookify.formats import BookFile, for_people

Json = dict[str, Any]

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --accent: light-dark(#0b5cad, #7ab8ff); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 56rem; margin: 0 auto; padding: 2rem 1rem 6rem; }
h1 { font-size: 1.7rem; margin-bottom: 0; } h2 { margin-top: 3rem; } h3 { margin: 2.2rem 0 .2rem; font-size: 1rem; }
code, pre { font: .88em/1.5 ui-monospace, monospace; } h3 code { font-size: 1rem; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .8rem 1rem; overflow-x: auto; border-radius: 6px; }
a { color: var(--accent); } p { margin: .3rem 0 .6rem; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1rem; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; border-top: 0; } td:first-child { white-space: nowrap; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 700; }
"""

_INTRO = """
<p>One request creates a job, its operation reports the progress, and the finished job lists the book's files.
<a href="/openapi.json">/openapi.json</a> is this reference as OpenAPI 3.1.</p>
<pre>curl -X POST -H 'Content-Type: application/json' \\
  -d '{"spec": {"sourceUrl": "https://example.com/docs/"}}' SERVER/v1/jobs
curl SERVER/v1/operations/ID          # until "done": true
curl -OJ SERVER/jobs/ID/book.epub</pre>
"""


def docs_page(document: Json) -> str:
    """The document as HTML."""
    title = escape(f"{document['info']['title']} API {document['info']['version']}")
    body = "\n".join(
        [
            f"<h1>{title}</h1>",
            f"<p>{escape(document['info']['description'])}</p>",
            _INTRO,
            "<h2>Requests</h2>",
            *_operations(document),
            "<h2>Formats</h2>",
            _table(("Format", "File", ""), [_format(file) for file in for_people() if file.format]),
            "<h2>Messages</h2>",
            *_schemas(document["components"]["schemas"]),
        ]
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )


def content_security_policy() -> str:
    """The policy under which the page shows: its own style and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"


def _operations(document: Json) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            heading = f'<span class="method">{method.upper()}</span> {escape(path)}'
            yield f'<h3 id="{operation["operationId"]}"><code>{heading}</code></h3>'
            yield f"<p>{escape(operation['summary'])}.</p>"
            if rows := [_parameter(item) for item in operation["parameters"] if item["in"] == "query"]:
                yield _table(("Query", "Type", ""), rows)
            if body := operation.get("requestBody"):
                yield f"<p>Body: {_type(body['content']['application/json']['schema'])}</p>"
            yield f"<p>Responses: {', '.join(_answer(*item) for item in operation['responses'].items())}</p>"


def _schemas(schemas: Json) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f'<h3 id="{name}"><code>{escape(name)}</code></h3>'
        yield f"<p>{escape(schema.get('description', ''))}</p>"
        if values := schema.get("enum"):
            yield f"<p>{', '.join(f'<code>{escape(value)}</code>' for value in values)}</p>"
        required = schema.get("required", ())
        rows = [
            (f"<code>{escape(field)}</code>{' *' if field in required else ''}", _type(item), _about(item))
            for field, item in schema.get("properties", {}).items()
        ]
        if rows:
            yield _table(("Field", "Type", ""), rows)


def _format(file: BookFile) -> tuple[str, str, str]:
    when = "made of translated books" if file.translated else "made on request"
    about = [file.label, "always made" if file.always else when]
    if file.needs:
        about.append(f"requires {file.needs.package} on the server")
    if file.bound:
        exception = ", unless configured otherwise" if file.bound.setting else ""
        about.append(f"for books with at most {file.bound.kilobytes:,} KB of text{exception}")
    name = f"<code>{escape(file.format or '')}</code>"
    return name, f"<code>{escape(file.name)}</code>", escape("; ".join(about))


def _parameter(item: Json) -> tuple[str, str, str]:
    return f"<code>{escape(item['name'])}</code>", _type(item["schema"]), escape(item.get("description", ""))


def _answer(status: str, response: Json) -> str:
    content = response.get("content", {})
    if int(status) >= 400 or not content:
        return f'<span title="{escape(response["description"])}">{status}</span>'
    media_type, body = next(iter(content.items()))
    return f"{status} {_type(body['schema']) if 'schema' in body else escape(media_type)}"


def _type(schema: Json) -> str:
    """A schema in a few words, with links to the messages it names."""
    if reference := schema.get("$ref"):
        name = escape(reference.rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if options := schema.get("anyOf"):
        return " or ".join(_type(option) for option in options)
    kind = schema.get("type", "any")
    text = escape(" or ".join(kind) if isinstance(kind, list) else kind)
    if items := schema.get("items"):
        text += f" of {_type(items)}"
    return text


def _about(schema: Json) -> str:
    limits = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "at least"), ("maximum", "at most"), ("maxLength", "length at most"))
        if key in schema
    ]
    return escape("; ".join([*filter(None, [schema.get("description", "")]), *limits]))


def _table(head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> str:
    header = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"
