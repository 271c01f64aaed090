"""The edit stage: a language model edits the book, where that was ordered; see `edit.book_editor`."""

from __future__ import annotations

import asyncio

from sitebookify.book.edit.access import ModelAccess
from sitebookify.book.stage import Done, Paused, State, Workbench
from sitebookify.errors import PermanentError
from sitebookify.jobs import Stage
from sitebookify.messages import Message
from sitebookify.spec import Engine


async def edit(bench: Workbench, state: State | None, *, model: ModelAccess | None = None) -> Done | Paused:
    """Edit the book, if its text or its contents are to be edited. Output: as of `contents_stage`, with ``troubles``.

    Of an edited text it also has ``edition``, ``{"kind", "source", "model", "date", "edited", "kept"}``, and
    ``glossary``, its terms as ``term=translation``; of edited contents ``intents``, ``{chapter id: {"intent",
    "reader_gains"}}``, and ``omitted``, the number of pages left out.

    Raises:
        PermanentError: there is no model, its money is spent, or it answers nobody.
        TransientError: the store or a worker process is away.
    """
    book = bench.inputs[Stage.CONTENTS]
    spec = bench.spec
    if Engine.OPENAI not in (spec.render_engine, spec.toc_engine):
        return Done(book)
    if model is None or model.connect is None:
        setting = model.missing if model else "SITEBOOKIFY_OPENAI_MODEL"
        raise PermanentError(Message("job.model.unset", setting=setting), reason="MODEL_UNAVAILABLE")
    from sitebookify.book.edit.book_editor import BookEditor  # noqa: PLC0415 - most books are not edited
    from sitebookify.book.edit.book_voice import language_of  # noqa: PLC0415 - most books are not edited
    from sitebookify.book.edit.edit_work import EditWork  # noqa: PLC0415 - most books are not edited

    language = language_of(spec, book["language"], bench.inputs[Stage.EXTRACT]["site"]["language"] or "")
    if not language:
        raise PermanentError(Message("job.model.language"), reason="LANGUAGE_UNKNOWN")
    connected = model.connect()
    editor = BookEditor(bench, connected, model, language=language, work=EditWork.from_json(state))
    try:
        return await editor.run(book)
    except asyncio.CancelledError:
        editor.answers.cancel()
        raise
    finally:
        await editor.answers.close()
        await connected.close()
