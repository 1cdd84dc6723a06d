"""What every check of the gate says, as the page shows it."""

from __future__ import annotations

from typing import Final

from django.utils.translation import ngettext

from platform_admin.releases.gate import GateReport

MENDED_AT: Final = {
    "business": "authoring:hours",
    "flow": "authoring:conversation",
    "knowledge": "authoring:faq",
    "tests": "authoring:tests",
}
"""Where a check's place is on these pages; the others are an operator's."""

_SHOWN_FAULTS: Final = 3


def readiness(gate: GateReport) -> list[dict[str, object]]:
    return [
        {
            "title": result.check.title,
            "state": str(result.outcome.state),
            "reason": result.outcome.reason,
            "refuses": result.refuses,
            "faults": result.outcome.faults[:_SHOWN_FAULTS],
            "more": _more(len(result.outcome.faults) - _SHOWN_FAULTS),
            "place": MENDED_AT.get(result.check.place),
        }
        for result in gate.results
    ]


def _more(count: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", count) % {"n": count} if count > 0 else ""
