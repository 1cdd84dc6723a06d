"""The connectors on the health page: what each is called, and whether calls get through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.sight.category_titles import category_title

_LETS_THROUGH: Final = frozenset({"closed", "disabled"})

_STATES: Final[Mapping[str, str | Promise]] = {
    "closed": _("works"),
    "open": _("cut off"),
    "half_open": _("tried again"),
    "forced_open": _("cut off by hand"),
    "disabled": _("always let through"),
}
"""The states of a circuit breaker (``connectors.kernel.circuit_breaker``), for people."""


@dataclass(frozen=True, slots=True)
class ConnectorLine:
    """``connector`` is the name that commands take."""

    connector: str
    title: str
    state: str | Promise
    lets_through: bool


def connector_lines(breakers: Iterable[Mapping[str, Any]]) -> list[ConnectorLine]:
    """As the runtime told; a state that another version reports is shown as it is."""
    told = ((str(row.get("connector", "")), str(row.get("state", ""))) for row in breakers)
    return [
        ConnectorLine(name, category_title(name), _STATES.get(state, state), state in _LETS_THROUGH)
        for name, state in told
    ]
