"""The address under which the ingress finds a runtime, whatever pod it is in."""

from __future__ import annotations

from typing import Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import CONTAINER_PORT
from platform_admin.fleet.drivers.kubernetes.names import metadata, object_name, selector_of
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

PORT_NAME: Final = "http"


def service(tenant: str, settings: KubernetesSettings) -> JSONObject:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(object_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant)),
        "spec": {
            "type": "ClusterIP",
            "selector": {**selector_of(tenant)},
            # `protocol` is part of the key of this list, so server-side apply wants it said.
            "ports": [{"name": PORT_NAME, "port": CONTAINER_PORT, "targetPort": PORT_NAME, "protocol": "TCP"}],
        },
    }


def service_address(tenant: str, settings: KubernetesSettings) -> str:
    """host:port within the cluster."""
    return f"{object_name(tenant)}.{settings.namespace_of(tenant)}.svc:{CONTAINER_PORT}"
