"""What a page must never do, whatever it shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Request


@dataclass
class Manners:
    """What a page did that none may do."""

    base: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Note every error in the console, uncaught exception and request to another origin."""
        context.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self._note(str(error.error)))
        context.on("requestfinished", self._request)
        context.on("requestfailed", self._failed)

    def expect(self, text: str) -> None:
        """An error of the console that belongs to the test: the browser reports every failed request."""
        self.expected.append(text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self.base, "data:", "blob:", "about:")):
            self._note(f"request to {request.url}")

    def _failed(self, request: Request) -> None:
        if request.failure != "csp":  # what the policy stopped never left the browser
            self._request(request)

    def _note(self, text: str) -> None:
        if not any(known in text for known in self.expected):
            self.faults.append(text)
