"""What is wrong with one business now: each trouble once, with what to do about it and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from platform_admin.observability.conditions import BY_KIND
from platform_admin.observability.models import Incident
from platform_admin.observability.overview import OverviewRow
from platform_admin.observability.trouble_words import said_of, words_of
from platform_admin.observability.watch import RELEASE_REFUSED


@dataclass(frozen=True, slots=True)
class Trouble:
    """``since`` is empty for what the worker has not come by yet. ``address`` is the page to go to."""

    said: str
    to_do: str | Promise
    address: str
    since: datetime | None


def troubles_of(row: OverviewRow, incidents: Iterable[Incident]) -> list[Trouble]:
    """The worst first; what began without a condition of ours, such as a word of Meta's, after them.

    An incident whose condition holds no longer is left out: the worker ends it at its next round.
    """
    begun = {incident.kind: incident for incident in incidents}
    # The incident of a refused release says which one and why; the condition only that it is so.
    told_better = {"refused"} if RELEASE_REFUSED in begun else set()
    conditions = [condition for condition in row.conditions if condition.kind not in told_better]
    found = [(condition.kind, condition.about(row.standing)) for condition in conditions]
    found += [(kind, incident.detail) for kind, incident in begun.items() if kind not in BY_KIND]
    return [
        Trouble(
            said=said_of(kind, about),
            to_do=words_of(kind).to_do,
            address=reverse(words_of(kind).page, args=[row.tenant.slug]),
            since=begun[kind].started_at if kind in begun else None,
        )
        for kind, about in found
    ]
