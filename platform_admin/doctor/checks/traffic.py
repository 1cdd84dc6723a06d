"""Messages come in, clocks agree, the month's quota is enough."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.observability.conditions import QUOTA_FULL_PERCENT, QUOTA_WARNING_PERCENT
from platform_admin.observability.standing import Standing

_CLOCKS_DIFFER: Final = timedelta(seconds=30)
_QUIET: Final = timedelta(days=2)


def clock(standing: Standing) -> Iterator[Finding]:
    sighting = standing.sighting
    if sighting is None or sighting.clock_ahead_ms is None:
        return
    ahead = timedelta(milliseconds=sighting.clock_ahead_ms)
    if abs(ahead) > _CLOCKS_DIFFER:
        seconds = round(ahead.total_seconds())
        remedy = "Set the clock of the runtime's machine (NTP): reminders go out by it."
        yield bad(f"The runtime's clock is {seconds:+d} s away from this one.", remedy)
    else:
        yield good("The clocks agree.")


def last_inbound(standing: Standing) -> Iterator[Finding]:
    if standing.live_serial is None or standing.sighting is None:
        return
    last = standing.last_inbound_at
    if last is None:
        yield look("No customer has written yet.", "Write to the number yourself; see the check whatsapp.")
    elif standing.now - last > _QUIET:
        yield look(f"The last message came on {last:%Y-%m-%d %H:%M} UTC.", "See the check whatsapp.")
    else:
        yield good(f"{standing.messages_in} messages in 24 hours.")


def quota(standing: Standing) -> Iterator[Finding]:
    percent = None if standing.quota is None else standing.quota.percent
    if percent is None or standing.quota is None:
        return
    says = f"{percent} % of the month's tokens used, {standing.quota.forecast_percent} % expected by its end."
    if percent >= QUOTA_FULL_PERCENT:
        yield bad(says, "Raise llm.quota_monthly_tokens and publish; until then the canned sentence is sent.")
    elif percent >= QUOTA_WARNING_PERCENT:
        yield look(says, "Raise llm.quota_monthly_tokens in time.")
    else:
        yield good(says)
