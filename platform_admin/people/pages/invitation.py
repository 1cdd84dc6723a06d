"""Accepting an invitation.

::

    GET        invitation/<token>/  takes the token out of the address
    GET, POST  invitation/          a new account with name and password, or one's own after signing in
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from platform_admin.errors import LinkNotGoodError
from platform_admin.people.actions.invitations import accept_as, accept_as_new, find_invitation
from platform_admin.people.forms import JoinForm
from platform_admin.people.models import Invitation
from platform_admin.people.pages.mailed_link import refusal_of_link
from platform_admin.people.pages.showing import link_not_good, page, show
from platform_admin.people.role_words import role_meaning, role_name
from platform_admin.people.signing_in import enter
from platform_admin.people.standing import look_again
from platform_admin.tenants.models import Role, User

_TOKEN: Final = "invitation"  # noqa: S105 - a key of the session's data


@require_GET
@page
def invitation_link(request: HttpRequest, token: str) -> HttpResponse:
    refusal = refusal_of_link(
        request, token, lambda sought, now: find_invitation(sought, now=now), subject="invitation"
    )
    if refusal is not None:
        return refusal
    request.session[_TOKEN] = token
    return redirect("people:invitation")


@require_http_methods(["GET", "POST"])
@page
def invitation(request: HttpRequest) -> HttpResponse:
    token, now = request.session.get(_TOKEN, ""), timezone.now()
    try:
        row = find_invitation(token, now=now)
        if isinstance(request.user, User):
            return _as_signed_in(request, request.user, row, token)
        if User.objects.filter(email=row.email).exists():
            return _ask_to_sign_in()
        return _as_new(request, row, token)
    except LinkNotGoodError:
        return link_not_good(request)


def _as_signed_in(request: HttpRequest, user: User, row: Invitation, token: str) -> HttpResponse:
    if user.email != row.email:
        if request.method == "POST":
            logout(request)
            request.session[_TOKEN] = token
            return redirect("people:invitation")
        return show(request, "invitation_other", **_words(row), person=user)
    if request.method == "GET":
        return show(request, "invitation_own", **_words(row), person=user)
    accept_as(token=token, user=user, present_session=request.session.session_key, now=timezone.now())
    request.session.pop(_TOKEN, None)
    look_again(request)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _ask_to_sign_in() -> HttpResponse:
    """The one place that tells that an address has an account: to whoever reads its mail."""
    return redirect(f"{reverse('people:sign_in')}?next={reverse('people:invitation')}")


def _as_new(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            user, _ = accept_as_new(token=token, name=name, password=password, now=now)
        except ValidationError as error:
            form.add_error("password", error.messages)
        else:
            request.session.pop(_TOKEN, None)
            enter(request, user, now=now)
            return redirect(settings.LOGIN_REDIRECT_URL)
    return show(request, "invitation_new", form=form, **_words(row))


def _words(row: Invitation) -> dict[str, Any]:
    role = Role(row.role)
    return {
        "business": row.tenant.name,
        "email": row.email,
        "role": role_name(role),
        "meaning": role_meaning(role),
        "by": row.invited_by,
    }
