"""Row scoping that fails closed: tenants' data is read only through a scope that somebody named.

A scope is one of: ``for_tenant(tenant)``; ``for_user(user)``, the tenants a person is a member of, all for an operator;
``across_tenants(reason)``; a relation of an object already in hand (``tenant.flows``). Anything else raises
``UnscopedQueryError`` when it would touch the database, so a forgotten filter is a crash in a test and not a leak.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models

from platform_admin.errors import UnscopedQueryError
from platform_admin.tenants.identity import Tenant, User

_checking_uniqueness: ContextVar[bool] = ContextVar("checking_uniqueness", default=False)


class ScopedQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset that refuses to run until it has a scope."""

    scope: str | None = None

    def for_tenant(self, tenant: Tenant) -> Self:
        return self._with_scope(f"tenant {tenant.slug}").filter(tenant=tenant)

    def for_user(self, user: User) -> Self:
        """Rows of the tenants in which ``user`` has any role; an operator sees all."""
        if user.is_active and user.is_superuser:
            return self._with_scope("operator")
        # Two steps instead of a join: a join would need DISTINCT, which PostgreSQL does not lock rows through.
        own = Tenant.objects.filter(memberships__user=user, memberships__user__is_active=True)
        return self._with_scope(f"user {user.pk}").filter(tenant__in=own)

    def across_tenants(self, reason: str) -> Self:
        """Every tenant's rows. ``reason`` is for the reader of the call; it may not be empty."""
        if not reason:
            raise UnscopedQueryError("A query across tenants needs its reason.")
        return self._with_scope(reason)

    def _with_scope(self, scope: str) -> Self:
        scoped = self._clone()
        scoped.scope = scope
        return scoped

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc] # private, but the one place every chained call passes
        clone.scope = self.scope
        return clone

    def _require_scope(self) -> None:
        # `_hints["instance"]` is set by Django when the query starts from a related object already in hand.
        reached_from_an_object = "instance" in self._hints  # type: ignore[attr-defined] # not in the stubs
        if self.scope is None and not reached_from_an_object and not _checking_uniqueness.get():
            raise UnscopedQueryError(
                f"A query on {self.model.__name__} names no tenant; start it with for_tenant or for_user."
            )

    def _fetch_all(self) -> None:
        self._require_scope()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        self._require_scope()
        return super().iterator(chunk_size)

    def count(self) -> int:
        self._require_scope()
        return super().count()

    def exists(self) -> bool:
        self._require_scope()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_scope()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()


class TenantRow(models.Model):
    """A row that belongs to exactly one tenant. Use ``TenantOwned``, or ``immutable.TenantVersion``."""

    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        with _uniqueness_check():
            super().validate_unique(exclude)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        with _uniqueness_check():
            super().validate_constraints(exclude)


class TenantOwned(TenantRow):
    """Base of tenants' rows that may change. Its default manager is the scoped one."""

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


@contextmanager
def _uniqueness_check() -> Iterator[None]:
    """Django asks the default manager whether a row exists; it learns a yes or no, never the row."""
    token = _checking_uniqueness.set(True)
    try:
        yield
    finally:
        _checking_uniqueness.reset(token)
