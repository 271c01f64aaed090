"""The reference of the API as a part of a page: made from the OpenAPI document, without anything from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from typing import Any

from sitebookify.formats import BookFile, for_people
from sitebookify_api.docs_examples import LANGUAGES, body_of, examples
from sitebookify_api.reference_texts import ReferenceTexts

Json = dict[str, Any]

_NOT_TRIED = frozenset({"WatchJob", "DownloadArchive", "DownloadFile", "GetDocs"})
"""Their answers are files, streams, or this page."""


def docs_page(document: Json, texts: ReferenceTexts) -> str:
    """The document as HTML."""
    words = texts.words
    name = f"{document['info']['title']} {document['info']['version']}"
    pieces = [
        f"<h1>{escape(words['docs.heading'])} <small>{escape(name)}</small></h1>",
        f'<p>{escape(words["docs.intro"])} <a href="/openapi.json">{escape(words["docs.openapi"])}</a></p>',
        _languages(texts),
        f"<h2>{escape(words['docs.requests'])}</h2>",
        *_operations(document, texts),
        f"<h2>{escape(words['docs.formats'])}</h2>",
        _table(
            (words["docs.format"], words["docs.file"], words["docs.about"]),
            [_format(file, texts) for file in for_people() if file.format],
        ),
        f"<h2>{escape(words['docs.messages'])}</h2>",
        *_schemas(document["components"]["schemas"], texts),
    ]
    return "\n".join(pieces)


def _languages(texts: ReferenceTexts) -> str:
    """The choice of the examples' language; the page's script shows that one alone."""
    boxes = (
        f'<label><input type="radio" name="code" value="{name}"{" checked" if name == LANGUAGES[0] else ""}>'
        f"<span>{name}</span></label>"
        for name in LANGUAGES
    )
    legend = f"<legend>{escape(texts.words['docs.examples'])}</legend>"
    return f'<fieldset class="pick codes">{legend}{"".join(boxes)}</fieldset>'


def _operations(document: Json, texts: ReferenceTexts) -> Iterator[str]:
    words = texts.words
    head = (words["docs.query"], words["docs.type"], words["docs.about"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            heading = f'<span class="method">{method.upper()}</span> {escape(path)}'
            yield f'<section class="operation"><h3 id="{name}"><code lang="en">{heading}</code></h3>'
            summary = texts.translated(operation["summary"])
            yield f"<p>{escape(words['docs.sentence'].format(text=summary))}</p>"
            if rows := [_parameter(item, texts) for item in operation["parameters"] if item["in"] == "query"]:
                yield _table(head, rows)
            if body := operation.get("requestBody"):
                yield f"<p>{escape(words['docs.body'])}: {_type(body['content']['application/json']['schema'])}</p>"
            answers = ", ".join(_answer(*item) for item in operation["responses"].items())
            yield f"<p>{escape(words['docs.answers'])}: {answers}</p>"
            yield from _codes(method.upper(), path, operation)
            if name not in _NOT_TRIED:
                yield _trial(method.upper(), path, operation, texts)
            yield "</section>"


def _codes(method: str, path: str, operation: Json) -> Iterator[str]:
    for number, (language, code) in enumerate(examples(method, path, operation).items()):
        hidden = " hidden" if number else ""
        yield f'<pre data-code="{language}" tabindex="0"{hidden}><code>{escape(code)}</code></pre>'


def _trial(method: str, path: str, operation: Json, texts: ReferenceTexts) -> str:
    """A form that sends the request to this server."""
    words = texts.words
    fields = [_field(operation, item) for item in operation["parameters"] if item["in"] in ("path", "query")]
    body = body_of(operation)
    if body is not None:
        name = f"{operation['operationId']}-body"
        text = escape(_json(body))
        fields.append(f'<label for="{name}">JSON</label><textarea id="{name}" name="body" rows="3">{text}</textarea>')
    return (
        f'<details class="trial"><summary>{escape(words["docs.try"])}</summary>'
        f'<form data-method="{method}" data-path="{escape(path)}">{"".join(fields)}'
        f"<button>{escape(words['docs.send'])}</button></form>"
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


def _schemas(schemas: Json, texts: ReferenceTexts) -> Iterator[str]:
    head = (texts.words["docs.field"], texts.words["docs.type"], texts.words["docs.about"])
    for name, schema in schemas.items():
        yield f'<h3 id="{name}"><code>{escape(name)}</code></h3>'
        yield f"<p>{escape(texts.translated(schema.get('description', '')))}</p>"
        if values := schema.get("enum"):
            yield f"<p>{', '.join(f'<code>{escape(value)}</code>' for value in values)}</p>"
        required = schema.get("required", ())
        rows = [
            (f"<code>{escape(field)}</code>{' *' if field in required else ''}", _type(item), _about(item, texts))
            for field, item in schema.get("properties", {}).items()
        ]
        if rows:
            yield _table(head, rows)


def _format(file: BookFile, texts: ReferenceTexts) -> tuple[str, str, str]:
    words = texts.words
    when = words["docs.translated"] if file.translated else words["docs.requested"]
    about = [words.get(f"file.{file.name}", file.label), words["docs.always"] if file.always else when]
    if file.needs:
        about.append(words["docs.requires"].format(name=file.needs.package))
    if file.bound:
        size = f"{file.bound.kilobytes:,}"
        about.append((words["docs.settable"] if file.bound.setting else words["docs.bound"]).format(size=size))
    name = f"<code>{escape(file.format or '')}</code>"
    return name, f"<code>{escape(file.name)}</code>", escape(words["docs.joint"].join(about))


def _parameter(item: Json, texts: ReferenceTexts) -> tuple[str, str, str]:
    about = texts.translated(item.get("description", ""))
    return f"<code>{escape(item['name'])}</code>", _type(item["schema"]), escape(about)


def _answer(status: str, response: Json) -> str:
    content = response.get("content", {})
    if int(status) >= 400 or not content:
        return f'<span title="{escape(response["description"])}">{status}</span>'
    media_type, body = next(iter(content.items()))
    return f"{status} {_type(body['schema']) if 'schema' in body else escape(media_type)}"


def _type(schema: Json) -> str:
    """A schema in a few words of JSON Schema, with links to the messages it names."""
    return f'<span lang="en">{_type_words(schema)}</span>'


def _type_words(schema: Json) -> str:
    if reference := schema.get("$ref"):
        name = escape(reference.rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if options := schema.get("anyOf"):
        return " or ".join(_type_words(option) for option in options)
    kind = schema.get("type", "any")
    text = escape(" or ".join(kind) if isinstance(kind, list) else kind)
    if items := schema.get("items"):
        text += f" of {_type_words(items)}"
    return text


def _about(schema: Json, texts: ReferenceTexts) -> str:
    words = texts.words
    limits = {"minimum": words["docs.minimum"], "maximum": words["docs.maximum"], "maxLength": words["docs.length"]}
    about = [texts.translated(schema.get("description", ""))]
    about += [text.format(value=schema[key]) for key, text in limits.items() if key in schema]
    return escape(words["docs.joint"].join(filter(None, about)))


def _table(head: tuple[str, ...], rows: list[tuple[str, str, str]]) -> str:
    header = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{header}</tr></thead><tbody>{body}</tbody></table>"
