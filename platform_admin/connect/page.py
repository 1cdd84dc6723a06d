"""The page *Connections*: what is connected, by which provider, whether it works; a form for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone as clock
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from connectors.catalog import Manifest, find_manifests, read_schema
from connectors.probe import ProbeResult
from flow_engine.vocabulary import JSONObject
from platform_admin.connect import actions
from platform_admin.connect.schema_form import SchemaForm, secret_titles
from platform_admin.credentials.models import UseOfCredential
from platform_admin.credentials.queries import Stored, last_day_under, last_uses, masked_under, stored_credentials
from platform_admin.credentials.spoken import last_use
from platform_admin.errors import ControlPlaneError
from platform_admin.releases.shown_part import ShownPart
from platform_admin.releases.sources import settings_of
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.sight.category_titles import CATEGORY_TITLES, category_title
from platform_admin.sight.refusals import refusals_in
from platform_admin.tenants.models import Role, Tenant, User
from platform_admin.tenants.scoped_admin import signed_in
from platform_admin.whatsapp.numbers import numbers_of
from platform_admin.whatsapp.set_up import set_ups

_ANY: Final = "*"


class ExpiryForm(forms.Form):
    """Beside the provider's own form: it knows nothing of when a key ends."""

    expires_on = forms.DateField(
        label=gettext_lazy("The provider ends the key on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("If it does. You are told a month, a week and a day before."),
    )


@dataclass(frozen=True, slots=True)
class Connection:
    """One category: what it is bound to, if anything, and what it could be bound to."""

    category: str
    name: str
    manifest: Manifest | None
    title: str
    summary: str
    secrets: tuple[str, ...]
    ends: date | None
    used: str


@require_safe
@of_tenant
def connections(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    bound = _blocks(tenant)
    language = get_language() or "en"
    stored = stored_credentials(tenant)
    uses = last_uses(tenant) if may(request, tenant, Role.OWNER) else {}
    rows = [
        _connection(category, bound.get(category), stored, _last_use(uses, f"connectors.{category}."), language)
        for category in dict.fromkeys((*CATEGORY_TITLES, *bound))
    ]
    document = settings_of(tenant).document
    answers = document is not None and document.llm.enabled
    numbers = [
        (set_up, _last_use(uses, f"{set_up.number.place}."))
        for set_up in set_ups(tenant, numbers_of(tenant), now=clock.now())
    ]
    return _show(request, tenant, "connect/connections.html", rows=rows, answers=answers, numbers=numbers)


@require_http_methods(["GET", "POST"])
@of_tenant
def connection(request: HttpRequest, tenant: Tenant, category: str, type_name: str) -> HttpResponse:
    """The form of one provider. Only owners see and save it: it takes secrets."""
    manifest = find_manifests().get(type_name)
    fits = manifest is not None and {category, _ANY} & set(manifest.categories)
    if manifest is None or not fits or not may(request, tenant, Role.OWNER):
        raise Http404
    part = ShownPart(tenant, f"connectors.{category}")
    mark = part.mark  # before what it marks is read: a form may show more than its mark knows of, never less
    stored = _blocks(tenant).get(category, {})
    block = stored if stored.get("type") == type_name else {}
    masks = masked_under(tenant, f"connectors.{category}.") if block else {}
    data = request.POST if request.method == "POST" else None
    form = SchemaForm(read_schema(manifest), block, masks, get_language() or "en", data=data)
    ends = last_day_under(tenant, f"connectors.{category}.") if block else None
    expiry = ExpiryForm(data, initial={"expires_on": ends}) if form.secret_keys else None
    valid = form.is_valid() and (expiry is None or expiry.is_valid())
    if data is not None and valid and _save(request, part, category, type_name, form, expiry):
        return redirect("connect:connections", tenant.slug)
    title = manifest.title.in_language(get_language() or "en")
    mark, theirs = part.now(request.POST.get("shown")) if data is not None else (mark, "")
    context = {"form": form, "expiry": expiry, "name": category_title(category), "provider": title}
    return _show(request, tenant, "connect/connection.html", **context, mark=mark, theirs=theirs)


@require_POST
@of_tenant
def probe(request: HttpRequest, tenant: Tenant, category: str) -> HttpResponse:
    language = get_language() or "en"
    try:
        result = actions.probe(tenant=tenant, category=category, by=signed_in(request))
    except ControlPlaneError as error:
        messages.error(request, error.message)
        return redirect("connect:connections", tenant.slug)
    says = [result.finding, *([result.remedy] if result.remedy else [])]
    level = messages.SUCCESS if result.ok else messages.ERROR
    messages.add_message(
        request, level, f"{category_title(category)}: " + " ".join(words.in_language(language) for words in says)
    )
    return redirect("connect:connections", tenant.slug)


@require_POST
@of_tenant
def disconnect(request: HttpRequest, tenant: Tenant, category: str) -> HttpResponse:
    said = _("%(name)s is disconnected. Publish: until then customers meet it as before.")
    return _do(
        request,
        tenant,
        lambda by: actions.disconnect(tenant=tenant, category=category, by=by),
        said % {"name": category_title(category)},
    )


@require_POST
@of_tenant
def free_answers(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """The switch on the card of the language model: ``on`` is 1 or 0."""
    on = request.POST.get("on") == "1"
    said = (
        _("Free questions are answered from the FAQ once you publish.")
        if on
        else _("Free questions are no longer answered once you publish.")
    )
    return _do(request, tenant, lambda by: actions.answer_free_questions(tenant=tenant, on=on, by=by), said)


def _do(request: HttpRequest, tenant: Tenant, action: Callable[[User], object], said: str) -> HttpResponse:
    """A button of an owner's: what came of it stands above the page."""
    if not may(request, tenant, Role.OWNER):
        raise Http404
    try:
        action(signed_in(request))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, said)
    return redirect("connect:connections", tenant.slug)


@require_http_methods(["GET", "POST"])
@of_tenant
def choose(request: HttpRequest, tenant: Tenant, category: str) -> HttpResponse:
    """GET asks the other side what there is, POST takes one of it. For owners."""
    if not may(request, tenant, Role.OWNER):
        raise Http404
    by, language = signed_in(request), get_language() or "en"
    try:
        if request.method == "POST":
            actions.choose(tenant=tenant, category=category, value=request.POST.get("value", ""), by=by)
            messages.success(request, _("Saved. Try it, then publish: the next release carries it."))
            return redirect("connect:connections", tenant.slug)
        found = actions.choices(tenant=tenant, category=category, by=by)
    except (ControlPlaneError, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
        return redirect("connect:connections", tenant.slug)
    trouble = ""
    if isinstance(found, ProbeResult):
        says = [found.finding, *([found.remedy] if found.remedy else [])]
        found, trouble = (), " ".join(words.in_language(language) for words in says)
    present = _blocks(tenant).get(category, {})
    rows = [(item, present.get(item.option) == item.value) for item in found]
    return _show(request, tenant, "connect/choose.html", rows=rows, trouble=trouble, category=category)


def _save(
    request: HttpRequest, part: ShownPart, category: str, type_name: str, form: SchemaForm, expiry: ExpiryForm | None
) -> bool:
    block: JSONObject = {"type": type_name, **form.block()}
    by, tenant = signed_in(request), part.tenant
    with refusals_in(form), transaction.atomic():
        part.refuse_if_changed(request.POST.get("shown"))
        actions.connect(tenant=tenant, category=category, block=block, secrets=form.secrets(), by=by)
        if expiry is not None:
            ends = expiry.cleaned_data["expires_on"]
            actions.set_last_day(tenant=tenant, category=category, expires_on=ends, by=by)
    if form.is_valid():
        messages.success(request, _("Saved. Try it, then publish: the next release carries it."))
    return form.is_valid()


def _blocks(tenant: Tenant) -> dict[str, JSONObject]:
    document = settings_of(tenant).document
    return {} if document is None else {name: {**block} for name, block in document.connector_blocks().items()}


def _connection(
    category: str, block: JSONObject | None, stored: tuple[Stored, ...], used: str, language: str
) -> Connection:
    manifest = None if block is None else find_manifests().get(str(block.get("type")))
    titles = {} if manifest is None else secret_titles(read_schema(manifest), language)
    place = f"connectors.{category}."
    own = [one for one in stored if one.field.startswith(place)]
    return Connection(
        category=category,
        name=category_title(category),
        manifest=manifest,
        title="" if manifest is None else manifest.title.in_language(language),
        summary="" if manifest is None else manifest.summary.in_language(language),
        secrets=tuple(f"{titles.get(key := one.field.removeprefix(place), key)} {one.mask}" for one in own),
        used=used,
        ends=min((one.ends for one in own if one.ends is not None), default=None),
    )


def _last_use(uses: Mapping[str, UseOfCredential], place: str) -> str:
    return last_use(use for field, use in uses.items() if field.startswith(place))


def _show(request: HttpRequest, tenant: Tenant, template: str, **context: Any) -> TemplateResponse:
    language = get_language() or "en"
    providers = [
        (category, name, manifest.title.in_language(language))
        for category in CATEGORY_TITLES
        for name, manifest in find_manifests().items()
        if category in manifest.categories
    ]
    response = show(
        request, tenant, "connections", _("connections"), providers=providers,
        may_connect=may(request, tenant, Role.OWNER), **context,
    )  # fmt: skip
    response.template_name = template
    return response
