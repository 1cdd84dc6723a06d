"""The limit: a Starlette application that reads a signed body, verifies it, parses it, says 200 and keeps nothing."""

from __future__ import annotations

import hashlib
import hmac
import sys

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.runtime.client import APP_SECRET


async def webhook(request: Request) -> Response:
    body = await request.body()
    expected = "sha256=" + hmac.new(APP_SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(request.headers.get("x-hub-signature-256", ""), expected):
        return PlainTextResponse("unauthorized", status_code=401)
    orjson.loads(body)
    return PlainTextResponse("ok")


def main(port: int) -> None:
    app = Starlette(routes=[Route("/webhook", webhook, methods=["POST"])])
    uvicorn.run(
        app, host="127.0.0.1", port=port, loop="uvloop", http="httptools", access_log=False, log_level="error",
        lifespan="off", ws="none", server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
