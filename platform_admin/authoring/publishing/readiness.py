"""What every check of the gate says, as the page shows it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import ngettext

from platform_admin.authoring.places import Visit
from platform_admin.authoring.publishing.mending import mended_at
from platform_admin.releases.gate import GateReport, State

_SHOWN_FAULTS: Final = 3


def readiness(gate: GateReport, visit: Visit) -> list[dict[str, object]]:
    """One entry a check. ``mend`` is the address of the place to see to it, ``None`` where that is an operator's.

    ``tells`` is whether there is anything to see to: a check that passed may have warnings.
    """
    return [
        {
            "title": result.check.title,
            "state": str(result.outcome.state),
            "reason": result.outcome.reason,
            "refuses": result.refuses,
            "faults": result.outcome.faults[:_SHOWN_FAULTS],
            "more": _more(len(result.outcome.faults) - _SHOWN_FAULTS),
            "tells": result.outcome.state is not State.PASSED or bool(result.outcome.faults),
            "mend": mended_at(result.place, visit),
        }
        for result in gate.results
    ]


def _more(count: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", count) % {"n": count} if count > 0 else ""
