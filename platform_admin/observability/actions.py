"""What is noted about the runtimes outside of reports (those come in through ``taking_in``)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, F, PositiveIntegerField, Value, When

from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import DeadLetter, RuntimeSighting
from platform_admin.tenants.models import Tenant


def note_pull(*, tenant: Tenant, serial: int | None, at: datetime) -> None:
    """A runtime asked for its bundle and, after the answer, holds ``serial`` (``None``: there is no release yet)."""
    # What a runtime that reports says it runs is worth more than what it was offered.
    held = Case(When(last_report_at=None, then=Value(serial)), default=F("serial"), output_field=PositiveIntegerField())
    noted = RuntimeSighting.objects.for_tenant(tenant).update(last_pull_at=at, serial=held)
    if not noted:
        # Two first pulls at once: the second insert is ignored, the next pull brings it up to date.
        first = RuntimeSighting(tenant=tenant, last_pull_at=at, serial=serial)
        RuntimeSighting.objects.bulk_create([first], ignore_conflicts=True)


_SETTLING = frozenset({CommandKind.RESEND_DEAD_LETTER, CommandKind.DROP_DEAD_LETTER})


def settle_dead_letter(command: RuntimeCommand) -> None:
    """A finished command about a dead letter closes it here at once; any other command means nothing."""
    if command.kind in _SETTLING and command.state == RuntimeCommand.State.DONE:
        letters = DeadLetter.objects.for_tenant(command.tenant)
        letters.filter(dead_letter_id=command.payload.get("id", "")).update(state=DeadLetter.State.SETTLED)
