"""The reference of the API as a part of a page: made from the OpenAPI document, without anything from elsewhere.

What the document says of operations and fields is English; what stands around it is in the page's language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from sitebookify.formats import BookFile, for_people
from sitebookify_api.docs_examples import LANGUAGES, body_of, examples

Json = dict[str, Any]
Words = Mapping[str, str]

_NOT_TRIED = frozenset({"WatchJob", "DownloadArchive", "DownloadFile", "GetDocs"})
"""Their answers are files, streams, or this page."""


def docs_page(document: Json, words: Words) -> str:
    """The document as HTML; ``words`` are the texts of pages by their ids."""
    name = f"{document['info']['title']} {document['info']['version']}"
    pieces = [
        f"<h1>{escape(words['docs.heading'])} <small>{escape(name)}</small></h1>",
        f'<p>{escape(words["docs.intro"])} <a href="/openapi.json">{escape(words["docs.openapi"])}</a></p>',
        _languages(words),
        f"<h2>{escape(words['docs.requests'])}</h2>",
        *_operations(document, words),
        f"<h2>{escape(words['docs.formats'])}</h2>",
        '<div lang="en">',
        _table(("Format", "File", "Description"), [_format(file) for file in for_people() if file.format]),
        "</div>",
        f"<h2>{escape(words['docs.messages'])}</h2>",
        '<div lang="en">',
        *_schemas(document["components"]["schemas"]),
        "</div>",
    ]
    return "\n".join(pieces)


def _languages(words: Words) -> str:
    """The choice of the examples' language; the page's script shows that one alone."""
    boxes = (
        f'<label><input type="radio" name="code" value="{name}"{" checked" if name == LANGUAGES[0] else ""}>'
        f"<span>{name}</span></label>"
        for name in LANGUAGES
    )
    return f'<fieldset class="pick codes"><legend>{escape(words["docs.examples"])}</legend>{"".join(boxes)}</fieldset>'


def _operations(document: Json, words: Words) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            heading = f'<span class="method">{method.upper()}</span> {escape(path)}'
            yield f'<section class="operation" lang="en"><h3 id="{name}"><code>{heading}</code></h3>'
            yield f"<p>{escape(operation['summary'])}.</p>"
            if rows := [_parameter(item) for item in operation["parameters"] if item["in"] == "query"]:
                yield _table(("Query", "Type", "Description"), rows)
            if body := operation.get("requestBody"):
                yield f"<p>Body: {_type(body['content']['application/json']['schema'])}</p>"
            yield f"<p>Responses: {', '.join(_answer(*item) for item in operation['responses'].items())}</p>"
            yield from _codes(method.upper(), path, operation)
            if name not in _NOT_TRIED:
                yield _trial(method.upper(), path, operation, words)
            yield "</section>"


def _codes(method: str, path: str, operation: Json) -> Iterator[str]:
    for number, (language, code) in enumerate(examples(method, path, operation).items()):
        hidden = " hidden" if number else ""
        yield f'<pre data-code="{language}" tabindex="0"{hidden}><code>{escape(code)}</code></pre>'


def _trial(method: str, path: str, operation: Json, words: Words) -> str:
    """A form that sends the request to this server."""
    fields = [_field(operation, item) for item in operation["parameters"] if item["in"] in ("path", "query")]
    body = body_of(operation)
    if body is not None:
        name = f"{operation['operationId']}-body"
        text = escape(_json(body))
        fields.append(f'<label for="{name}">JSON</label><textarea id="{name}" name="body" rows="3">{text}</textarea>')
    return (
        f'<details class="trial"><summary lang="{words["docs.lang"]}">{escape(words["docs.try"])}</summary>'
        f'<form data-method="{method}" data-path="{escape(path)}">{"".join(fields)}'
        f'<button lang="{words["docs.lang"]}">{escape(words["docs.send"])}</button></form>'
        '<p class="hint" role="status"></p><pre class="answer" tabindex="0" hidden></pre></details>'
    )


def _field(operation: Json, item: Json) -> str:
    name = f"{operation['operationId']}-{item['name']}"
    required = " required" if item.get("required") else ""
    return (
        f'<label for="{name}">{escape(item["name"])}</label>'
        f'<input id="{name}" name="{escape(item["name"])}" data-in="{item["in"]}" autocomplete="off"{required}>'
    )


def _json(value: Any) -> str:
    return json.dumps(value, indent=2)


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
            yield _table(("Field", "Type", "Description"), rows)


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
