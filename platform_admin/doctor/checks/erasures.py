"""Nobody who asked to be forgotten waits for long, and no erasure has failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from platform_admin.doctor.finding import Finding, bad, good
from platform_admin.privacy.queries import failed_or_late

_LATE: Final = timedelta(days=3)
"""The law gives a month (GDPR, article 12); a runtime that is away for three days is worth a call."""


def erasures(now: datetime) -> Finding:
    found = list(failed_or_late(before=now - _LATE))
    if not found:
        return good("None has failed, none has waited for more than three days.")
    whose = ", ".join(sorted({erasure.tenant.slug for erasure in found}))
    remedy = "See the page Privacy of the business; start its runtime, or ask again with manage.py erase_contact."
    return bad(f"{len(found)} erasures failed or wait for a runtime: {whose}.", remedy)
