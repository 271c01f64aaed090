"""What XHTML in EPUB is called."""

from __future__ import annotations

XHTML = "http://www.w3.org/1999/xhtml"
EPUB = "http://www.idpf.org/2007/ops"
