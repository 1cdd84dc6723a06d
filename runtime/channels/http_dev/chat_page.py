"""The chat page, served with a policy that lets nothing else in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from runtime.web.page_folder import PageFolder

DOCUMENT: Final = Path(__file__).parent / "page" / "chat.html"

HEADERS: Final[Mapping[str, str]] = {
    # No 'unsafe-inline', no other host's script: texts from a flow cannot become script or style. Pictures and sounds
    # come from wherever the flow says, as they do in WhatsApp.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' https: http:; media-src https: http:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def load_chat_page(*, business_name: str, tenant_id: str, language: str) -> PageFolder:
    """The page with the business's name and the bot's language in it."""
    initial = next((letter for letter in business_name if letter.isalnum()), "?").upper()
    marks = {"name": business_name, "tenant": tenant_id, "initial": initial, "language": language}
    return PageFolder.load(DOCUMENT, marks, page_headers=HEADERS, file_headers=HEADERS)
