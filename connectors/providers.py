"""Which providers there are: those that ship, by a literal list, and those that an operator installed.

A package of a third party announces itself by the entry point group ``frontdesk.connectors``
(type → module). **It is code with all the rights of the runtime**: it sees the tenant's secrets and its
customers. Nothing but installing it into the image makes it available, a tenant cannot, and it can never
take the name of a provider that ships. It is imported when a tenant binds its type and not before.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Protocol, cast

from connectors.binding import Binding
from connectors.port import ConnectorPort

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PROVIDERS: Mapping[str, str] = {
    "mock": "connectors.mock",
    "http": "connectors.http.adapter",
    "mock_calendar": "connectors.calendar.mock_calendar.adapter",
    "google_calendar": "connectors.calendar.google_calendar.adapter",
    "caldav": "connectors.calendar.caldav.adapter",
    "anthropic": "connectors.llm.anthropic.adapter",
    "openai_compatible": "connectors.llm.openai_compatible.adapter",
    "mock_llm": "connectors.llm.mock_llm.adapter",
    "email": "connectors.notification.email.adapter",
    "whatsapp": "connectors.notification.whatsapp.adapter",
    "webhook": "connectors.notification.webhook.adapter",
    "mock_notification": "connectors.notification.mock_notification.adapter",
}
"""Type → module with ``CATEGORIES``, ``CONFIG`` and ``build``. Literal on purpose: what can run is read here."""

ENTRY_POINTS = "frontdesk.connectors"


class Provider(Protocol):
    """What a provider's module offers."""

    CATEGORIES: frozenset[str] | None
    """The categories it can serve; ``None`` means any."""

    CONFIG: type[DataclassInstance] | None
    """Its options (``kernel.options``); ``None`` where there are none."""

    def build(self, binding: Binding) -> ConnectorPort:
        """The connector. Raises ``ConnectorConfigError``. Opens no connection."""
        ...


class UnknownProviderError(Exception):
    """There is no provider of this type; the text says what there is, or why it cannot be used."""


def load_provider(type_name: str) -> Provider:
    """Import the provider of ``type_name``. Raises ``UnknownProviderError``."""
    if type_name in PROVIDERS:
        return cast("Provider", importlib.import_module(PROVIDERS[type_name]))
    installed = installed_providers()
    if type_name not in installed:
        known = ", ".join((*PROVIDERS, *installed))
        raise UnknownProviderError(f"there is no '{type_name}'; one of {known}")
    try:
        module = installed[type_name].load()
    except Exception as error:
        raise UnknownProviderError(
            f"'{type_name}' is installed but cannot be loaded ({type(error).__name__})"
        ) from error
    missing = [name for name in ("CATEGORIES", "CONFIG", "build") if not hasattr(module, name)]
    if missing:
        raise UnknownProviderError(f"'{type_name}' is installed but offers no {', '.join(missing)}")
    return cast("Provider", module)


def installed_providers() -> dict[str, EntryPoint]:
    """Those of third parties by type, without importing them. A name that ships is never taken from us."""
    return {point.name: point for point in entry_points(group=ENTRY_POINTS) if point.name not in PROVIDERS}
