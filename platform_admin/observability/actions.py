"""What is noted about the runtimes outside of reports (those come in through ``taking_in``)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, Value, When

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.observability.models import DeadLetter, RuntimeSighting, UnansweredQuestion
from platform_admin.observability.queries import sighting_of
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Role, Tenant


def note_pull(*, tenant: Tenant, serial: int | None, at: datetime) -> None:
    """A runtime asked for its bundle and, after the answer, holds ``serial`` (``None``: there is no release yet)."""
    seen = sighting_of(tenant)
    if seen is not None and _is_fresh(seen, serial=serial, at=at):
        return
    # What a runtime that reports says it runs is worth more than what it was offered.
    held = Case(When(last_report_at=None, then=Value(serial)), default=F("serial"), output_field=PositiveIntegerField())
    noted = RuntimeSighting.objects.for_tenant(tenant).update(last_pull_at=at, serial=held)
    if not noted:
        # Two first pulls at once: the second insert is ignored, the next pull brings it up to date.
        first = RuntimeSighting(tenant=tenant, last_pull_at=at, serial=serial)
        RuntimeSighting.objects.bulk_create([first], ignore_conflicts=True)


_PULL_NOTED_EVERY = timedelta(seconds=10)
"""A page tells of minutes; five hundred runtimes should not cost a write each time they ask."""


def _is_fresh(seen: RuntimeSighting, *, serial: int | None, at: datetime) -> bool:
    noted = seen.last_pull_at is not None and timedelta() <= at - seen.last_pull_at < _PULL_NOTED_EVERY
    return noted and (seen.last_report_at is not None or seen.serial == serial)


_SETTLING = frozenset({CommandKind.RESEND_DEAD_LETTER, CommandKind.DROP_DEAD_LETTER})


def settle_dead_letter(command: RuntimeCommand) -> None:
    """A finished command about a dead letter closes it here at once; any other command means nothing."""
    if command.kind in _SETTLING and command.state == RuntimeCommand.State.DONE:
        letters = DeadLetter.objects.for_tenant(command.tenant)
        letters.filter(dead_letter_id=command.payload.get("id", "")).update(state=DeadLetter.State.SETTLED)


@transaction.atomic
def settle_questions(*, tenant: Tenant, ids: Sequence[int], state: UnansweredQuestion.State, by: Actor) -> int:
    """Take questions off the gap list: answered in the document, or not for this business. How many there were."""
    require_role(by, tenant=tenant, role=Role.EDITOR)
    rows = UnansweredQuestion.objects.for_tenant(tenant).filter(pk__in=ids, state=UnansweredQuestion.State.OPEN)
    count = rows.update(state=state)
    if count:
        details: JSONObject = {"count": count, "state": str(state)}
        audit.record(
            by=by, verb="settled questions", subject=tenant.slug, tenant=tenant, details=details,
            before=str(UnansweredQuestion.State.OPEN), after=str(state),
        )  # fmt: skip
    return count
