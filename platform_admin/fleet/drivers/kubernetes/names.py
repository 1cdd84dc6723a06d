"""How a tenant's objects are named and recognised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flow_engine.vocabulary import JSONObject

MANAGED_BY: Final = "app.kubernetes.io/managed-by"
MANAGER: Final = "frontdesk"
TENANT: Final = "frontdesk/tenant"
FINGERPRINT: Final = "frontdesk/fingerprint"
APP_NAME: Final = "app.kubernetes.io/name"
APP: Final = "frontdesk-runtime"
COPY_APP: Final = "frontdesk-copy"
"""Of pods that carry a copy: no Service and no StatefulSet takes them for a runtime."""

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


def job_name(tenant: str) -> str:
    """Of the one Job that a tenant may have at a time."""
    return f"frontdesk-{tenant}-copy"


def copy_labels_of(tenant: str) -> dict[str, str]:
    return {**labels_of(tenant), APP_NAME: COPY_APP}


def is_of(found: Any, tenant: str) -> bool:  # noqa: ANN401 - JSON
    """Whether an object carries the labels that the driver gives to this tenant's."""
    labels = found["metadata"].get("labels") or {}
    return labels.get(MANAGED_BY) == MANAGER and labels.get(TENANT) == tenant


def labels_of(tenant: str) -> dict[str, str]:
    return {
        APP_NAME: APP,
        "app.kubernetes.io/instance": tenant,
        MANAGED_BY: MANAGER,
        TENANT: tenant,
    }


def selector_of(tenant: str) -> dict[str, str]:
    """Finds the pods of a tenant. Part of a StatefulSet that can never be changed, so it is as small as it can be."""
    return {APP_NAME: APP, TENANT: tenant}


def metadata(name: str, *, tenant: str, namespace: str, annotations: Mapping[str, str] | None = None) -> JSONObject:
    found: JSONObject = {"name": name, "namespace": namespace, "labels": {**labels_of(tenant)}}
    if annotations:
        found["annotations"] = {**annotations}
    return found
