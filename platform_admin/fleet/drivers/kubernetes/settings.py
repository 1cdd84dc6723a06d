"""What an operator decides once for all tenants of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from platform_admin.fleet.flag import flag

FIELD_MANAGER: Final = "frontdesk"
"""Whose fields ours are (https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers)."""

PRIVATE_NETWORKS: Final = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
)
"""Where pods, nodes and a cloud's metadata service are (RFC 1918, 6598, 3927, 4193, 4291)."""

_VARIABLES: Final = {
    "FLEET_KUBERNETES_NAMESPACE": "namespace",
    "FLEET_KUBERNETES_STORAGE": "storage",
    "FLEET_KUBERNETES_STORAGE_CLASS": "storage_class",
    "FLEET_KUBERNETES_DOMAIN": "domain",
    "FLEET_KUBERNETES_INGRESS_CLASS": "ingress_class",
    "FLEET_KUBERNETES_INGRESS_NAMESPACE": "ingress_namespace",
    "FLEET_KUBERNETES_TLS_SECRET": "tls_secret",
    "FLEET_KUBERNETES_IMAGE_PULL_SECRET": "image_pull_secret",
}


@dataclass(frozen=True, slots=True)
class KubernetesSettings:
    """``namespace`` holds every tenant; with ``namespace_per_tenant`` it is the beginning of each one's own.

    ``storage`` is a tenant's volume as a Kubernetes quantity, ``storage_class`` ``""`` the cluster's default.
    ``domain``: a tenant is reached as ``<tenant>.<domain>``; ``""`` makes no Ingress. ``tls_secret`` holds a
    certificate for ``*.<domain>``. ``ingress_namespace``: whose pods may reach a runtime, and which a runtime may
    reach. ``private_networks`` are closed to runtimes. ``drainable``: whether a node
    may be emptied without asking; a runtime is away for seconds then, and what providers send meanwhile comes again.
    """

    namespace: str = "frontdesk"
    namespace_per_tenant: bool = False
    storage: str = "1Gi"
    storage_class: str = ""
    domain: str = ""
    ingress_class: str = ""
    ingress_namespace: str = "ingress-nginx"
    tls_secret: str = ""
    image_pull_secret: str = ""
    drainable: bool = True
    private_networks: tuple[str, ...] = PRIVATE_NETWORKS

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> KubernetesSettings:
        """``FLEET_KUBERNETES_…`` as deploy/kubernetes/README.md lists them; what is not set has its default.

        Raises:
            ConflictError: one of them is none of its choices, by name.
        """
        texts = {field: environment[name] for name, field in _VARIABLES.items() if environment.get(name)}
        return cls(
            **texts,  # type: ignore[arg-type] # these fields are all texts
            namespace_per_tenant=flag(environment, "FLEET_KUBERNETES_NAMESPACE_PER_TENANT", default=False),
            drainable=flag(environment, "FLEET_KUBERNETES_DRAINABLE", default=True),
        )

    @property
    def everywhere(self) -> str:
        """Where to look for all tenants: one namespace, or ``""`` for any."""
        return "" if self.namespace_per_tenant else self.namespace

    def namespace_of(self, tenant: str) -> str:
        return f"{self.namespace}-{tenant}" if self.namespace_per_tenant else self.namespace
