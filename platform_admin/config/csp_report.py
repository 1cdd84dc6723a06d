"""Where browsers tell that a page tried what the policy forbids: one line in the log for each, and nothing kept."""

from __future__ import annotations

import json
import logging
import re
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

_LOG: Final = logging.getLogger("frontdesk.csp")

MAX_REPORT_BYTES: Final = 16 * 1024
"""A report holds the policy, two addresses and 40 characters of a script."""

MOST_A_MINUTE: Final = 60
"""Anybody may post here, so a flood must not fill the log. Counted for all senders together."""

_UNPRINTABLE: Final = re.compile(r"[^ -~]+")
_LONGEST_WORD: Final = 200


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Always 204: whoever asks learns nothing. Addresses are logged without their query, which may hold a token."""
    report = _read(request.read(MAX_REPORT_BYTES + 1))
    if report is not None and _is_within_limit():
        _LOG.warning(
            "a page broke the policy: %s wanted %s on %s",
            _word(report.get("effective-directive") or report.get("violated-directive")),
            _address(report.get("blocked-uri")),
            _address(report.get("document-uri")),
        )
    return HttpResponse(status=204)


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        report = json.loads(body).get("csp-report") if len(body) <= MAX_REPORT_BYTES else None
    except (ValueError, AttributeError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def _is_within_limit() -> bool:
    cache.add("csp-reports", 0, timeout=60)
    try:
        return cache.incr("csp-reports") <= MOST_A_MINUTE
    except ValueError:  # it expired between the two lines
        return True


def _word(value: Any) -> str:  # noqa: ANN401 - whatever a stranger put into the JSON
    return _UNPRINTABLE.sub("?", str(value or "-"))[:_LONGEST_WORD]


def _address(value: Any) -> str:  # noqa: ANN401 - whatever a stranger put into the JSON
    try:
        parts = urlsplit(str(value or "-"))
    except ValueError:
        return "-"
    return _word(f"{parts.scheme}://{parts.hostname or ''}{parts.path}" if parts.scheme else parts.path)
