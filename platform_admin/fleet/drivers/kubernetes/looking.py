"""What a cluster has of us, gathered tenant by tenant. Nothing is concluded from a list that did not come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.kinds import EVENTS, PODS, STATEFUL_SETS, VOLUME_CLAIMS, Kind
from platform_admin.fleet.drivers.kubernetes.names import OURS, TENANT, ours_of, pod_name
from platform_admin.fleet.drivers.kubernetes.seeing import TenantObjects
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


def look_at_all(api: KubernetesAPI, settings: KubernetesSettings) -> list[TenantObjects]:
    """Three lists for all tenants, and one more for each that should have a pod and has none."""
    found: dict[str, TenantObjects] = {}
    for kind in (VOLUME_CLAIMS, STATEFUL_SETS, PODS):
        for one in api.objects(kind, namespace=settings.everywhere, selector=OURS):
            if not _is_at_home(one, settings):
                continue
            tenant = _tenant_of(one)
            found[tenant] = _with(found.get(tenant) or TenantObjects(tenant), kind, one)
    return [_with_refusal(api, objects) for objects in found.values()]


def look_at_one(api: KubernetesAPI, tenant: str, *, namespace: str) -> TenantObjects:
    objects = TenantObjects(tenant)
    for kind in (VOLUME_CLAIMS, STATEFUL_SETS, PODS):
        for one in api.objects(kind, namespace=namespace, selector=ours_of(tenant)):
            objects = _with(objects, kind, one)
    return _with_refusal(api, objects)


def objects_by_tenant(
    api: KubernetesAPI, kinds: Iterable[Kind], settings: KubernetesSettings
) -> dict[str, dict[tuple[Kind, str], JSONObject]]:
    """Who has what, and of which state; not what is in it."""
    found: dict[str, dict[tuple[Kind, str], JSONObject]] = {}
    for kind in kinds:
        for one in api.list_metadata(kind, namespace=settings.everywhere, selector=OURS):
            meta: Any = one["metadata"]
            if _is_at_home(one, settings):
                found.setdefault(_tenant_of(one), {})[kind, str(meta["name"])] = one
    return found


def _with(objects: TenantObjects, kind: Kind, found: JSONObject) -> TenantObjects:
    named = {**found, "kind": kind.name}  # the members of a list do not say what they are
    match kind:
        case _ if kind is STATEFUL_SETS:
            return replace(objects, stateful_set=named)
        case _ if kind is PODS:
            meta: Any = found["metadata"]
            its_own = meta["name"] == pod_name(objects.tenant)  # there are others while somebody has scaled by hand
            return replace(objects, pod=named) if its_own else objects
        case _:
            return replace(objects, volume_claim=named)


def _with_refusal(api: KubernetesAPI, objects: TenantObjects) -> TenantObjects:
    stateful_set: Any = objects.stateful_set
    if stateful_set is None or objects.pod is not None or not stateful_set["spec"]["replicas"]:
        return objects
    return replace(objects, refusal=why_nothing_was_made(api, stateful_set))


def why_nothing_was_made(api: KubernetesAPI, maker: JSONObject) -> str:
    """Why a StatefulSet or a Job could make no pod, in its controller's words; ``""`` when it did not complain."""
    meta: Any = maker["metadata"]
    fields = f"involvedObject.uid={meta['uid']},reason=FailedCreate"
    return _last_message(api.objects(EVENTS, namespace=meta["namespace"], fields=fields))


def _last_message(events: Iterable[Any]) -> str:
    newest: Any = max(events, key=lambda event: event.get("lastTimestamp") or "", default={})
    return " ".join(str(newest.get("message", "")).split())


def _is_at_home(found: Any, settings: KubernetesSettings) -> bool:  # noqa: ANN401 - JSON
    """Another platform in the same cluster may have a tenant of the same name, elsewhere."""
    return bool(found["metadata"]["namespace"] == settings.namespace_of(_tenant_of(found)))


def _tenant_of(found: Any) -> str:  # noqa: ANN401 - JSON
    return str(found["metadata"]["labels"][TENANT])
