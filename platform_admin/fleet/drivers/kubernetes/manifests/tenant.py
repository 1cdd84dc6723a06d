"""All objects of one tenant, in the order in which they are applied: what a pod needs is there before it."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.kubernetes.manifests.ingress import ingress
from platform_admin.fleet.drivers.kubernetes.manifests.namespace import namespace
from platform_admin.fleet.drivers.kubernetes.manifests.network_policy import network_policy
from platform_admin.fleet.drivers.kubernetes.manifests.pod_disruption_budget import pod_disruption_budget
from platform_admin.fleet.drivers.kubernetes.manifests.secret import secret
from platform_admin.fleet.drivers.kubernetes.manifests.service import service
from platform_admin.fleet.drivers.kubernetes.manifests.stateful_set import stateful_set
from platform_admin.fleet.drivers.kubernetes.manifests.volume_claim import volume_claim
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


def manifests_of(wanted: WantedRuntime, settings: KubernetesSettings) -> tuple[JSONObject, ...]:
    tenant = wanted.tenant
    return (
        *((namespace(tenant, settings),) if settings.namespace_per_tenant else ()),
        secret(wanted, settings),
        volume_claim(tenant, settings),
        network_policy(tenant, settings),
        service(tenant, settings),
        stateful_set(wanted, settings),
        pod_disruption_budget(tenant, settings),
        *((ingress(tenant, settings),) if settings.domain else ()),
    )
