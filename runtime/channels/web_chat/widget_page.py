"""The widget's own files, and the page that shows nothing but the widget."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from runtime.web.page_folder import PageFolder

DOCUMENT: Final = Path(__file__).parent / "page" / "page.html"

_FILE_HEADERS: Final[Mapping[str, str]] = {
    # Any page may load the files (they hold nothing of anybody's); which page may chat is for the requests to say.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
}
_PAGE_HEADERS: Final[Mapping[str, str]] = {
    # No 'unsafe-inline': the widget styles itself through constructed sheets, which a policy has no say in.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' https: http:; media-src https: http:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


def load_widget(*, business_name: str, language: str) -> PageFolder:
    """The files, and the page with the business's name in it."""
    marks = {"name": business_name, "language": language}
    return PageFolder.load(DOCUMENT, marks, page_headers=_PAGE_HEADERS, file_headers=_FILE_HEADERS)
