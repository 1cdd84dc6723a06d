"""Hand-offs as they stand: the last word of the runtime counts."""

from __future__ import annotations

from collections.abc import Sequence

from platform_admin.observability.models import HandOff
from platform_admin.observability.report_document import HandOffSeen
from platform_admin.tenants.models import Tenant


def note_hand_offs(*, tenant: Tenant, hand_offs: Sequence[HandOffSeen]) -> None:
    latest = {seen.id: seen for seen in hand_offs}
    HandOff.objects.bulk_create(
        (
            HandOff(
                tenant=tenant,
                hand_off_id=seen.id,
                conversation=seen.conversation,
                contact=seen.contact,
                channel=seen.channel,
                at=seen.at,
                reason=seen.reason,
                open=seen.open,
                messages=seen.messages,
            )
            for seen in latest.values()
        ),
        update_conflicts=True,
        unique_fields=["tenant", "hand_off_id"],
        update_fields=["reason", "open", "messages"],
    )
