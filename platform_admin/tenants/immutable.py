"""Rows that are written once: versions, releases, audit entries.

Every way through the ORM is closed: ``save`` on an existing row, ``delete``, and the bulk forms on querysets.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models

from platform_admin.errors import ImmutableError
from platform_admin.tenants.scoping import ScopedQuerySet, TenantRow


class ImmutableQuerySet[M: models.Model](models.QuerySet[M]):
    """Reads and creates; refuses to change or remove."""

    def update(self, **kwargs: Any) -> NoReturn:
        _refuse(self.model, "changed")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(self.model, "changed")

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        if kwargs.get("update_conflicts"):
            _refuse(self.model, "changed")
        return super().bulk_create(objs, *args, **kwargs)

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(self.model, "changed")

    def delete(self) -> NoReturn:
        _refuse(self.model, "removed")

    def _raw_delete(self, using: str | None) -> NoReturn:
        _refuse(self.model, "removed")


class ScopedImmutableQuerySet[M: models.Model](ImmutableQuerySet[M], ScopedQuerySet[M]):  # type: ignore[override] # as_manager: the plugin gives every queryset a manager class of its own
    """Both: written once, and read through a scope only."""


class WrittenOnce(models.Model):
    """Base of rows that never change. Mix in before other bases."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse(type(self), "changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse(type(self), "removed")


class TenantVersion(WrittenOnce, TenantRow):
    """Base of tenants' rows that never change."""

    objects = ScopedImmutableQuerySet.as_manager()

    class Meta:
        abstract = True


def _refuse(model: type[models.Model], verb: str) -> NoReturn:
    name = model._meta.verbose_name  # noqa: SLF001 - Django documents _meta for this
    raise ImmutableError(f"A {name} is written once; it cannot be {verb}.")
