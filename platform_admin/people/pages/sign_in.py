"""Signing in and out.

::

    GET, POST  sign-in/        address and password
    GET, POST  sign-in/code/   the code from the phone, where one is set up
    POST       sign-out/       the session ends
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platform_admin.errors import TooManyAttemptsError
from platform_admin.people.forms import CodeForm, SignInForm
from platform_admin.people.pages.showing import page, show, show_closed
from platform_admin.people.signing_in import enter_with_code, go_on, is_right_code, who_has_password, who_owes_code

_NEXT: Final = "next"


@require_http_methods(["GET", "POST"])
@page
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None)
    leads_to = request.POST.get(_NEXT) or request.GET.get(_NEXT, "")
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect(_safe(request, leads_to))
    if request.method == "GET" or not form.is_valid():
        return show(request, "sign_in", form=form if request.method == "POST" else SignInForm(), next=leads_to)
    email, password = form.cleaned_data["username"], form.cleaned_data["password"]
    now = timezone.now()
    try:
        user = who_has_password(request, email=email, password=password, now=now)
    except TooManyAttemptsError as error:
        return show_closed(request, "sign_in", error, form=form, next=leads_to)
    if user is None:
        form.add_error(None, _("Address and password do not belong together."))
        return show(request, "sign_in", form=form, next=leads_to)
    if go_on(request, user, now=now):
        return HttpResponseRedirect(_safe(request, leads_to))
    request.session[_NEXT] = _safe(request, leads_to)
    return redirect("people:sign_in_code")


@require_http_methods(["GET", "POST"])
@page
def sign_in_code(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    user = who_owes_code(request, now=now)
    if user is None:
        return redirect("people:sign_in")
    if request.method == "GET":
        return show(request, "sign_in_code", form=CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return show(request, "sign_in_code", form=form)
    try:
        right = is_right_code(request, user, form.cleaned_data["code"], now=now)
    except TooManyAttemptsError as error:
        return show_closed(request, "sign_in_code", error, form=CodeForm())
    if not right:
        form.add_error("code", _("This code is not the one of this moment, or was used already."))
        return show(request, "sign_in_code", form=form)
    leads_to = request.session.pop(_NEXT, "")
    enter_with_code(request, user, now=now)
    return HttpResponseRedirect(_safe(request, leads_to))


@require_POST
@page
def sign_out(request: HttpRequest) -> HttpResponse:
    """The browser keeps nothing either: an unsaved draft is in its storage until the server has it."""
    logout(request)
    answer = redirect("people:sign_in")
    answer["Clear-Site-Data"] = '"storage"'  # not the cookies: the language is one
    return answer


def _safe(request: HttpRequest, leads_to: str) -> str:
    """A path of this server, or home: no link may send people elsewhere in the moment they have signed in."""
    hosts = {request.get_host()}
    if leads_to.startswith("/") and url_has_allowed_host_and_scheme(leads_to, hosts, require_https=request.is_secure()):
        return leads_to
    return resolve_url(settings.LOGIN_REDIRECT_URL)
