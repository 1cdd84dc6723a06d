"""How a tenant's objects are named and recognised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flow_engine.vocabulary import JSONObject

MANAGED_BY: Final = "app.kubernetes.io/managed-by"
MANAGER: Final = "frontdesk"
TENANT: Final = "frontdesk/tenant"
FINGERPRINT: Final = "frontdesk/fingerprint"
APP: Final = "frontdesk-runtime"

OURS: Final = f"{MANAGED_BY}={MANAGER},{TENANT}"
"""Selects what the driver made, of any tenant."""


def ours_of(tenant: str) -> str:
    """Selects what the driver made for one tenant."""
    return f"{MANAGED_BY}={MANAGER},{TENANT}={tenant}"


def object_name(tenant: str) -> str:
    """One name for all kinds: a StatefulSet's pod is ``<name>-0``."""
    return f"frontdesk-{tenant}"


def volume_name(tenant: str) -> str:
    return f"frontdesk-{tenant}-state"


def pod_name(tenant: str) -> str:
    return f"{object_name(tenant)}-0"


def labels_of(tenant: str) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": APP,
        "app.kubernetes.io/instance": tenant,
        MANAGED_BY: MANAGER,
        TENANT: tenant,
    }


def selector_of(tenant: str) -> dict[str, str]:
    """Finds the pods of a tenant. Part of a StatefulSet that can never be changed, so it is as small as it can be."""
    return {"app.kubernetes.io/name": APP, TENANT: tenant}


def metadata(name: str, *, tenant: str, namespace: str, annotations: Mapping[str, str] | None = None) -> JSONObject:
    found: JSONObject = {"name": name, "namespace": namespace, "labels": {**labels_of(tenant)}}
    if annotations:
        found["annotations"] = {**annotations}
    return found
