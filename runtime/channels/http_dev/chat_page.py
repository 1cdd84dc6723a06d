"""The chat page: three kinds of static file, read once, served with a policy that lets nothing else in."""

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
_DOCUMENT: Final = "chat.html"
_MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

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


@dataclass(frozen=True, slots=True)
class ChatPage:
    """``files`` by name, as they go out."""

    markup: bytes
    files: Mapping[str, bytes]

    @classmethod
    def load(cls, *, business_name: str, tenant_id: str, language: str) -> Self:
        """Read the package's own files; write the business's name and the bot's language into the document."""
        document = (PAGE_FOLDER / _DOCUMENT).read_text(encoding="utf-8")
        initial = next((letter for letter in business_name if letter.isalnum()), "?").upper()
        marks = {"name": business_name, "tenant": tenant_id, "initial": initial, "language": language}
        for mark, value in marks.items():
            document = document.replace(f"[[{mark}]]", html.escape(value, quote=True))
        files = {file.name: file.read_bytes() for file in PAGE_FOLDER.iterdir() if file.suffix in _MEDIA_TYPES}
        return cls(markup=document.encode("utf-8"), files=files)

    async def document(self, request: Request) -> Response:
        return Response(self.markup, media_type="text/html", headers=dict(HEADERS))

    async def asset(self, request: Request) -> Response:
        content = self.files.get(request.path_params["name"])
        if content is None:
            return refusal(404, "not_found", "There is nothing here.")
        media_type = _MEDIA_TYPES[Path(request.path_params["name"]).suffix]
        return Response(content, headers={**HEADERS, "Content-Type": media_type})
