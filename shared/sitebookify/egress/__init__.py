"""The one way out: every request to a host that a user named goes through `Egress.fetch`.

A host name is resolved once, every address it resolves to must be globally routable, and the socket is
opened to an address that was checked. Redirects are followed here, each one checked like the first
request. Bodies are bounded after decompression. `polite` adds pacing and retries on top.
"""

from __future__ import annotations

from sitebookify.egress.addresses import AddressPolicy
from sitebookify.egress.client import Egress, user_agent
from sitebookify.egress.errors import FetchError, Reason
from sitebookify.egress.fetcher import Fetcher, Response

__all__ = ["AddressPolicy", "Egress", "FetchError", "Fetcher", "Reason", "Response", "user_agent"]
