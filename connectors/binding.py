"""``Binding``: one category bound to one implementation by the tenant's configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from connectors.clock import Clock
from connectors.kernel.egress.policy import PUBLIC_ONLY, EgressPolicy
from connectors.plain_json import JSON, ReadOnlyJSON
from connectors.staff_line import StaffLine
from connectors.state import ConnectorState

if TYPE_CHECKING:
    from httpx2 import AsyncClient  # only its type: a runtime without HTTP connectors never loads it here


@dataclass(frozen=True, slots=True)
class Binding:
    """What a provider's ``build`` is given.

    ``path`` is where the block stands (``connectors.calendar``), for located errors.
    ``options`` is the block without ``type`` and ``policy``.
    ``knowledge`` is the tenant's document for answer engines (markdown, may be empty).
    ``business`` is what the bundle says about the business (name, hours, services, staff); may be empty.
    ``state`` is what the connector may keep between calls.
    ``http`` gives the process's one HTTP client for addresses that we know; ``guarded_http`` the one for every address
    that the tenant wrote, which opens no connection to where a tenant has no business. Each is created at the first
    call and closed by the registry. ``egress`` is what the operator allows, for what is not HTTP.
    ``staff_line`` reaches people of the business over the runtime's channels, where there is a runtime.
    """

    category: str
    type: str
    path: str
    options: Mapping[str, JSON]
    knowledge: str
    clock: Clock
    http: Callable[[], AsyncClient]
    guarded_http: Callable[[], AsyncClient]
    business: ReadOnlyJSON = field(default_factory=dict)
    state: ConnectorState = field(default_factory=ConnectorState)
    egress: EgressPolicy = PUBLIC_ONLY
    staff_line: StaffLine | None = None
