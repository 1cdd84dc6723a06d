"""A runtime's secret files. The kubelet renews them in a running pod, so a fresh token needs no restart."""

from __future__ import annotations

import base64

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.kubernetes.names import metadata, object_name
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings


def secret(wanted: WantedRuntime, settings: KubernetesSettings) -> JSONObject:
    tenant = wanted.tenant
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(object_name(tenant), tenant=tenant, namespace=settings.namespace_of(tenant)),
        "type": "Opaque",
        # `data`, never `stringData`: server-side apply would leave keys behind that are not wished any more.
        "data": {file.name: base64.b64encode(file.content.encode()).decode() for file in wanted.secrets},
    }
