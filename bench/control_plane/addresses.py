"""Every page that somebody can open, with the rows of one business in its address.

The list is the resolver's: a new address is a page from then on, unless ``excepted.py`` says why it is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin
from django.db import models
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from bench.control_plane.excepted import reason_for
from bench.control_plane.routes import Route, every_route
from platform_admin.authoring.sharing.links import open_links, token_of
from platform_admin.observability.models import Conversation
from platform_admin.releases.kept_versions import Kind, versions_of
from platform_admin.releases.queries import live_release
from platform_admin.releases.sources import settings_of
from platform_admin.tenants.models import Tenant, User
from platform_admin.whatsapp.numbers import numbers_of

QUESTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "admin:autocomplete": ("app_label=flows&model_name=flow&field_name=tenant&term=",),
    "admin:search": ("s=a",),
    "authoring:conversation-step": ("name=MENU",),
    "authoring:releases": ("", "old=1&new=2"),
    "authoring:version": ("", "against=1"),
}
"""What is asked of an address that shows nothing, or something else, when it is asked nothing."""

_CONNECTED: Final = "calendar"
"""The category whose provider's form is opened."""


@dataclass(frozen=True, slots=True)
class Page:
    """``title`` is the name of its address, and what tells it from its like: ``authoring:versions faq``."""

    title: str
    address: str


def pages(tenant: Tenant, person: User, routes: Iterable[Route] | None = None) -> Iterator[Page]:
    """Those of the business, of the person (an operator), and of the platform; ``routes`` in the place of all.

    Raises ``LookupError`` for an address with a parameter that nobody knows how to fill.
    """
    for route in every_route() if routes is None else routes:
        if reason_for(route) is None and _is_offered(route, person):
            yield from _pages_of(route, tenant, person)


def refused(person: User) -> Iterator[Route]:
    """Forms of the admin that are offered to nobody, as the row is made or ended elsewhere."""
    return (route for route in every_route() if reason_for(route) is None and not _is_offered(route, person))


def _pages_of(route: Route, tenant: Tenant, person: User) -> Iterator[Page]:
    for kind in Kind if "kind" in route.parameters else (None,):
        values = {name: _value(name, route, tenant, person, kind) for name in route.parameters}
        address = reverse(route.name, kwargs=values)
        for asked in QUESTIONS.get(route.name, ("",)):
            title = " ".join(part for part in (route.name, kind, asked) if part)
            yield Page(title, f"{address}?{asked}" if asked else address)


def _value(name: str, route: Route, tenant: Tenant, person: User, kind: Kind | None) -> str:
    match name:
        case "slug":
            return tenant.slug
        case "kind" if kind is not None:
            return kind.value
        case "number" if kind is not None:
            return str(versions_of(tenant, kind)[0].number)
        case "serial":
            release = live_release(tenant)
            return "" if release is None else str(release.serial)
        case "conversation_id":
            return Conversation.objects.for_tenant(tenant).order_by("-last_at")[0].conversation
        case "number_id":
            return numbers_of(tenant)[0].phone_number_id
        case "category":
            return _CONNECTED
        case "type_name":
            document = settings_of(tenant).document
            return "" if document is None else str(document.connector_blocks()[_CONNECTED]["type"])
        case "token":
            return token_of(open_links(tenant, timezone.now())[0])
        case "app_label":
            return "tenants"
        case "object_id":
            return _row_of(route, tenant, person)
        case _:
            raise LookupError(
                f"{route.name} has the parameter <{name}>. Fill it here from a row of the business, or say in "
                "excepted.py why the address is no page."
            )


def _row_of(route: Route, tenant: Tenant, person: User) -> str:
    model = _model_of(route)
    if model is Tenant:
        return str(tenant.pk)
    if model is User:
        return str(person.pk)
    rows: models.QuerySet[Any] = models.QuerySet(model)  # past every scope: the person is an operator
    if any(field.name == "tenant" for field in rows.model._meta.fields):  # noqa: SLF001 - Django documents _meta
        rows = rows.filter(tenant=tenant)
    row = rows.order_by("pk").first()
    if row is None:
        raise LookupError(f"{route.name} shows a row, and {tenant.slug} has none.")
    return str(row.pk)


def _is_offered(route: Route, person: User) -> bool:
    model = _model_of(route)
    if model is None:
        return True
    request = RequestFactory().get("/")
    request.user = person
    page = admin.site._registry[model]  # noqa: SLF001 - the only list of them
    match route.name.rpartition("_")[2]:
        case "add":
            return page.has_add_permission(request)
        case "delete":
            return page.has_delete_permission(request)
        case _:
            return True


def _model_of(route: Route) -> type[models.Model] | None:
    """``admin:flows_flowversion_change`` is a page of ``flows.FlowVersion``."""
    words = route.name.removeprefix("admin:").rpartition("_")[0]
    for model in admin.site._registry:  # noqa: SLF001 - as above
        if words == f"{model._meta.app_label}_{model._meta.model_name}":  # noqa: SLF001 - as above
            return model
    return None
