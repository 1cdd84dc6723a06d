"""A new password, by a link.

::

    GET, POST  forgotten/             asks for a mail; says the same whoever has the address
    GET        new-password/<token>/  takes the token out of the address
    GET, POST  new-password/          sets the password, then leads to signing in
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from platform_admin.errors import LinkNotGoodError, TooManyAttemptsError
from platform_admin.people.actions.links import find_link
from platform_admin.people.actions.passwords import BY_LINK, set_password_by_link
from platform_admin.people.doors import MAIL_ACCOUNT, MAIL_ADDRESS, Try, knock
from platform_admin.people.forms import AddressForm, NewPasswordForm
from platform_admin.people.pages.mailed_link import refusal_of_link
from platform_admin.people.pages.showing import link_not_good, page, show, show_closed
from platform_admin.people.posting import post
from platform_admin.people.signing_in import open_here
from platform_admin.people.visitor import visitor_of

_TOKEN: Final = "new_password"  # noqa: S105 - a key of the session's data


@require_http_methods(["GET", "POST"])
@page
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same work and the same words for every address: the worker finds out whether it is anybody's."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return show(request, "forgotten", form=form)
    email, visitor, now = form.cleaned_data["email"].strip().lower(), visitor_of(request), timezone.now()
    try:
        tries = (Try(MAIL_ACCOUNT, email), Try(MAIL_ADDRESS, visitor.counted_as))
        knock(*tries, by=visitor, now=now, subject="new password")
    except TooManyAttemptsError as error:
        return show_closed(request, "forgotten", error, form=form)
    post("new_password", now=now, email=email)
    return show(request, "forgotten_sent", email=email)


@require_GET
@page
def new_password_link(request: HttpRequest, token: str) -> HttpResponse:
    """The token goes into the session, so that it is in no address that a browser tells or shows any longer."""
    refusal = refusal_of_link(request, token, lambda sought, now: find_link(sought, *BY_LINK, now=now), subject="link")
    if refusal is not None:
        return refusal
    logout(request)
    request.session[_TOKEN] = token
    return redirect("people:new_password")


@require_http_methods(["GET", "POST"])
@page
def new_password(request: HttpRequest) -> HttpResponse:
    token, now = request.session.get(_TOKEN, ""), timezone.now()
    try:
        link = find_link(token, *BY_LINK, now=now)
    except LinkNotGoodError:
        return link_not_good(request)
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            set_password_by_link(token=token, password=form.cleaned_data["password"], now=now)
        except ValidationError as error:
            form.add_error("password", error)
        except LinkNotGoodError:
            return link_not_good(request)
        else:
            open_here(request, link.user.email)
            request.session.flush()
            messages.success(request, _("Your password is set. Sign in with it."))
            return redirect("people:sign_in")
    return show(request, "new_password", form=form, person=link.user)
