"""Erasing a contact in both planes: ask the runtime, and when it has done so remove what is held here, with proof.

Every step may be repeated. A runtime that is away finds the request when it is back; the worker goes on with whatever
was interrupted (``carrying_on``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from flow_engine.vocabulary import JSONObject
from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.models import RuntimeCommand
from platform_admin.privacy.forgetting import forget_plans, forget_rows
from platform_admin.privacy.models import Erasure
from platform_admin.privacy.queries import erasures_since
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, CommandActor, require_role
from platform_admin.tenants.audit_erasing import forget_personal_parts
from platform_admin.tenants.models import Role, Tenant

State = Erasure.State

PSEUDONYM: Final = re.compile(r"c-[0-9a-f]{12}(-[0-9]{2})?")
"""How reports name a contact. Only by it are the contact's rows found here."""

MOST_ATTEMPTS: Final = 3
"""A runtime that failed three times will not succeed by being asked again; people have to look."""


@transaction.atomic
def ask_to_erase(*, tenant: Tenant, contact: str, by: Actor, channel: str = "", now: datetime | None = None) -> Erasure:
    """Everything about the contact is to be erased, there and here. Asking twice makes one erasure.

    Raises ``ValidationError`` for what is no pseudonym, ``NotAllowedError`` below owner.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    if not PSEUDONYM.fullmatch(contact):
        raise ValidationError(_("Name the customer as the pages do: c-, twelve letters and digits, two digits."))
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    rows = Erasure.objects.for_tenant(tenant)
    pending = rows.filter(contact=contact, channel=channel, state=State.PENDING).first()
    if pending is not None:
        return pending
    at = now or clock.now()
    return Erasure.objects.create(
        tenant=tenant,
        contact=contact,
        channel=channel,
        requested_at=at,
        requested_by=None if isinstance(by, CommandActor) else by,
        command=_queue(tenant, contact, channel, by=by, now=at),
    )


@transaction.atomic
def settle_erasure(command: RuntimeCommand, *, now: datetime) -> Erasure | None:
    """A finished request to erase ends its erasure: done here as well, or failed with the runtime's words."""
    if command.kind != CommandKind.ERASE_CONTACT or command.is_open:
        return None
    rows = Erasure.objects.for_tenant(command.tenant).select_for_update(of=("self",)).select_related("requested_by")
    erasure = rows.filter(command=command, state=State.PENDING).first()
    if erasure is None:
        return None
    if command.state == RuntimeCommand.State.DONE:
        _finish(erasure, command.result or {}, now=now)
        return erasure
    erasure.detail = command.detail or command.get_state_display()
    if erasure.attempts >= MOST_ATTEMPTS:
        erasure.state, erasure.finished_at = State.FAILED, now
    else:
        erasure.attempts += 1
        by = CommandActor("run_worker")
        erasure.command = _queue(command.tenant, erasure.contact, erasure.channel, by=by, now=now)
    erasure.save()
    return erasure


@transaction.atomic
def erase_again(
    *,
    tenant: Tenant,
    since: datetime,
    by: Actor,
    listed: Iterable[tuple[str, str]] = (),
    now: datetime | None = None,
) -> list[Erasure]:
    """Ask for every erasure that a copy of ``since`` may have undone: after a restore, before the bot answers again.

    ``listed`` are further contacts and channels, from a list that was kept elsewhere.
    """
    require_role(by, tenant=tenant, role=Role.OWNER)
    known = [(erasure.contact, erasure.channel) for erasure in erasures_since(tenant, since)]
    wanted = dict.fromkeys([*known, *(item for item in listed if PSEUDONYM.fullmatch(item[0]))])
    asked = [
        ask_to_erase(tenant=tenant, contact=contact, channel=channel, by=by, now=now) for contact, channel in wanted
    ]
    details: JSONObject = {"since": since.isoformat(), "erasures": len(asked)}
    audit.record(by=by, verb="asked to erase again", subject=tenant.slug, tenant=tenant, details=details)
    return asked


@transaction.atomic
def carry_on_with(erasure: Erasure, *, now: datetime) -> bool:
    """Whether something was left to do for one that waits: its request is over, or was lost with an older database."""
    if erasure.command is not None:
        return settle_erasure(erasure.command, now=now) is not None
    by = CommandActor("run_worker")
    erasure.command = _queue(erasure.tenant, erasure.contact, erasure.channel, by=by, now=now)
    erasure.save(update_fields=["command"])
    return True


def _queue(tenant: Tenant, contact: str, channel: str, *, by: Actor, now: datetime) -> RuntimeCommand:
    payload: JSONObject = {"contact": contact, **({"channel": channel} if channel else {})}
    return queue_command(tenant=tenant, kind=CommandKind.ERASE_CONTACT, payload=payload, by=by, now=now)


def _finish(erasure: Erasure, runtime_counts: JSONObject, *, now: datetime) -> None:
    """Rows, exports, requests, the personal part of the trail; then the receipt, which names nobody."""
    tenant, contact = erasure.tenant, erasure.contact
    counts = {
        **forget_rows(tenant=tenant, contact=contact, until=now),
        **forget_plans(tenant=tenant, contact=contact),
    }
    entries = forget_personal_parts(tenant=tenant, contact=contact, now=now)
    erasure.state, erasure.finished_at, erasure.detail = State.DONE, now, ""
    erasure.runtime_counts, erasure.counts = runtime_counts, counts
    erasure.save()
    details: JSONObject = {
        "erasure": str(erasure.public_id),
        "requested_at": erasure.requested_at.isoformat(),
        "runtime": runtime_counts,
        "control_plane": {**counts},
        "entries": entries,
    }
    by = erasure.requested_by or CommandActor("erase_contact")
    audit.record(by=by, verb="erased contact", subject=str(erasure.public_id), tenant=tenant, details=details)
