"""What every page asks about a signed-in person: may the session go on, and is a second factor still owed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from platform_admin.people.sessions import note_seen
from platform_admin.people.standing import Standing, standing_of
from platform_admin.tenants.models import User

OPEN_WITHOUT: Final = frozenset(
    {
        "people:second_factor",
        "people:second_factor_set_up",
        "people:sign_in",
        "people:sign_in_code",
        "people:sign_out",
        "people:admin_sign_out",
        "people:new_password",
        "people:new_password_link",
        "people:invitation",
        "people:invitation_link",
        "set_language",
        "health",
        "metrics",
    }
)
"""What somebody reaches who still owes a second factor: the way to set it up, and out."""


class PersonMiddleware(MiddlewareMixin):
    """Requests without a session cookie, such as a runtime's, pass and cost nothing."""

    def process_view(
        self,
        request: HttpRequest,
        _view: Callable[..., HttpResponseBase],
        _args: Sequence[object],
        _kwargs: Mapping[str, object],
    ) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return None
        if not note_seen(request, now=timezone.now()):
            logout(request)
            return redirect_to_login(request.get_full_path())
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN_WITHOUT or standing_of(request, request.user) is not Standing.MISSING:
            return None
        if request.headers.get("Sec-Fetch-Dest", "document") == "document":
            return redirect("people:second_factor_set_up")
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
