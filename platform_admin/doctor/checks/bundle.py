"""The runtime has what is live, and takes it."""

from __future__ import annotations

from collections.abc import Iterator

from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.observability.conditions import SILENT_AFTER
from platform_admin.observability.standing import Standing


def bundle(standing: Standing) -> Iterator[Finding]:
    slug, sighting = standing.tenant.slug, standing.sighting
    if standing.live_serial is None:
        yield look("Nothing was published yet.", f"Run manage.py publish {slug}.")
    elif standing.last_seen_at is None:
        yield bad(
            "The runtime was never here.", "Start it; its address and token are in the output of provision_tenant."
        )
    elif standing.now - standing.last_seen_at > SILENT_AFTER:
        since = f"{standing.last_seen_at:%Y-%m-%d %H:%M} UTC"
        yield bad(f"The runtime has been silent since {since}.", "See whether it runs and reaches the control plane.")
    elif sighting is not None and sighting.refusal_code:
        reason = f"It refused a release ({sighting.refusal_code}): {sighting.refusal_reason}"
        yield bad(reason, f"Mend it and publish, or run manage.py rollback {slug}.")
    elif standing.runtime_serial is not None and standing.runtime_serial > standing.live_serial:
        what = f"It has release {standing.runtime_serial}, live is {standing.live_serial}"
        remedy = f"After a restore: manage.py publish {slug}. The next serial passes what its runtime remembers."
        yield look(f"{what}: this database is older than what it was told.", remedy)
    elif standing.runtime_serial != standing.live_serial:
        what = f"It has release {standing.runtime_serial}, live is {standing.live_serial}."
        yield look(what, "Wait a minute; then look into its log.")
    else:
        yield good(f"Release {standing.live_serial} is live and there.")
    if sighting is not None:
        yield from (look(str(reason), "The runtime's /health says more.") for reason in sighting.degraded)
