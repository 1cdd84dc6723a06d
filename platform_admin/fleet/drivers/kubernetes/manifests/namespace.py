"""A namespace of a tenant's own, which only takes pods without privileges."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.kubernetes.names import labels_of
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


def namespace(tenant: str, settings: KubernetesSettings) -> JSONObject:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": settings.namespace_of(tenant),
            # https://kubernetes.io/docs/concepts/security/pod-security-standards/
            "labels": {**labels_of(tenant), "pod-security.kubernetes.io/enforce": "restricted"},
        },
    }
