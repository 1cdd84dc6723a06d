"""The rows of every table, past all scopes, and one in each table that is empty."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from platform_admin.tenants.models import Tenant


def tenant_models() -> Iterator[type[models.Model]]:
    """Every model whose rows name a tenant."""
    for model in apps.get_models():
        if any(field.name == "tenant" and field.related_model is Tenant for field in model._meta.fields):
            yield model


def rows_of(model: type[models.Model], tenant: Tenant | None = None) -> models.QuerySet[Any]:
    """Past every scope: the matrix is who looks behind all of them."""
    rows: models.QuerySet[Any] = models.QuerySet(model)
    return rows if tenant is None else rows.filter(tenant=tenant)


def fill_empty_tables(tenant: Tenant) -> None:
    with_tenant = set(tenant_models())
    ours = [*with_tenant, *(model for model in apps.get_models() if model._meta.app_label in {"jobs", "whatsapp"})]
    for _round in range(3):  # a row may need one of another table that is empty as well
        for model in ours:
            if not rows_of(model, tenant if model in with_tenant else None).exists():
                _make_row(model, tenant)
    empty = [model._meta.label for model in tenant_models() if not rows_of(model, tenant).exists()]
    assert empty == [], f"the world has no row of {empty}; make one in objects_of() by the verb that makes it in life"


def _make_row(model: type[models.Model], tenant: Tenant) -> None:
    values: dict[str, Any] = {}
    for field in model._meta.fields:
        if field.primary_key or field.has_default() or getattr(field, "auto_now_add", False):
            continue
        if isinstance(field, models.ForeignKey):
            related = field.related_model
            assert isinstance(related, type)
            if related is Tenant:
                values[field.name] = tenant
            elif not field.null:
                with_tenant = related in set(tenant_models())
                found = rows_of(related, tenant if with_tenant else None).first()
                if found is None:
                    return
                values[field.name] = found
        elif not field.null:
            values[field.name] = _value_for(field, tenant)
    rows_of(model).bulk_create([model(**values)])


_numbers = itertools.count(1)


def _value_for(field: models.Field[Any, Any], tenant: Tenant) -> object:
    if field.choices:
        return next(iter(field.flatchoices))[0]
    match field:
        case models.EmailField():
            return f"someone{next(_numbers)}@{tenant.slug}.example.com"
        case models.UUIDField():
            return uuid.uuid4()
        case models.DateTimeField():
            return timezone.now()
        case models.DateField():
            return timezone.localdate()
        case models.BooleanField():
            return False
        case models.IntegerField() | models.FloatField() | models.DecimalField():
            return next(_numbers)
        case models.BinaryField():
            return b"bytes"
        case models.JSONField():
            return {}
        case models.GenericIPAddressField():
            return "192.0.2.1"
        case _:
            return f"{tenant.slug}{next(_numbers)}"[: field.max_length or None]
