"""The part of a container engine's API that fetches images; what a registry does is told it line by line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

_LOOK_AGAIN_S = 0.005


@dataclass(slots=True)
class _Fetching:
    lines: list[dict[str, object]] = field(default_factory=list)
    over: bool = False


class ContainerEngine:
    """``images`` are there. ``pulls`` are those asked for, in order; ``others`` every other request that came.

    ``refusals`` by image: status and words with which a pull is refused at once.
    """

    def __init__(self, *images: str) -> None:
        self.images = set(images)
        self.pulls: list[str] = []
        self.others: list[str] = []
        self.refusals: dict[str, tuple[int, str]] = {}
        self._fetching: dict[str, _Fetching] = {}
        self.app = Starlette(
            routes=[
                Route("/version", self._version),
                Route("/v{version}/images/create", self._pull, methods=["POST"]),
                Route("/v{version}/images/{name:path}/json", self._image),
                Route("/{path:path}", self._other, methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )

    def tell(self, image: str, **line: object) -> None:
        """Let the pull under way say something."""
        self._fetching[image].lines.append(line)

    def finish(self, image: str, *, there: bool = True) -> None:
        """Let the pull under way end, with the image or without it."""
        if there:
            self.images.add(image)
        self._fetching[image].over = True

    async def _version(self, _: Request) -> Response:
        return JSONResponse({"ApiVersion": "1.43", "Components": [{"Name": "Engine"}]})

    async def _image(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name in self.images:
            return JSONResponse({"Id": f"sha256:{name}", "RepoTags": [name]})
        return JSONResponse({"message": f"No such image: {name}"}, status_code=404)

    async def _pull(self, request: Request) -> Response:
        image = f"{request.query_params['fromImage']}:{request.query_params['tag']}"
        self.pulls.append(image)
        if image in self.refusals:
            status, words = self.refusals[image]
            return JSONResponse({"message": words}, status_code=status)
        self._fetching[image] = _Fetching()
        return StreamingResponse(self._lines(self._fetching[image]), media_type="application/json")

    async def _lines(self, fetching: _Fetching) -> AsyncIterator[bytes]:
        told = 0
        while True:
            over = fetching.over  # looked at first: what is said before the end is said
            for line in fetching.lines[told:]:
                told += 1
                yield json.dumps(line).encode() + b"\r\n"
            if over:
                return
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _other(self, request: Request) -> Response:
        self.others.append(f"{request.method} {request.url.path}")
        return JSONResponse({"message": "not served here"}, status_code=501)
