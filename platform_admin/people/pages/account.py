"""A person's own account.

::

    GET, POST  account/                     name, address, password, second step, sessions; POST changes the name
    GET, POST  account/password/            another password
    GET, POST  account/address/             another address
    GET        new-address/<token>/         takes the token out of the address
    GET, POST  new-address/                 confirms it
    POST       account/sessions/<handle>/end/   ends one session
    POST       account/sessions/end-others/     ends all but this one
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_admin.errors import LinkNotGoodError, TooManyAttemptsError
from platform_admin.people import sessions
from platform_admin.people.actions.addresses import ask_for_address, confirm_address
from platform_admin.people.actions.links import find_link
from platform_admin.people.actions.passwords import change_password
from platform_admin.people.actions.profile import rename
from platform_admin.people.doors import MAIL_ACCOUNT, Try, knock
from platform_admin.people.forms import ChangeAddressForm, ChangePasswordForm, NameForm
from platform_admin.people.models import OneTimeLink
from platform_admin.people.pages.mailed_link import refusal_of_link
from platform_admin.people.pages.showing import link_not_good, own_page, page, show, show_closed
from platform_admin.people.queries import memberships_of
from platform_admin.people.recovery import codes_left
from platform_admin.people.signing_in import is_own_password
from platform_admin.people.standing import has_second_factor
from platform_admin.people.visitor import visitor_of
from platform_admin.tenants.models import User

_TOKEN: Final = "new_address"  # noqa: S105 - a key of the session's data


@require_http_methods(["GET", "POST"])
@own_page
def account(request: HttpRequest, user: User) -> HttpResponse:
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        rename(user=user, name=form.cleaned_data["name"])
        messages.success(request, _("Saved."))
        return redirect("people:account")
    return show(
        request,
        "account",
        place="account",
        form=form,
        person=user,
        memberships=memberships_of(user),
        second_factor=has_second_factor(user),
        codes_left=codes_left(user),
        sessions=sessions.sessions_of(user, present=request.session.session_key),
    )


@require_http_methods(["GET", "POST"])
@own_page
def password(request: HttpRequest, user: User) -> HttpResponse:
    form, now = ChangePasswordForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "GET" or not form.is_valid():
        return show(request, "password", form=form)
    try:
        if not is_own_password(request, user, form.cleaned_data["present"], now=now):
            form.add_error("present", _("This is not your present password."))
            return show(request, "password", form=form)
        key = request.session.session_key
        change_password(user=user, password=form.cleaned_data["password"], present_session=key, now=now)
    except TooManyAttemptsError as error:
        return show_closed(request, "password", error, form=form)
    except ValidationError as error:
        form.add_error("password", error)
        return show(request, "password", form=form)
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is changed. You are signed out everywhere else."))
    return redirect("people:account")


@require_http_methods(["GET", "POST"])
@own_page
def address(request: HttpRequest, user: User) -> HttpResponse:
    """Says the same whether somebody has the new address already."""
    form, now = ChangeAddressForm(request.POST if request.method == "POST" else None), timezone.now()
    if request.method == "GET" or not form.is_valid():
        return show(request, "address", form=form)
    email = form.cleaned_data["email"]
    try:
        if not is_own_password(request, user, form.cleaned_data["present"], now=now):
            form.add_error("present", _("This is not your password."))
            return show(request, "address", form=form)
        knock(Try(MAIL_ACCOUNT, user.email), by=visitor_of(request), now=now, subject=user.email)
    except TooManyAttemptsError as error:
        return show_closed(request, "address", error, form=form)
    ask_for_address(user=user, email=email, now=now)
    return show(request, "address_sent", email=email)


@require_GET
@page
def new_address_link(request: HttpRequest, token: str) -> HttpResponse:
    refusal = refusal_of_link(
        request, token, lambda sought, now: find_link(sought, OneTimeLink.Purpose.NEW_ADDRESS, now=now), subject="link"
    )
    if refusal is not None:
        return refusal
    request.session[_TOKEN] = token
    return redirect("people:new_address")


@require_http_methods(["GET", "POST"])
@page
def new_address(request: HttpRequest) -> HttpResponse:
    """A button, because programs that look into mails open links, but press nothing."""
    token, now = request.session.get(_TOKEN, ""), timezone.now()
    try:
        if request.method == "GET":
            link = find_link(token, OneTimeLink.Purpose.NEW_ADDRESS, now=now)
            return show(request, "new_address", email=link.email)
        confirm_address(token=token, now=now)
    except LinkNotGoodError:
        return link_not_good(request)
    request.session.pop(_TOKEN, None)
    messages.success(request, _("From now on you sign in with the new address."))
    return redirect("people:account")


@require_POST
@own_page
def end_session(request: HttpRequest, user: User, handle: str) -> HttpResponse:
    if not sessions.end_one(user, handle):
        raise Http404
    messages.success(request, _("That session is over."))
    return redirect("people:account")


@require_POST
@own_page
def end_other_sessions(request: HttpRequest, user: User) -> HttpResponse:
    sessions.end_all(user, but=request.session.session_key)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("people:account")
