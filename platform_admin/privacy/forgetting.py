"""Removing what the control plane itself holds about one contact."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Q

from platform_admin.commands.models import ContactExport, RuntimeCommand
from platform_admin.observability.models import Conversation, DeadLetter, HandOff, ScheduledTask, Turn
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.scoping import TenantOwned

_BY_TIME: Final[tuple[tuple[type[TenantOwned], str], ...]] = (
    (Turn, "at"),
    (Conversation, "last_at"),
    (HandOff, "at"),
    (DeadLetter, "at"),
)
"""Tables with rows about one customer, all by the pseudonym in ``contact``, and the column that says from when."""


def forget_rows(*, tenant: Tenant, contact: str, until: datetime) -> dict[str, int]:
    """Rows removed, by table. What came after ``until`` is of somebody who has written again, and stays.

    Counts are kept (they count everybody), and so are unanswered questions, which name nobody.
    """
    return {
        model.__name__: model.objects.for_tenant(tenant)
        .filter(Q(**{f"{column}__lte": until}) & Q(contact=contact))
        .delete()[0]
        for model, column in _BY_TIME
    }


def forget_plans(*, tenant: Tenant, contact: str) -> dict[str, int]:
    """Tasks that were planned, exports, and the payload of requests to the runtime that name the contact."""
    tasks = ScheduledTask.objects.for_tenant(tenant).filter(contact=contact).delete()[0]
    exports = ContactExport.objects.for_tenant(tenant).filter(command__payload__contact=contact).delete()[0]
    finished = RuntimeCommand.objects.for_tenant(tenant).filter(payload__contact=contact).exclude(finished_at=None)
    return {"ScheduledTask": tasks, "ContactExport": exports, "RuntimeCommand": finished.update(payload={})}
