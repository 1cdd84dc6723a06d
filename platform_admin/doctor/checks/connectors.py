"""Connectors as the runtime reports them: breakers that are open."""

from __future__ import annotations

from collections.abc import Iterator

from platform_admin.doctor.finding import Finding, good, look
from platform_admin.observability.standing import Standing


def connectors(standing: Standing) -> Iterator[Finding]:
    """Their settings are probed on the Connect page, with the tenant's own keys."""
    breakers = [] if standing.sighting is None else standing.sighting.gauges.get("breakers")
    if not isinstance(breakers, list) or not breakers:
        return
    cut = [str(item.get("connector")) for item in breakers if isinstance(item, dict) and item.get("state") != "closed"]
    if cut:
        yield look(f"Cut off after failures: {', '.join(cut)}.", "Probe them on the page Connections of the business.")
    else:
        yield good(f"{len(breakers)} connectors let calls through.")
