"""A tenant's state. A claim of its own rather than a StatefulSet's template, so that it can grow and be kept."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.kubernetes.names import metadata, volume_name
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


def volume_claim(tenant: str, settings: KubernetesSettings) -> JSONObject:
    spec: JSONObject = {
        "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": settings.storage}},
    }
    if settings.storage_class:
        spec["storageClassName"] = settings.storage_class
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(volume_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant)),
        "spec": spec,
    }
