"""The kinds of objects that a tenant consists of, and where the API has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flow_engine.vocabulary import JSONObject


@dataclass(frozen=True, slots=True)
class Kind:
    """``prefix`` is ``/api/v1`` or ``/apis/<group>/<version>``."""

    name: str
    prefix: str
    plural: str
    namespaced: bool = True

    def path(self, *, namespace: str = "", name: str = "") -> str:
        """Of one object, or with no ``name`` of the list; with no ``namespace`` that of all namespaces."""
        within = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{self.prefix}{within}/{self.plural}{f'/{name}' if name else ''}"


STATEFUL_SETS: Final = Kind("StatefulSet", "/apis/apps/v1", "statefulsets")
PODS: Final = Kind("Pod", "/api/v1", "pods")
EVENTS: Final = Kind("Event", "/api/v1", "events")
VOLUME_CLAIMS: Final = Kind("PersistentVolumeClaim", "/api/v1", "persistentvolumeclaims")
SECRETS: Final = Kind("Secret", "/api/v1", "secrets")
SERVICES: Final = Kind("Service", "/api/v1", "services")
INGRESSES: Final = Kind("Ingress", "/apis/networking.k8s.io/v1", "ingresses")
NETWORK_POLICIES: Final = Kind("NetworkPolicy", "/apis/networking.k8s.io/v1", "networkpolicies")
BUDGETS: Final = Kind("PodDisruptionBudget", "/apis/policy/v1", "poddisruptionbudgets")
OLD_BUDGETS: Final = Kind("PodDisruptionBudget", "/apis/policy/v1beta1", "poddisruptionbudgets")
"""Before Kubernetes 1.21."""
JOBS: Final = Kind("Job", "/apis/batch/v1", "jobs")
NAMESPACES: Final = Kind("Namespace", "/api/v1", "namespaces", namespaced=False)

WITHOUT_STATE: Final = (INGRESSES, BUDGETS, STATEFUL_SETS, SERVICES, NETWORK_POLICIES, SECRETS)
"""In the order of their removal: nothing comes in any more before the runtime ends, and it ends with its secrets."""

NEEDED_BY_PODS: Final = (SECRETS, VOLUME_CLAIMS, NETWORK_POLICIES)

_BY_NAME: Final = {kind.name: kind for kind in (*WITHOUT_STATE, VOLUME_CLAIMS, NAMESPACES)}


def kind_of(manifest: JSONObject) -> Kind:
    return _BY_NAME[str(manifest["kind"])]
