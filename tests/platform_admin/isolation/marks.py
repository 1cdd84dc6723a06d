"""A mark in every text of a business, by which it is known wherever it turns up."""

from __future__ import annotations

from typing import Any, Final

from django.db import models

from platform_admin.tenants.models import Tenant
from tests.platform_admin.isolation.table_rows import rows_of, tenant_models

CANARY: Final = "zqXcanaryXqz"
"""In every text of the other business. Letters alone, so that it survives every kind of escaping."""


def mark_every_text(tenant: Tenant, mark: str = CANARY, *, but: frozenset[str] = frozenset()) -> int:
    """The mark at the end of every text of the tenant's rows. Returns how many values hold it now.

    ``but`` names columns that are left alone (``app_label.model.column``).
    """
    marked = 0
    for model in tenant_models():
        for row in list(rows_of(model, tenant)):
            changed = {
                field.attname: value
                for field in model._meta.concrete_fields
                if f"{model._meta.label_lower}.{field.name}" not in but
                and (value := _marked(field, field.value_from_object(row), mark)) is not None
            }
            if changed:
                models.QuerySet(model).filter(pk=row.pk).update(**changed)
                marked += len(changed)
    models.QuerySet(Tenant).filter(pk=tenant.pk).update(name=f"{tenant.name} {mark}")
    return marked + 1


def _marked(field: models.Field[Any, Any], value: Any, mark: str) -> Any:
    """``None`` where there is nothing to mark: no text, a choice, a key that other rows are found by."""
    if field.choices or field.primary_key or field.is_relation or field.unique or not value:
        return None
    if isinstance(field, models.JSONField):
        marked = _marked_json(value, mark)
        return None if marked == value else marked
    if isinstance(field, (models.CharField, models.TextField)) and mark not in value:
        room = (field.max_length or 10**6) - len(mark)
        return f"{value[:room]}{mark}" if room > 0 else None  # the last four characters of a key have none
    return None


def _marked_json(value: Any, mark: str) -> Any:
    match value:
        case str():
            return value if mark in value else value + mark
        case list():
            return [_marked_json(item, mark) for item in value]
        case dict():
            return {key: _marked_json(item, mark) for key, item in value.items()}
        case _:
            return value
