"""One shape for every error of the API: ``{"error": "<code>"}``, with a ``reason`` where there are several."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import APIException, AuthenticationFailed, NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import exception_handler


def machine_readable(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's answer with our body.

    Codes: ``invalid_token``, ``expired_token``, ``revoked_token``, ``insufficient_scope``, ``not_found``,
    ``throttled``, ``method_not_allowed``, ``bad_report``, ``too_large``, ``not_an_archive``, ``conflict``,
    ``not_a_copy``, ``no_place``.
    """
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = {"error": _code(error)}
    if reason := getattr(error, "reason", ""):
        response.data["reason"] = str(reason)
    return response


def _code(error: Exception) -> str:
    match error:
        case NotAuthenticated() | AuthenticationFailed():
            return "invalid_token"
        case APIException():
            codes = error.get_codes()
            return codes if isinstance(codes, str) else "invalid"
        case _:
            return "not_found" if "404" in type(error).__name__ else "refused"
