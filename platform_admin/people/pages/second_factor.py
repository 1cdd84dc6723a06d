"""The second step at sign-in: an authenticator app.

::

    GET        account/second-step/           whether it is on, recovery codes left
    GET, POST  account/second-step/set-up/    the QR code, then a first code; shows the recovery codes
    POST       account/second-step/codes/     new recovery codes, after the password
    POST       account/second-step/remove/    turns it off, after the password
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_admin.errors import ConflictError, TooManyAttemptsError
from platform_admin.people.actions.second_factor import confirm, key_to_set_up, remove, renew_codes
from platform_admin.people.authenticator_app import in_groups, provisioning_address, qr_image
from platform_admin.people.doors import CODE, Try, forgive, knock
from platform_admin.people.forms import CodeForm, PresentPasswordForm
from platform_admin.people.pages.showing import own_page, show, show_closed
from platform_admin.people.recovery import codes_left
from platform_admin.people.signing_in import is_own_password
from platform_admin.people.standing import has_second_factor, is_needed, note_removed, note_shown
from platform_admin.people.visitor import visitor_of
from platform_admin.tenants.models import User


@require_GET
@own_page
def second_factor(request: HttpRequest, user: User) -> HttpResponse:
    if not has_second_factor(user):
        return redirect("people:second_factor_set_up")
    return show(request, "second_factor", form=PresentPasswordForm(), codes_left=codes_left(user))


@require_http_methods(["GET", "POST"])
@own_page
def set_up(request: HttpRequest, user: User) -> HttpResponse:
    try:
        key = key_to_set_up(user=user)
    except ConflictError:
        return redirect("people:second_factor")
    image = qr_image(provisioning_address(key=key, account=user.email))
    context: dict[str, Any] = {"qr": image, "key": in_groups(key), "needed": is_needed(user)}
    form, now = CodeForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "GET" or not form.is_valid():
        return show(request, "second_factor_set_up", form=form, **context)
    attempt = Try(CODE, user.email)
    try:
        knock(attempt, by=visitor_of(request), now=now, subject=user.email)
    except TooManyAttemptsError as error:
        return show_closed(request, "second_factor_set_up", error, form=CodeForm(), **context)
    code, session = form.cleaned_data["code"], request.session.session_key
    codes = confirm(user=user, code=code, present_session=session, now=now)
    if codes is None:
        form.add_error("code", _("This is not the code of this moment. Is the clock of your phone right?"))
        return show(request, "second_factor_set_up", form=form, **context)
    forgive(attempt)
    note_shown(request)
    return show(request, "recovery_codes", codes=codes)


@require_POST
@own_page
def new_codes(request: HttpRequest, user: User) -> HttpResponse:
    refusal = _refusal(request, user)
    return refusal or show(request, "recovery_codes", codes=renew_codes(user=user))


@require_POST
@own_page
def turn_off(request: HttpRequest, user: User) -> HttpResponse:
    refusal = _refusal(request, user)
    if refusal is not None:
        return refusal
    remove(user=user, present_session=request.session.session_key, now=timezone.now())
    note_removed(request)
    messages.success(request, _("The second step is off."))
    return redirect("people:account")


def _refusal(request: HttpRequest, user: User) -> HttpResponse | None:
    """The page again unless the password that came along is the person's own."""
    if not has_second_factor(user):
        return redirect("people:second_factor_set_up")
    form, left = PresentPasswordForm(request.POST), codes_left(user)
    if not form.is_valid():
        return show(request, "second_factor", form=form, codes_left=left)
    try:
        if is_own_password(request, user, form.cleaned_data["present"], now=timezone.now()):
            return None
    except TooManyAttemptsError as error:
        return show_closed(request, "second_factor", error, form=form, codes_left=left)
    form.add_error("present", _("This is not your password."))
    return show(request, "second_factor", form=form, codes_left=left)
