"""What the worker carries out of the database: signed heads of the trail, and whom a restored copy has to forget."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from django.conf import settings

from platform_admin.audit.checkpoints import append_lines, as_line, sign_heads
from platform_admin.privacy.models import Erasure

_REASON: Final = "the list of erasures is kept outside of the database, for all tenants"


def anchor(*, now: datetime) -> str:
    """Sign what moved on, and add to ``AUDIT_ANCHOR_FILE`` what is not in it yet. Says what came of it."""
    fresh = sign_heads(now=now)
    if settings.AUDIT_ANCHOR_FILE is None:
        return f"{len(fresh)} heads signed; AUDIT_ANCHOR_FILE is not set, so they are kept in the database alone"
    rows = Erasure.objects.across_tenants(_REASON).filter(state=Erasure.State.DONE, anchored_at=None)
    erasures = list(rows.select_related("tenant").order_by("pk"))
    append_lines(settings.AUDIT_ANCHOR_FILE, [*map(as_line, fresh), *map(_as_line, erasures)])
    rows.filter(pk__in=[erasure.pk for erasure in erasures]).update(anchored_at=now)
    return f"{len(fresh)} heads signed, {len(erasures)} erasures noted"


def _as_line(erasure: Erasure) -> str:
    told = {
        "type": "erasure",
        "tenant": erasure.tenant.slug,
        "contact": erasure.contact,
        "channel": erasure.channel,
        "finished_at": None if erasure.finished_at is None else erasure.finished_at.isoformat(),
    }
    return json.dumps(told, sort_keys=True)
