"""What these pages have in common: the frame, and refusals in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from platform_admin.errors import TooManyAttemptsError
from platform_admin.tenants.models import User
from platform_admin.tenants.scoped_admin import signed_in

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]

_MINUTE_S = 60
_HOUR_S = 3600


def page[**P](view: View[P]) -> View[P]:
    """For anybody. Kept by no cache; what is typed shows in no error report."""
    guarded: View[P] = never_cache(sensitive_post_parameters()(view))
    return guarded


def own_page[**P](view: Callable[Concatenate[HttpRequest, User, P], HttpResponse]) -> View[P]:
    """For whoever is signed in; the view gets the person."""

    @wraps(view)
    def as_person(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, signed_in(request), *args, **kwargs)

    return page(cast("View[P]", login_required(as_person)))


def show(request: HttpRequest, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    return TemplateResponse(request, f"people/{template}.html", context, status=status)


def show_closed(request: HttpRequest, template: str, error: TooManyAttemptsError, **context: Any) -> HttpResponse:
    """The same page with how long to wait, and the header that says so to programs."""
    now = timezone.now()
    answer = show(
        request, template, status=HTTPStatus.TOO_MANY_REQUESTS, closed=how_long(error.until, now=now), **context
    )
    answer["Retry-After"] = str(max(1, int((error.until - now).total_seconds())))
    return answer


def how_long(until: datetime, *, now: datetime) -> str:
    seconds = max(1, int((until - now).total_seconds()))
    if seconds > _HOUR_S:
        hours = -(-seconds // _HOUR_S)
        wait = ngettext("Try again in %(count)d hour.", "Try again in %(count)d hours.", hours) % {"count": hours}
    else:
        minutes = -(-seconds // _MINUTE_S)
        wait = ngettext("Try again in %(count)d minute.", "Try again in %(count)d minutes.", minutes) % {
            "count": minutes
        }
    refused = _("Too many attempts.")  # the collector of texts does not look into an f-string
    return f"{refused} {wait}"


def link_not_good(request: HttpRequest) -> HttpResponse:
    """One answer for a link that never was, is used, withdrawn or too old."""
    return show(request, "link_not_good", status=HTTPStatus.NOT_FOUND)
