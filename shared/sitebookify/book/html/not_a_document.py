"""What is raised for bytes that hold no page; who catches it need not load a parser."""

from __future__ import annotations

from sitebookify.messages import Message


class NotADocument(ValueError):
    """The bytes of a page hold no HTML, or none with a body."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message
