"""What a tenant consists of on a cluster, as data. Pure: the same wish gives the same manifests."""

from __future__ import annotations

from platform_admin.fleet.drivers.kubernetes.manifests.tenant import manifests_of

__all__ = ["manifests_of"]
