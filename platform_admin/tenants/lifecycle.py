"""Suspending a tenant, taking it up again, and deleting it after a time for second thoughts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import ConflictError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.audit_erasing import forget_personal_parts
from platform_admin.tenants.models import Membership, Tenant
from platform_admin.tenants.scoping import TenantRow

GRACE: Final = timedelta(days=7)
"""A week: long enough to notice over a holiday that it was the wrong one."""

KEPT: Final = (
    "the audit trail, which says what was done, without the personal part of its entries",
    "the name in addresses (slug), so that nobody gets a runtime's old data by taking it",
)
"""What deleting leaves, told before and after."""


@transaction.atomic
def suspend(*, tenant: Tenant, by: Actor, reason: str = "") -> Tenant:
    """Its runtime stores what customers write and answers nothing, from its next report on.

    A deletion that was asked for stays asked for.
    """
    _lock(tenant, by=by)
    details: JSONObject = {"reason": reason}
    due = tenant.delete_after
    return _set_status(tenant, Tenant.Status.SUSPENDED, by=by, verb="suspended tenant", details=details, due=due)


@transaction.atomic
def resume(*, tenant: Tenant, by: Actor) -> Tenant:
    """Also ends a deletion that has not happened yet."""
    _lock(tenant, by=by)
    return _set_status(tenant, Tenant.Status.ACTIVE, by=by, verb="resumed tenant", details={})


@transaction.atomic
def ask_to_delete(*, tenant: Tenant, typed: str, by: Actor, grace: timedelta = GRACE) -> Tenant:
    """Suspended now, deleted after ``grace``. ``typed`` must be its slug. Raises ``ConflictError``."""
    if typed != tenant.slug:
        raise ConflictError(_("Type %(slug)s to confirm. Nothing was changed.") % {"slug": tenant.slug})
    _lock(tenant, by=by)
    due = clock.now() + grace
    details: JSONObject = {"delete_after": due.isoformat()}
    return _set_status(tenant, Tenant.Status.SUSPENDED, by=by, verb="asked to delete tenant", details=details, due=due)


@transaction.atomic
def delete_now(*, tenant: Tenant, by: Actor, now: datetime) -> dict[str, int]:
    """Every row of the tenant, by table, in one transaction. Only when that was asked for and its time has come.

    Raises ``ConflictError`` for any other, also for one that answers customers, whatever day was left in its row.
    """
    require_operator(by)
    locked = Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    due = locked.delete_after if locked.status == Tenant.Status.SUSPENDED else None
    if due is None or due > now:
        raise ConflictError(_("%(slug)s is not due to be deleted.") % {"slug": tenant.slug})
    removed = {model._meta.db_table: _delete_rows(model._meta.db_table, tenant) for model in owned_models()}  # noqa: SLF001 - Django documents _meta
    Membership.objects.filter(tenant=tenant).delete()
    locked.name, locked.status = locked.slug, Tenant.Status.DELETED
    locked.delete_after, locked.deleted_at = None, now
    locked.save(update_fields=["name", "status", "delete_after", "deleted_at"])
    details: JSONObject = {table: count for table, count in removed.items() if count}
    details["entries"] = forget_personal_parts(tenant=tenant, now=now)
    audit.record(by=by, verb="deleted tenant", subject=tenant.slug, tenant=tenant, details=details)
    return removed


def owned_models() -> list[type[TenantRow]]:
    """Every table with a tenant's rows."""
    return [model for model in apps.get_models() if issubclass(model, TenantRow)]


def _delete_rows(table: str, tenant: Tenant) -> int:
    """By SQL: versions and releases refuse to be deleted one by one, and the order of tables does not matter here.

    Django declares foreign keys ``DEFERRABLE INITIALLY DEFERRED`` on PostgreSQL and SQLite, so they are checked at the
    end of the transaction, when all tables are done. The name of the table is Django's own.
    """
    with connection.cursor() as cursor:
        statement = f"DELETE FROM {connection.ops.quote_name(table)} WHERE tenant_id = %s"  # noqa: S608 - see above
        cursor.execute(statement, [tenant.pk])
        return int(cursor.rowcount)


def _lock(tenant: Tenant, *, by: Actor) -> None:
    """What the row says now, kept so until the end of the transaction, for who may change it."""
    require_operator(by)
    tenant.refresh_from_db(from_queryset=Tenant.objects.select_for_update(no_key=True))
    if tenant.status == Tenant.Status.DELETED:
        raise ConflictError(_("%(slug)s is deleted.") % {"slug": tenant.slug})


def _set_status(
    tenant: Tenant, status: Tenant.Status, *, by: Actor, verb: str, details: JSONObject, due: datetime | None = None
) -> Tenant:
    before = str(tenant.status)
    tenant.status, tenant.delete_after = status, due
    tenant.save(update_fields=["status", "delete_after"])
    audit.record(
        by=by, verb=verb, subject=tenant.slug, tenant=tenant, details=details, before=before, after=str(status)
    )
    return tenant
