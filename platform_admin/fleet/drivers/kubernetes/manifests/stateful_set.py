"""The runtime itself: one pod at most, on its own volume, without privileges and without a token of the cluster."""

from __future__ import annotations

from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.fleet.driver import CONTAINER_PORT, MEGABYTE, Resources, WantedRuntime
from platform_admin.fleet.drivers.kubernetes.manifests.service import PORT_NAME
from platform_admin.fleet.drivers.kubernetes.names import (
    FINGERPRINT,
    labels_of,
    metadata,
    object_name,
    selector_of,
    volume_name,
)
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

CONTAINER: Final = "runtime"
_STATE: Final = "/var/lib/frontdesk"
_SECRETS: Final = "/run/tenant"
_USER: Final = 10001  # deploy/docker/runtime.Dockerfile
_OWNER_AND_GROUP: Final = 0o440
GRACE_S: Final = 30  # a runtime ends within 20 s by itself (docs/runtime-operations.md)
_AT_REST: Final = Resources(memory_bytes=64 * MEGABYTE, cpu_millis=10)
"""45 MB and 0.3 % of a core (docs/adr/0022), and some air."""
_SCRATCH: Final = "64Mi"
_RETRIED_STARTS: Final = 60  # a second each: a state of some gigabytes is checked before the first answer


def stateful_set(wanted: WantedRuntime, settings: KubernetesSettings) -> JSONObject:
    tenant = wanted.tenant
    # On the object, too: whoever reads it need not look into the template.
    fingerprint = {FINGERPRINT: wanted.fingerprint}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(
            object_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant), annotations=fingerprint
        ),
        "spec": {
            "replicas": 1,
            "serviceName": object_name(tenant),
            # With the default, a pod that never gets ready would have to be deleted by hand before it is replaced:
            # https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
            "podManagementPolicy": "Parallel",
            "updateStrategy": {"type": "RollingUpdate"},
            "revisionHistoryLimit": 2,
            "selector": {"matchLabels": {**selector_of(tenant)}},
            "template": {
                "metadata": {"labels": {**labels_of(tenant)}, "annotations": {**fingerprint}},
                "spec": pod_around(runtime_container(wanted), tenant, settings),
            },
        },
    }


def pod_around(container: JSONObject, tenant: str, settings: KubernetesSettings) -> JSONObject:
    """The specification of a pod of this tenant: its volume, its secrets, no privileges."""
    spec: JSONObject = {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,  # else the environment names every other tenant's service
        "terminationGracePeriodSeconds": GRACE_S,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "fsGroup": _USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": [
            {"name": "state", "persistentVolumeClaim": {"claimName": volume_name(tenant)}},
            {
                "name": "secrets",
                "secret": {"secretName": object_name(tenant), "defaultMode": _OWNER_AND_GROUP},
            },
            {"name": "tmp", "emptyDir": {"sizeLimit": _SCRATCH}},
        ],
    }
    if settings.image_pull_secret:
        spec["imagePullSecrets"] = [{"name": settings.image_pull_secret}]
    return spec


def runtime_container(wanted: WantedRuntime) -> JSONObject:
    return {
        "name": CONTAINER,
        "image": wanted.image,
        "env": _environment(wanted),
        "ports": [{"name": PORT_NAME, "containerPort": CONTAINER_PORT, "protocol": "TCP"}],
        "resources": {
            "requests": _quantities(_at_rest(wanted.resources)),
            "limits": _quantities(wanted.resources),
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "startupProbe": {**_asks("/health"), "periodSeconds": 1, "failureThreshold": _RETRIED_STARTS},
        "livenessProbe": {**_asks("/health"), "periodSeconds": 15, "failureThreshold": 4},
        "readinessProbe": {**_asks("/ready"), "periodSeconds": 5, "failureThreshold": 2},
        "volumeMounts": [
            {"name": "state", "mountPath": _STATE},
            {"name": "secrets", "mountPath": _SECRETS, "readOnly": True},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - inside the container
        ],
    }


def _environment(wanted: WantedRuntime) -> list[JSON]:
    files = {secret.variable: f"{_SECRETS}/{secret.name}" for secret in wanted.secrets}
    own = {"STATE_DIR": _STATE, "HOST": "0.0.0.0", "PORT": str(CONTAINER_PORT)}  # noqa: S104 - the pod's own network
    merged = {**wanted.environment, **files, **own}
    return [{"name": name, "value": merged[name]} for name in sorted(merged)]


def _quantities(resources: Resources) -> JSONObject:
    """``processes`` has no place here: a kubelet limits them for all its pods alike (``podPidsLimit``)."""
    return {"cpu": f"{resources.cpu_millis}m", "memory": f"{resources.memory_bytes // MEGABYTE}Mi"}


def _at_rest(limits: Resources) -> Resources:
    """What the scheduler keeps free: never more than the limits, which Kubernetes refuses."""
    return Resources(
        memory_bytes=min(_AT_REST.memory_bytes, limits.memory_bytes),
        cpu_millis=min(_AT_REST.cpu_millis, limits.cpu_millis),
    )


def _asks(path: str) -> JSONObject:
    return {"httpGet": {"path": path, "port": PORT_NAME, "scheme": "HTTP"}, "timeoutSeconds": 3}
