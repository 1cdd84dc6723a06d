"""Taking in what Meta delivered to the platform's address: durable first, understood after.

A body is stored under its digest before it is acknowledged; what it says is done in one transaction with its mark, so a
crash in between repeats nothing and loses nothing. What fails is tried again by the next delivery and by the worker,
and given up, visibly, after some attempts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.tenants.actor import CommandActor
from platform_admin.whatsapp.alarms import override_missing
from platform_admin.whatsapp.app_events import AppEvent, handle
from platform_admin.whatsapp.models import AppDelivery
from platform_admin.whatsapp.numbers import Number, numbers_with

MOST_ATTEMPTS: Final = 200
"""With a try a minute, some hours: a database that was down is back by then."""
MOST_AT_ONCE: Final = 50
KEPT: Final = timedelta(days=14)
"""Meta's pages speak of a week of repetitions; the second week is for whoever looks for a lost message."""

_BY: Final = CommandActor("whatsapp webhook")
_LONGEST_FAULT: Final = 200

log = logging.getLogger(__name__)

type Envelope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one entry. ``account`` is the entry's id: the WhatsApp business account."""

    account: str
    field: str
    value: Mapping[str, Any]

    @property
    def phone_number_id(self) -> str:
        """The number it is addressed to; empty for what concerns the account."""
        metadata = self.value.get("metadata")
        found = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
        return found if isinstance(found, str) else ""


def keep(body: bytes, *, at: datetime) -> AppDelivery | None:
    """Store a signed body; ``None`` for bytes that are here already."""
    digest = hashlib.sha256(body).hexdigest()
    delivery, is_new = AppDelivery.objects.get_or_create(digest=digest, defaults={"body": body, "received_at": at})
    return delivery if is_new else None


def take_in_waiting(*, now: datetime) -> int:
    """Everything that waits, oldest first; how many were taken in."""
    waiting = AppDelivery.objects.filter(state=AppDelivery.State.WAITING).order_by("received_at")
    return sum(take_in(delivery, now=now) for delivery in waiting[:MOST_AT_ONCE])


def forget_deliveries(*, now: datetime) -> int:
    """Remove what is old; how many. Meta may deliver a body again for a week, and its digest is what stops it."""
    removed, _ = AppDelivery.objects.filter(received_at__lt=now - KEPT).delete()
    return removed


def take_in(delivery: AppDelivery, *, now: datetime) -> bool:
    """Do what the body says, all of it or nothing. Whether it was done now."""
    changes = _changes_in(bytes(delivery.body))
    if changes is None:
        delivery.state, delivery.fault = AppDelivery.State.UNREADABLE, "not an envelope"
        delivery.save(update_fields=["state", "fault"])
        return False
    try:
        with transaction.atomic():
            # Another process may be at it: the one that marks the row first does it.
            marked = AppDelivery.objects.filter(pk=delivery.pk, state=AppDelivery.State.WAITING).update(
                state=AppDelivery.State.DONE
            )
            if marked and _do(changes, now):
                AppDelivery.objects.filter(pk=delivery.pk).update(body=b"")
            return bool(marked)
    except Exception as error:  # noqa: BLE001 - it is stored: Meta must not bring it again for a week, whatever it breaks
        _failed(delivery, error)
        return False


def _failed(delivery: AppDelivery, error: Exception) -> None:
    """The type is logged and not the text, which may quote a row."""
    log.error("a delivery of Meta could not be taken in: %s", type(error).__name__)
    delivery.attempts += 1
    delivery.fault = f"{type(error).__name__}"[:_LONGEST_FAULT]
    if delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = AppDelivery.State.UNREADABLE
    delivery.save(update_fields=["attempts", "fault", "state"])


def _do(changes: list[Change], now: datetime) -> bool:
    """Whether every change found somebody; what a customer wrote is then with its runtime and need not lie here."""
    strayed: dict[Number, list[Change]] = defaultdict(list)
    all_found = True
    for change in changes:
        if change.phone_number_id:
            owners = numbers_with(phone_number_id=change.phone_number_id)
            all_found = all_found and bool(owners)
            for number in owners:
                strayed[number].append(change)
        else:
            _tell_tenants(change, now)
    for number, its_changes in strayed.items():
        _hand_on(number, its_changes, now)
    return all_found


def _tell_tenants(change: Change, now: datetime) -> None:
    """An account may serve several tenants, each with numbers of its own."""
    waba_id = _account_of(change)
    of_tenant: dict[int, list[Number]] = defaultdict(list)
    for number in numbers_with(waba_id=waba_id):
        of_tenant[number.tenant.pk].append(number)
    for numbers in of_tenant.values():
        handle(change.field, AppEvent(numbers[0].tenant, tuple(numbers), waba_id, change.value, now))


def _hand_on(number: Number, changes: list[Change], now: datetime) -> None:
    """To the tenant's runtime, as Meta would have sent it there, and without a word of anybody else's."""
    entries = [
        {"id": change.account, "changes": [{"field": change.field, "value": change.value}]} for change in changes
    ]
    body = json.dumps({"object": "whatsapp_business_account", "entry": entries}, separators=(",", ":")).encode()
    queue_command(
        tenant=number.tenant,
        kind=CommandKind.INBOUND,
        payload={"channel_id": number.channel_id, "body_base64": base64.b64encode(body).decode()},
        by=_BY,
        now=now,
    )
    override_missing(tenant=number.tenant, number=number.phone_number_id, at=now)


def _account_of(change: Change) -> str:
    """Changes about partners stand under the partner's portfolio and name the account inside."""
    info = change.value.get("waba_info")
    named = info.get("waba_id") if isinstance(info, dict) else None
    return named if isinstance(named, str) else change.account


def _changes_in(body: bytes) -> list[Change] | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    entries = document.get("entry") if isinstance(document, dict) else None
    return list(_walk(entries)) if isinstance(entries, list) else None


def _walk(entries: list[Any]) -> Iterator[Change]:
    for entry in entries:
        match entry:
            case {"changes": list(changes)}:
                account = entry.get("id")
                yield from (found for change in changes if (found := _change(str(account or ""), change)) is not None)
            case _:
                continue


def _change(account: str, raw: object) -> Change | None:
    match raw:
        case {"field": str(field), "value": dict(value)}:
            return Change(account, field, value)
        case _:
            return None
