"""What the tests of the stages share."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sitebookify.egress import Egress


@pytest.fixture
async def egress() -> AsyncIterator[Egress]:
    """One that may fetch from this machine."""
    async with Egress(allow_private=True, user_agent="sitebookify-tests") as egress:
        yield egress
