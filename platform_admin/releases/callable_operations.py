"""What a tenant's flow can call: the families that ship, and what the tenant's own connectors declare."""

from __future__ import annotations

from connectors.catalog import FAMILIES, describe
from connectors.errors import ConnectorConfigError
from connectors.registry import ConnectorRegistry
from flow_engine.validation.catalog import committed_catalog, read_operations
from flow_engine.validation.surroundings import Surroundings, surroundings
from platform_admin.releases.gate.connectors import connector_blocks
from platform_admin.releases.settings_document import SettingsDocument


def surroundings_of(settings: SettingsDocument | None, credential_fields: frozenset[str]) -> Surroundings:
    """What a flow is checked against beside these settings. Settings that cannot be used add nothing; the gate tells.

    Building a connector opens no connection, so there is nothing to close.
    """
    catalog = dict(committed_catalog())
    if settings is not None:
        for category, block in connector_blocks(settings, credential_fields).items():
            if category in FAMILIES:
                continue
            try:
                registry = ConnectorRegistry.from_config({category: block})
            except ConnectorConfigError:
                continue
            catalog[category] = read_operations(describe(registry.connector(category).operations), category)
    return surroundings(catalog=catalog)
