"""A WhatsApp number on *Connections*: what Meta gave for it, and the set-up checks with their progress. For owners.

::

    GET, POST  connect/<slug>/whatsapp/                  a number that is new
    GET, POST  connect/<slug>/whatsapp/<number>/         one that is there, with its checks
    POST       connect/<slug>/whatsapp/<number>/check/   ``code``: make that one and answer with all lines, as a piece
                                                         of the page; without it: make all, then back to the page
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from platform_admin.connect.whatsapp_form import WhatsAppForm
from platform_admin.credentials.queries import masked_under
from platform_admin.releases.shown_part import ShownPart
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.sight.refusals import refusals_in
from platform_admin.tenants.models import Role, Tenant
from platform_admin.tenants.scoped_admin import signed_in
from platform_admin.whatsapp.checks import CHECKS
from platform_admin.whatsapp.connecting import Connected, connect_number
from platform_admin.whatsapp.numbers import Number, numbers_of
from platform_admin.whatsapp.public_address import webhook_address
from platform_admin.whatsapp.set_up import begin, make_all, make_check, set_ups


@require_http_methods(["GET", "POST"])
@of_tenant
def new_number(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    return _page(request, tenant, None)


@require_http_methods(["GET", "POST"])
@of_tenant
def number(request: HttpRequest, tenant: Tenant, number_id: str) -> HttpResponse:
    return _page(request, tenant, _number(request, tenant, number_id))


@require_POST
@of_tenant
def check(request: HttpRequest, tenant: Tenant, number_id: str) -> HttpResponse:
    asked, by = _number(request, tenant, number_id), signed_in(request)
    code = request.POST.get("code")
    if code is None:
        make_all(number=asked, by=by)
        return redirect("connect:whatsapp_number", tenant.slug, asked.phone_number_id)
    chosen = next((one for one in CHECKS if one.code == code), None)
    if chosen is None:
        raise Http404
    if chosen is CHECKS[0]:
        begin(number=asked, by=by)
    make_check(number=asked, check=chosen, by=by)
    (set_up,) = set_ups(tenant, [asked], now=clock.now())
    return render(request, "connect/whatsapp_lines.html", {"set_up": set_up})


def _page(request: HttpRequest, tenant: Tenant, known: Number | None) -> HttpResponse:
    if not may(request, tenant, Role.OWNER):
        raise Http404
    mark = ""
    if known is not None:
        mark = ShownPart(tenant, known.place).mark
        known = _number(request, tenant, known.phone_number_id)  # anew: older than its mark it would be written over
    stored = masked_under(tenant, f"{known.place}.") if known else {}
    initial = {"phone_number_id": known.phone_number_id, "waba_id": known.waba_id} if known else {}
    form = WhatsAppForm(stored, data=request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid() and (done := _save(request, tenant, form, known)):
        if not done.word:
            return _to_checks(done.number)
        masks = masked_under(tenant, f"{done.number.place}.")
        fresh = WhatsAppForm(masks, initial=form.cleaned_data | {"new_word": False})
        return _show(request, done.number, fresh, masks, word=done.word, begins=True, mark=done.mark)
    if known is None:
        return _show_new(request, tenant, form)
    theirs = ""
    if form.is_bound:
        mark, theirs = ShownPart(tenant, known.place).now(request.POST.get("shown"))
    return _show(request, known, form, stored, begins="check" in request.GET, mark=mark, theirs=theirs)


def _save(request: HttpRequest, tenant: Tenant, form: WhatsAppForm, known: Number | None) -> Connected | None:
    """``None``, and the form says why, when it cannot be."""
    entered = form.cleaned_data
    done: Connected | None = None
    with refusals_in(form):
        done = connect_number(
            tenant=tenant,
            phone_number_id=entered["phone_number_id"],
            waba_id=entered["waba_id"],
            secrets=form.secrets(),
            by=signed_in(request),
            instead_of=known,
            new_word=entered.get("new_word", False),
            shown=request.POST.get("shown"),
        )
        messages.success(request, _("Saved. Publish once the checks are good: the next release carries it."))
    return done


def _number(request: HttpRequest, tenant: Tenant, number_id: str) -> Number:
    """One of the tenant's numbers, for an owner; everything else is not there."""
    found = next((one for one in numbers_of(tenant) if one.phone_number_id == number_id), None)
    if found is None or not may(request, tenant, Role.OWNER):
        raise Http404
    return found


def _to_checks(saved: Number) -> HttpResponse:
    back = redirect("connect:whatsapp_number", saved.tenant.slug, saved.phone_number_id)
    back["Location"] += "?check"
    return back


def _show_new(request: HttpRequest, tenant: Tenant, form: WhatsAppForm) -> HttpResponse:
    response = show(request, tenant, "connections", _("WhatsApp"), form=form)
    response.template_name = "connect/whatsapp.html"
    return response


def _show(request: HttpRequest, shown: Number, form: WhatsAppForm, masks: dict[str, str], **more: Any) -> HttpResponse:
    (set_up,) = set_ups(shown.tenant, [shown], now=clock.now())
    response = show(
        request, shown.tenant, "connections", _("WhatsApp"), form=form, number=shown, set_up=set_up,
        address=webhook_address(shown.tenant), word_mask=masks.get("verify_token", ""), **more,
    )  # fmt: skip
    response.template_name = "connect/whatsapp.html"
    return response
