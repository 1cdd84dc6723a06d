"""What is answered when nothing else can be: pages in the project's look, and one line of JSON on machines' addresses.

They need no database, no session and no context processor, so they also stand when those are what failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

MACHINES: Final = ("/api/", "/webhooks/", "/metrics", "/health", "/csp-report")
"""Addresses that programs ask: they get ``{"error": …, "reason": …}``."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``code`` is for programs, ``title`` and ``advice`` for people."""

    status: HTTPStatus
    code: str
    title: str | Promise
    advice: str | Promise


BAD_REQUEST: Final = Fault(
    HTTPStatus.BAD_REQUEST,
    "bad_request",
    gettext_lazy("This request could not be understood"),
    gettext_lazy("Go back, load the page again and try once more."),
)
FORBIDDEN: Final = Fault(
    HTTPStatus.FORBIDDEN,
    "forbidden",
    gettext_lazy("This is not yours to open"),
    gettext_lazy("Ask an owner of the business for a role that reaches this far."),
)
FORM_TOO_OLD: Final = Fault(
    HTTPStatus.FORBIDDEN,
    "csrf",
    gettext_lazy("This form is too old"),
    gettext_lazy("Go back, load the page again and send the form once more. Cookies have to be allowed for this site."),
)
NOT_FOUND: Final = Fault(
    HTTPStatus.NOT_FOUND,
    "not_found",
    gettext_lazy("There is nothing here"),
    gettext_lazy("The address may be mistyped, or what was here is gone."),
)
TOO_LARGE: Final = Fault(
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_large",
    gettext_lazy("This is too large"),
    gettext_lazy("Nothing was stored. Send less at once."),
)
TOO_MANY: Final = Fault(
    HTTPStatus.TOO_MANY_REQUESTS,
    "throttled",
    gettext_lazy("Too many tries"),
    gettext_lazy("Wait a few minutes, then try again."),
)
BROKEN: Final = Fault(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal",
    gettext_lazy("Something went wrong on our side"),
    gettext_lazy("Nothing half-done was stored. Try again in a moment; if it stays, tell whoever runs this server."),
)


def page(fault: Fault) -> str:
    """The page in the language that is active. It loads one style sheet and nothing else."""
    context = {"fault": fault, "language": get_language() or "en", "home": _("To the first page")}
    return render_to_string("errors/page.html", context)


def answer(request: HttpRequest, fault: Fault, *, reason: str = "") -> HttpResponse:
    """``reason`` goes to programs alone."""
    if request.path.startswith(MACHINES):
        return JsonResponse({"error": fault.code, **({"reason": reason} if reason else {})}, status=fault.status)
    return HttpResponse(page(fault), status=fault.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    return answer(request, FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Always the same page: another business's row and none at all look alike."""
    return answer(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, BROKEN)


def csrf_failure(request: HttpRequest, reason: str = "", **_kwargs: Any) -> HttpResponse:  # noqa: ARG001 - the reason is for the log
    return answer(request, FORM_TOO_OLD)


def too_many_requests(request: HttpRequest, *, retry_after_s: int) -> HttpResponse:
    """429. ``retry_after_s`` is what ``Retry-After`` says, in seconds."""
    refused = answer(request, TOO_MANY)
    refused.headers["Retry-After"] = str(retry_after_s)
    return refused
