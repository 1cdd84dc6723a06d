"""The page *Connections*: what is connected, by which provider, whether it works; a form for each."""

from __future__ import annotations

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
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from connectors.catalog import Manifest, find_manifests, read_schema
from connectors.probe import ProbeResult
from flow_engine.vocabulary import JSONObject
from platform_admin.connect import actions
from platform_admin.connect.schema_form import SchemaForm
from platform_admin.credentials.queries import last_day_under, masked_under
from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.releases.sources import settings_of
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.tenants.models import Role, Tenant
from platform_admin.tenants.scoped_admin import signed_in

CATEGORIES: Final = ("calendar", "llm", "notification")
"""What every business may connect; a flow's own categories come from its settings."""

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
    manifest: Manifest | None
    title: str
    summary: str
    secrets: tuple[str, ...]
    ends: date | None


@of_tenant
def connections(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    bound = _blocks(tenant)
    language = get_language() or "en"
    rows = [
        _connection(tenant, category, bound.get(category), language)
        for category in dict.fromkeys((*CATEGORIES, *bound))
    ]
    return _show(request, tenant, "connect/connections.html", rows=rows)


@require_http_methods(["GET", "POST"])
@of_tenant
def connection(request: HttpRequest, tenant: Tenant, category: str, type_name: str) -> HttpResponse:
    """The form of one provider. Only owners see and save it: it takes secrets."""
    manifest = find_manifests().get(type_name)
    fits = manifest is not None and {category, _ANY} & set(manifest.categories)
    if manifest is None or not fits or not may(request, tenant, Role.OWNER):
        raise Http404
    stored = _blocks(tenant).get(category, {})
    block = stored if stored.get("type") == type_name else {}
    masks = masked_under(tenant, f"connectors.{category}.") if block else {}
    data = request.POST if request.method == "POST" else None
    form = SchemaForm(read_schema(manifest), block, masks, get_language() or "en", data=data)
    ends = last_day_under(tenant, f"connectors.{category}.") if block else None
    expiry = ExpiryForm(data, initial={"expires_on": ends}) if form.secret_keys else None
    valid = form.is_valid() and (expiry is None or expiry.is_valid())
    if data is not None and valid and _save(request, tenant, category, type_name, form, expiry):
        return redirect("connect:connections", tenant.slug)
    title = manifest.title.in_language(get_language() or "en")
    context = {"form": form, "expiry": expiry, "category": category, "provider": title}
    return _show(request, tenant, "connect/connection.html", **context)


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
    messages.add_message(request, level, f"{category}: " + " ".join(words.in_language(language) for words in says))
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
    request: HttpRequest, tenant: Tenant, category: str, type_name: str, form: SchemaForm, expiry: ExpiryForm | None
) -> bool:
    block: JSONObject = {"type": type_name, **form.block()}
    by = signed_in(request)
    try:
        with transaction.atomic():
            actions.connect(tenant=tenant, category=category, block=block, secrets=form.secrets(), by=by)
            if expiry is not None:
                ends = expiry.cleaned_data["expires_on"]
                actions.set_last_day(tenant=tenant, category=category, expires_on=ends, by=by)
    except HasFaultsError as error:
        for fault in error.faults:
            form.add_error(None, f"{fault.message} {fault.hint}".strip())
        return False
    except ControlPlaneError as error:
        form.add_error(None, error.message)
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Saved. Try it, then publish: the next release carries it."))
    return True


def _blocks(tenant: Tenant) -> dict[str, JSONObject]:
    document = settings_of(tenant).document
    return {} if document is None else {name: {**block} for name, block in document.connector_blocks().items()}


def _connection(tenant: Tenant, category: str, block: JSONObject | None, language: str) -> Connection:
    manifest = None if block is None else find_manifests().get(str(block.get("type")))
    return Connection(
        category=category,
        manifest=manifest,
        title="" if manifest is None else manifest.title.in_language(language),
        summary="" if manifest is None else manifest.summary.in_language(language),
        secrets=tuple(f"{key} {mask}" for key, mask in masked_under(tenant, f"connectors.{category}.").items()),
        ends=last_day_under(tenant, f"connectors.{category}."),
    )


def _show(request: HttpRequest, tenant: Tenant, template: str, **context: Any) -> TemplateResponse:
    language = get_language() or "en"
    providers = [
        (category, name, manifest.title.in_language(language))
        for category in CATEGORIES
        for name, manifest in find_manifests().items()
        if category in manifest.categories
    ]
    response = show(
        request, tenant, "connections", _("connections"), providers=providers,
        may_connect=may(request, tenant, Role.OWNER), **context,
    )  # fmt: skip
    response.template_name = template
    return response
