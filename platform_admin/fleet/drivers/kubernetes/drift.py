"""Whether somebody changed a tenant's objects behind our back, without comparing them field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.kubernetes.kinds import Kind

type Mark = tuple[str, str]
"""Which object it is, and which state of what is wished of it."""


class Drift:
    """Remembers what every object was like after our last word on it."""

    def __init__(self) -> None:
        self._after_ours: dict[str, dict[tuple[Kind, str], Mark]] = {}

    def remember(self, tenant: str, applied: Iterable[tuple[Kind, JSONObject]]) -> None:
        self._after_ours[tenant] = {(kind, _name(found)): mark_of(found) for kind, found in applied}

    def forget(self, tenant: str) -> None:
        self._after_ours.pop(tenant, None)

    def changed(self, tenant: str, present: Mapping[tuple[Kind, str], JSONObject]) -> bool:
        """Whether an object is gone or is another than we left. ``False`` for a tenant that we have not applied."""
        return any(
            key not in present or mark_of(present[key]) != mark
            for key, mark in self._after_ours.get(tenant, {}).items()
        )


def mark_of(found: Any) -> Mark:  # noqa: ANN401 - JSON
    """``generation`` counts changes of what is wished, where a kind has it; others have nothing but that."""
    meta = found["metadata"]
    return str(meta["uid"]), str(meta.get("generation") or meta["resourceVersion"])


def _name(found: Any) -> str:  # noqa: ANN401 - JSON
    return str(found["metadata"]["name"])
