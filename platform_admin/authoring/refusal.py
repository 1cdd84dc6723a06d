"""What an island is told when something cannot be done: the reason in words, and nothing has changed."""

from __future__ import annotations

from http import HTTPStatus

from django.http import JsonResponse


def refused(message: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)
