"""``Surroundings``: what a flow is checked against besides itself. Values only; whoever calls has read the files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flow_engine.errors import SurroundingsError
from flow_engine.outputs.capabilities import Capabilities, read_capabilities
from flow_engine.validation.approved_templates import ApprovedTemplates
from flow_engine.validation.catalog import Catalog, committed_catalog

DEFAULT_CHANNEL: Final = "whatsapp"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Connectors, channel and templates. ``templates`` None: the list is not known, so nothing is said of names."""

    catalog: Catalog
    channel: str
    capabilities: Capabilities
    templates: ApprovedTemplates | None = None


def surroundings(
    *, catalog: Catalog | None = None, channel: str = DEFAULT_CHANNEL, templates: ApprovedTemplates | None = None
) -> Surroundings:
    """What is not given is as committed. Raises SurroundingsError for a channel that there is not."""
    channels = read_capabilities()
    if channel not in channels:
        raise SurroundingsError(f"there is no channel '{channel}'; known are {', '.join(channels)}")
    known = committed_catalog() if catalog is None else catalog
    return Surroundings(known, channel, channels[channel], templates)


@lru_cache(maxsize=1)
def committed_surroundings() -> Surroundings:
    """The committed catalogue and the default channel, read once."""
    return surroundings()
