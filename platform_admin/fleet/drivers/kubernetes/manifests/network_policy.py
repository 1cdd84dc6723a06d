"""Whom a runtime hears: the ingress. Whom it calls: names, the ingress, the internet; no other pods.

The control plane is reached by way of the ingress, too: its own policy lets nobody else in, since it believes whoever
calls it about addresses and encryption.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.fleet.drivers.kubernetes.manifests.service import PORT_NAME
from platform_admin.fleet.drivers.kubernetes.names import TENANT, metadata, object_name
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

_NAMESPACE_NAME: Final = "kubernetes.io/metadata.name"
"""A label that every namespace has since Kubernetes 1.21; before, an operator sets it."""

_DNS_PORT: Final = 53


def network_policy(tenant: str, settings: KubernetesSettings) -> JSONObject:
    egress: list[JSON] = [
        {
            "to": [_pods_of("kube-system")],
            "ports": [{"port": _DNS_PORT, "protocol": protocol} for protocol in ("UDP", "TCP")],
        },
        {"to": [_pods_of(settings.ingress_namespace)]},
        {"to": [_internet("0.0.0.0/0", settings.private_networks), _internet("::/0", settings.private_networks)]},
    ]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(object_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant)),
        "spec": {
            "podSelector": {"matchLabels": {TENANT: tenant}},  # its runtime, and whatever carries its copies
            "policyTypes": ["Ingress", "Egress"],
            "ingress": [
                {"from": [_pods_of(settings.ingress_namespace)], "ports": [{"port": PORT_NAME, "protocol": "TCP"}]}
            ],
            "egress": egress,
        },
    }


def _pods_of(namespace: str) -> JSONObject:
    return {"namespaceSelector": {"matchLabels": {_NAMESPACE_NAME: namespace}}}


def _internet(everything: str, closed: Sequence[str]) -> JSONObject:
    same_family = [network for network in closed if (":" in network) == (":" in everything)]
    return {"ipBlock": {"cidr": everything, "except": [*same_family]}}
