"""What of a runtime is public: its channels. Nothing else has a path, so nothing else can be reached."""

from __future__ import annotations

from typing import Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.kubernetes.manifests.service import PORT_NAME
from platform_admin.fleet.drivers.kubernetes.names import metadata, object_name
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

PUBLIC_PATHS: Final = {"/webhook": "Exact", "/telegram": "Prefix", "/widget": "Prefix"}
"""WhatsApp's deliveries, Telegram's, and the web chat with its streams."""


def ingress(tenant: str, settings: KubernetesSettings) -> JSONObject:
    """A host of its own for each tenant: a path before the runtime's own would need rules of one ingress controller."""
    host = f"{tenant}.{settings.domain}"
    backend: JSONObject = {"service": {"name": object_name(tenant), "port": {"name": PORT_NAME}}}
    spec: JSONObject = {
        "rules": [
            {
                "host": host,
                "http": {
                    "paths": [
                        {"path": path, "pathType": path_type, "backend": backend}
                        for path, path_type in PUBLIC_PATHS.items()
                    ]
                },
            }
        ]
    }
    if settings.ingress_class:
        spec["ingressClassName"] = settings.ingress_class
    if settings.tls_secret:
        spec["tls"] = [{"hosts": [host], "secretName": settings.tls_secret}]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(object_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant)),
        "spec": spec,
    }
