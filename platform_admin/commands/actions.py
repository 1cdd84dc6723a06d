"""The queue's verbs: put a request in, hand it to the runtime, note what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.kinds import RULES, SPENT_LEAVES, SPENT_PAYLOADS, CommandKind
from platform_admin.commands.models import MAX_DETAIL_CHARACTERS, RuntimeCommand
from platform_admin.errors import LimitReachedError
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.models import Tenant

MOST_OPEN = 1_000
"""Requests of one tenant that may wait: a runtime that never comes back must not fill the database."""

MOST_AT_ONCE = 50
"""Requests in one answer; the runtime asks again at once when it gets this many."""

REDELIVER_AFTER = timedelta(seconds=60)
"""An answer can be lost on its way. The runtime marks each id, so handing one out twice does it once."""

FINISHED_WITHIN = timedelta(hours=1)
"""After ``expires_at``, until which a request is fetched: the longest work, a copy, is given half an hour."""

State = RuntimeCommand.State


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a runtime says about one request. ``detail`` is a sentence, ``result`` depends on the kind."""

    id: uuid.UUID
    status: Literal["done", "failed", "refused"]
    detail: str
    result: JSONObject | None


@transaction.atomic
def queue_command(
    *,
    tenant: Tenant,
    kind: CommandKind,
    payload: JSONObject,
    by: Actor,
    expires_at: datetime | None = None,
    now: datetime | None = None,
) -> RuntimeCommand:
    """Ask the tenant's runtime to do something; it hears of it within a second while it is connected.

    Raises:
        NotAllowedError: below the role that the kind asks for.
        ValidationError: ``payload`` lacks a key.
        LimitReachedError: the runtime has not fetched anything for too long.
    """
    rule = RULES[kind]
    require_role(by, tenant=tenant, role=rule.role)
    if missing := sorted(rule.keys - payload.keys()):
        raise ValidationError(f"{kind} needs {', '.join(missing)}.")
    if rule.one_of and not set(rule.one_of) & payload.keys():
        raise ValidationError(f"{kind} needs {' or '.join(rule.one_of)}.")
    waiting = RuntimeCommand.objects.for_tenant(tenant).filter(state__in=[State.QUEUED, State.DELIVERED])
    if waiting.count() >= MOST_OPEN:
        raise LimitReachedError(
            _("%(count)s requests wait for the runtime of %(business)s already. Is it running?")
            % {"count": MOST_OPEN, "business": tenant.slug}
        )
    command = RuntimeCommand.objects.create(
        tenant=tenant,
        kind=kind,
        payload=payload,
        issued_at=now or clock.now(),
        issued_by=None if isinstance(by, CommandActor) else by,
        expires_at=expires_at,
    )
    if rule.audited:
        details: JSONObject = {"command": str(command.public_id)}
        audit.record(by=by, verb=f"asked for {kind}", subject=tenant.slug, tenant=tenant, details=details)
    return command


def hand_out(*, tenant: Tenant, now: datetime) -> tuple[RuntimeCommand, ...]:
    """What the runtime is to do now, oldest first; marked as handed out.

    One that was fetched before its ``expires_at`` may be at work long after it, and is given up only much later.
    """
    lost = Q(state=State.DELIVERED, delivered_at__lt=now - REDELIVER_AFTER)
    rows = RuntimeCommand.objects.for_tenant(tenant).filter(Q(state=State.QUEUED) | lost).order_by("id")
    found = list(rows[:MOST_AT_ONCE])
    if not found:
        return ()
    late = [command.pk for command in found if _is_too_late(command, now)]
    in_time = [command for command in found if command.pk not in late]
    own = RuntimeCommand.objects.for_tenant(tenant)
    for state, detail in _GIVEN_UP.items():
        own.filter(pk__in=late, state=state).update(state=State.EXPIRED, finished_at=now, detail=detail)
    still_open = Q(state__in=[State.QUEUED, State.DELIVERED])
    own.filter(still_open, pk__in=[command.pk for command in in_time]).update(state=State.DELIVERED, delivered_at=now)
    return tuple(in_time)


def _is_too_late(command: RuntimeCommand, now: datetime) -> bool:
    if command.expires_at is None:
        return False
    return command.expires_at + (FINISHED_WITHIN if command.state == State.DELIVERED else timedelta()) <= now


_GIVEN_UP = {
    State.QUEUED: "The runtime did not fetch it.",
    State.DELIVERED: "The runtime did not say what became of it.",
}


@transaction.atomic
def note_results(*, tenant: Tenant, results: Sequence[CommandResult], now: datetime) -> tuple[RuntimeCommand, ...]:
    """Write down what became of requests; the ones that are finished by it. A second word on one changes nothing.

    A word on one that was given up counts: the runtime knows what it did.
    """
    said = {result.id: result for result in results}
    rows = RuntimeCommand.objects.for_tenant(tenant).select_for_update()
    finished = []
    for command in rows.filter(Q(finished_at=None) | Q(state=State.EXPIRED), public_id__in=said):
        result = said[command.public_id]
        command.state = State(result.status)
        command.detail = result.detail[:MAX_DETAIL_CHARACTERS]
        command.result = result.result
        command.finished_at = now
        if command.kind in SPENT_PAYLOADS:
            command.payload = {key: command.payload[key] for key in SPENT_LEAVES if key in command.payload}
        command.save(update_fields=["state", "detail", "result", "finished_at", "payload"])
        finished.append(command)
    return tuple(finished)


def as_wire(commands: Iterable[RuntimeCommand]) -> list[JSONObject]:
    """The form in which a runtime gets them."""
    return [
        {
            "id": str(command.public_id),
            "kind": command.kind,
            "payload": command.payload,
            "issued_at": command.issued_at.isoformat(),
            "expires_at": None if command.expires_at is None else command.expires_at.isoformat(),
        }
        for command in commands
    ]
