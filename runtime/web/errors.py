"""Every error over HTTP is JSON, and none of them repeats what was asked for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from runtime.web.answers import refusal

log = logging.getLogger(__name__)

_WORDS: Final[Mapping[int, tuple[str, str]]] = {
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This address does not take that method."),
}


async def http_error(_request: Request, error: Exception) -> Response:
    """Starlette's own refusals, such as an unknown path."""
    if not isinstance(error, HTTPException):
        return await server_error(_request, error)
    word, message = _WORDS.get(error.status_code, (_slug(error.status_code), "The request was refused."))
    return refusal(error.status_code, word, message, headers=error.headers)


async def server_error(_request: Request, _error: Exception) -> Response:
    """A defect of ours. The server logs the exception; the sender learns only that it was not their fault."""
    return refusal(500, "internal_error", "The request failed on our side.")


def _slug(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_")


EXCEPTION_HANDLERS: Final[Mapping[type[Exception] | int, ExceptionHandler]] = {
    HTTPException: http_error,
    Exception: server_error,
}
