"""Whether a node may be emptied while a runtime is on it."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.kubernetes.names import metadata, object_name, selector_of
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


def pod_disruption_budget(tenant: str, settings: KubernetesSettings) -> JSONObject:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(object_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant)),
        "spec": {
            "maxUnavailable": 1 if settings.drainable else 0,
            "selector": {"matchLabels": {**selector_of(tenant)}},
        },
    }
