"""What there is to connect, as data: providers with their forms, and what flows can call.

The control plane builds its forms and the checker its rules from these documents; neither imports a provider.
"""

from connectors.catalog.manifest import Manifest, Tier, find_manifests
from connectors.catalog.operations import FAMILIES, describe
from connectors.catalog.schemas import read_policy_schema, read_schema, secret_keys, stand_in_for

__all__ = [
    "FAMILIES",
    "Manifest",
    "Tier",
    "describe",
    "find_manifests",
    "read_policy_schema",
    "read_schema",
    "secret_keys",
    "stand_in_for",
]
