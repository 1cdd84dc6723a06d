"""The list of customers: who wrote, where they stand in words, who waits for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from platform_admin.changes.step_title import step_title
from platform_admin.observability.models import Conversation, HandOff
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class Customer:
    """``hand_off`` is the one that is open, if any. ``step`` is empty before the first and after the last."""

    row: Conversation
    step: str
    hand_off: HandOff | None

    @property
    def short(self) -> str:
        return short_name(self.row.contact)


def customers(tenant: Tenant, rows: Iterable[Conversation], titles: Mapping[str, str]) -> list[Customer]:
    """One query more than the rows themselves. ``titles`` are those of the steps on the map."""
    shown = list(rows)
    ids = {row.conversation for row in shown}
    open_ones = HandOff.objects.for_tenant(tenant).filter(conversation__in=ids, open=True)
    waiting = {hand_off.conversation: hand_off for hand_off in open_ones}
    return [
        Customer(row, titles.get(row.state) or step_title(row.state), waiting.get(row.conversation)) for row in shown
    ]


def waiting_of(tenant: Tenant) -> set[str]:
    """The conversations in which a person is wanted."""
    rows = HandOff.objects.for_tenant(tenant).filter(open=True)
    return set(rows.values_list("conversation", flat=True))


def short_name(contact: str) -> str:
    """Runtimes report pseudonyms, the last digits of the number at their end: enough to tell two apart."""
    head, _, tail = contact.rpartition("-")
    return f"···{tail}" if head and tail else contact
