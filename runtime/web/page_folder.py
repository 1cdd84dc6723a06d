"""``PageFolder``: a page and its files out of a package's own folder, read once and served from memory."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from starlette.requests import Request
from starlette.responses import Response

from runtime.web.answers import refusal

_MEDIA_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served beside the page. Anything else in the folder is not there for anybody."""


@dataclass(frozen=True, slots=True)
class PageFolder:
    """``files`` by name, as they go out; ``markup`` is the page. Each kind has its headers."""

    markup: bytes
    files: Mapping[str, bytes]
    page_headers: Mapping[str, str]
    file_headers: Mapping[str, str]

    @classmethod
    def load(
        cls,
        document: Path,
        marks: Mapping[str, str],
        *,
        page_headers: Mapping[str, str],
        file_headers: Mapping[str, str],
    ) -> Self:
        """Read the folder of ``document``; write ``marks`` into the page where ``[[name]]`` stands."""
        markup = document.read_text(encoding="utf-8")
        for mark, value in marks.items():
            markup = markup.replace(f"[[{mark}]]", html.escape(value, quote=True))
        files = {file.name: file.read_bytes() for file in document.parent.iterdir() if file.suffix in _MEDIA_TYPES}
        return cls(markup.encode("utf-8"), files, page_headers, file_headers)

    async def page(self, request: Request) -> Response:
        return Response(self.markup, media_type="text/html", headers=dict(self.page_headers))

    async def file(self, request: Request) -> Response:
        """The file that the path parameter ``name`` names; 404 for any other."""
        name = request.path_params["name"]
        content = self.files.get(name)
        if content is None:
            return refusal(404, "not_found", "There is nothing here.")
        return Response(content, headers={**self.file_headers, "Content-Type": _MEDIA_TYPES[Path(name).suffix]})
