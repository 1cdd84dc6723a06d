"""The widget's own files, read once, and the page that shows nothing but the widget."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from starlette.requests import Request
from starlette.responses import Response

from runtime.web.answers import refusal

PAGE_FOLDER: Final = Path(__file__).parent / "page"
_DOCUMENT: Final = "page.html"
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

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


@dataclass(frozen=True, slots=True)
class WidgetFiles:
    """``files`` by name, as they go out; ``markup`` is the page."""

    markup: bytes
    files: Mapping[str, bytes]

    @classmethod
    def load(cls, *, business_name: str, language: str) -> Self:
        """Read the package's own files; write the business's name into the page."""
        document = (PAGE_FOLDER / _DOCUMENT).read_text(encoding="utf-8")
        for mark, value in {"name": business_name, "language": language}.items():
            document = document.replace(f"[[{mark}]]", html.escape(value, quote=True))
        files = {file.name: file.read_bytes() for file in PAGE_FOLDER.iterdir() if file.suffix in _MEDIA_TYPES}
        return cls(markup=document.encode("utf-8"), files=files)

    async def page(self, request: Request) -> Response:
        return Response(self.markup, media_type="text/html", headers=dict(_PAGE_HEADERS))

    async def file(self, request: Request) -> Response:
        name = request.path_params["name"]
        content = self.files.get(name)
        if content is None:
            return refusal(404, "not_found", "There is nothing here.")
        return Response(content, headers={**_FILE_HEADERS, "Content-Type": _MEDIA_TYPES[Path(name).suffix]})
