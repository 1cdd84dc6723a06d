"""``GET /health``: is the process up, which program is it, and does the database answer."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """200 with ``status: ok``, or 503 with ``status: unavailable``. Says nothing that a stranger may not know."""
    database_answers = _database_answers()
    return JsonResponse(
        {
            "status": "ok" if database_answers else "unavailable",
            "plane": "control",
            "version": settings.VERSION,
            "build": settings.BUILD,
            "database": "ok" if database_answers else "unreachable",
        },
        status=HTTPStatus.OK if database_answers else HTTPStatus.SERVICE_UNAVAILABLE,
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
