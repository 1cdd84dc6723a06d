"""Turns are added once each, and the conversations they belong to brought up to date."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from platform_admin.observability.models import Conversation, Turn
from platform_admin.observability.report_document import TurnSeen
from platform_admin.observability.report_reading import bounded_trace
from platform_admin.tenants.models import Tenant

_HEARD_IN_LIST = 200
"""Characters of the last message that a list shows."""


def add_turns(*, tenant: Tenant, turns: Sequence[TurnSeen]) -> None:
    """The caller holds the tenant's lock. A turn that is there already is left as it is."""
    if not turns:
        return
    ids = {turn.id for turn in turns}
    there = set(Turn.objects.for_tenant(tenant).filter(turn_id__in=ids).values_list("turn_id", flat=True))
    fresh = list({turn.id: turn for turn in turns if turn.id not in there}.values())
    Turn.objects.bulk_create(
        Turn(
            tenant=tenant,
            turn_id=turn.id,
            conversation=turn.conversation,
            contact=turn.contact,
            channel=turn.channel,
            at=turn.at,
            serial=turn.serial,
            heard=turn.heard,
            said=turn.said,
            state_before=turn.state_before,
            state_after=turn.state_after,
            trace=bounded_trace(turn.trace),
            error=turn.error,
        )
        for turn in fresh
    )
    _update_conversations(tenant, fresh)


def _update_conversations(tenant: Tenant, turns: list[TurnSeen]) -> None:
    ordered = sorted(turns, key=lambda turn: (turn.conversation, turn.at))
    ids = {turn.conversation for turn in ordered}
    rows = Conversation.objects.for_tenant(tenant).filter(conversation__in=ids)
    known = {row.conversation: row for row in rows}
    new = []
    for conversation, group in groupby(ordered, key=lambda turn: turn.conversation):
        members = list(group)
        row = known.get(conversation)
        if row is None:
            first = members[0]
            row = Conversation(
                tenant=tenant, conversation=conversation, channel=first.channel, first_at=first.at, last_at=first.at
            )
            new.append(row)
        _continue(row, members)
    Conversation.objects.bulk_create(new)
    changed = ["contact", "first_at", "last_at", "turns", "errors", "state", "last_heard"]
    Conversation.objects.for_tenant(tenant).bulk_update(known.values(), changed)


def _continue(row: Conversation, turns: Sequence[TurnSeen]) -> None:
    """Turns of one conversation in order; they may all be older than what is known."""
    last = turns[-1]
    row.turns += len(turns)
    row.errors += sum(turn.error is not None for turn in turns)
    row.first_at = min(row.first_at, turns[0].at)
    if last.at >= row.last_at:
        row.last_at, row.contact, row.state = last.at, last.contact, last.state_after
        row.last_heard = last.heard[:_HEARD_IN_LIST]
