"""``RuntimeDriver`` over a Kubernetes API server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final

from flow_engine.vocabulary import JSONObject
from platform_admin.fleet.driver import LOG_LINES, Readiness, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.errors import RefusedError
from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI
from platform_admin.fleet.drivers.kubernetes.copy_jobs import CopyJobs
from platform_admin.fleet.drivers.kubernetes.drift import Drift
from platform_admin.fleet.drivers.kubernetes.failures import StatusError, failure
from platform_admin.fleet.drivers.kubernetes.kinds import (
    BUDGETS,
    NAMESPACES,
    NEEDED_BY_PODS,
    OLD_BUDGETS,
    STATEFUL_SETS,
    VOLUME_CLAIMS,
    WITHOUT_STATE,
    Kind,
    kind_of,
)
from platform_admin.fleet.drivers.kubernetes.looking import look_at_all, look_at_one, objects_by_tenant
from platform_admin.fleet.drivers.kubernetes.manifests import manifests_of
from platform_admin.fleet.drivers.kubernetes.manifests.service import service_address
from platform_admin.fleet.drivers.kubernetes.manifests.stateful_set import CONTAINER
from platform_admin.fleet.drivers.kubernetes.names import (
    OURS,
    is_of,
    object_name,
    ours_of,
    pod_name,
)
from platform_admin.fleet.drivers.kubernetes.seeing import half_deleted, readiness, seen_runtime
from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings

_EVERYBODY: Final = "the fleet"


class KubernetesDriver:
    """One tenant is one set of objects with one label. What lacks the label is never changed and never deleted."""

    def __init__(self, api: KubernetesAPI, settings: KubernetesSettings) -> None:
        self._api = api
        self._settings = settings
        self._budgets: Kind | None = None
        self._drift = Drift()
        self._copies = CopyJobs(api, settings)

    def seen(self) -> Mapping[str, SeenRuntime]:
        """A fingerprint is ``""`` when something of the tenant's was changed or deleted since our last ``apply``."""
        with _refusals(_EVERYBODY):
            found = look_at_all(self._api, self._settings)
            watched = objects_by_tenant(self._api, self._without_state(), self._settings)
        return {
            objects.tenant: seen_runtime(
                objects,
                address=service_address(objects.tenant, self._settings),
                drifted=self._drift.changed(objects.tenant, watched.get(objects.tenant, {})),
            )
            for objects in found
        }

    def apply(self, wanted: WantedRuntime) -> None:
        tenant = wanted.tenant
        with _refusals(tenant):
            self._copies.refuse_while_under_way(tenant)
            manifests = manifests_of(wanted, self._settings)
            present = {kind: tuple(self._of_tenant(kind, tenant)) for kind in (*self._without_state(), VOLUME_CLAIMS)}
            _refuse_half_deleted(present, tenant)
            applied = [self._apply(manifest, tenant=tenant, known=present) for manifest in manifests]
            self._prune(present, keep=manifests)
            self._drift.remember(tenant, [pair for pair in applied if pair[0] in self._without_state()])

    def stop(self, tenant: str) -> None:
        with _refusals(tenant):
            present = self._own(STATEFUL_SETS, tenant)
            if present is None or present["spec"]["replicas"] == 0:
                return
            self._drift.forget(tenant)
            change: JSONObject = {"spec": {"replicas": 0}}
            namespace = self._settings.namespace_of(tenant)
            self._api.merge(STATEFUL_SETS, namespace=namespace, name=object_name(tenant), change=change)

    def remove(self, tenant: str, *, keep_volume: bool) -> None:
        self._drift.forget(tenant)
        with _refusals(tenant):
            self._copies.take_away(tenant)
            for kind in (*self._without_state(), *(() if keep_volume else (VOLUME_CLAIMS,))):
                for found in self._of_tenant(kind, tenant):
                    self._api.delete(kind, found)
            if self._settings.namespace_per_tenant and not keep_volume:
                own = self._own(NAMESPACES, tenant)
                if own is not None:
                    self._api.delete(NAMESPACES, own)

    def run_beside(self, wanted: WantedRuntime, arguments: Sequence[str]) -> None:
        """``RunsBeside``, as a Job. What its pod needs of a tenant is made where it is not there yet."""
        tenant = wanted.tenant
        self.stop(tenant)
        with _refusals(tenant):
            present = {kind: tuple(self._of_tenant(kind, tenant)) for kind in (*NEEDED_BY_PODS,)}
            _refuse_half_deleted(present, tenant)
            for manifest in manifests_of(wanted, self._settings):
                if kind_of(manifest) in {NAMESPACES, *NEEDED_BY_PODS}:
                    self._apply(manifest, tenant=tenant, known=present)
            self._copies.run(wanted, arguments)

    def readiness(self, tenant: str) -> Readiness:
        with _refusals(tenant):
            return readiness(look_at_one(self._api, tenant, namespace=self._settings.namespace_of(tenant)))

    def logs(self, tenant: str, *, lines: int = LOG_LINES) -> Sequence[str]:
        with _refusals(tenant):
            pod = pod_name(tenant)
            namespace = self._settings.namespace_of(tenant)
            try:
                return self._api.log(namespace=namespace, pod=pod, container=CONTAINER, lines=lines)
            except StatusError as error:
                # 400: its container has not started. 500: no kubelet has it yet.
                if error.status in {HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR}:
                    return ()
                raise

    def close(self) -> None:
        """Runtimes go on without us."""
        self._api.close()

    def changed(self, *, within_s: int) -> bool:
        """Whether something of ours changed on the cluster, as soon as it does. For a pass that need not wait."""
        with _refusals(_EVERYBODY):
            since = self._api.version_of_list(STATEFUL_SETS, namespace=self._settings.everywhere, selector=OURS)
            return self.changed_since(since, within_s=within_s)

    def changed_since(self, version: str, *, within_s: int) -> bool:
        """The same from a moment on. A moment that the server has forgotten counts as a change: look anew."""
        with _refusals(_EVERYBODY):
            try:
                events = self._api.watch(
                    STATEFUL_SETS, namespace=self._settings.everywhere, selector=OURS, since=version, seconds=within_s
                )
                return any(event["type"] != "BOOKMARK" for event in events)
            except StatusError as error:
                if error.status == HTTPStatus.GONE:
                    return True
                raise

    def _apply(
        self, manifest: JSONObject, *, tenant: str, known: Mapping[Kind, Sequence[JSONObject]]
    ) -> tuple[Kind, JSONObject]:
        """Our fields are ours: what somebody changed by hand is taken back, what we do not set is left to them.

        An object that is not known as ours must not be there at all: applying would make another's object ours.
        """
        kind, name = self._version_of(kind_of(manifest)), _name(manifest)
        if not any(_name(found) == name for found in known.get(kind, ())):
            meta: Any = manifest["metadata"]
            present = self._api.get(kind, namespace=meta.get("namespace", ""), name=name)
            if present is not None and not is_of(present, tenant):
                raise RefusedError(tenant, f"there is a {kind.name} {name} that is not ours; rename or delete it")
        return kind, self._api.apply(kind, manifest, force=True)

    def _prune(self, present: Mapping[Kind, Sequence[JSONObject]], *, keep: Sequence[JSONObject]) -> None:
        """Delete what carries this tenant's label and is not wished any more, the volume never."""
        wished = {(manifest["kind"], _name(manifest)) for manifest in keep}
        for kind in self._without_state():
            for found in present[kind]:
                if (kind.name, _name(found)) not in wished:
                    self._api.delete(kind, found)

    def _of_tenant(self, kind: Kind, tenant: str) -> Iterator[JSONObject]:
        namespace = self._settings.namespace_of(tenant)
        for found in self._api.objects(kind, namespace=namespace, selector=ours_of(tenant)):
            if is_of(found, tenant):  # the server has filtered already; a deletion looks twice
                yield {**found, "kind": kind.name}  # members of a list do not say what they are

    def _own(self, kind: Kind, tenant: str) -> Any:  # noqa: ANN401 - JSON
        namespace = self._settings.namespace_of(tenant)
        name = namespace if kind is NAMESPACES else object_name(tenant)
        found = self._api.get(kind, namespace=namespace, name=name)
        return found if found is not None and is_of(found, tenant) else None

    def _without_state(self) -> tuple[Kind, ...]:
        return tuple(self._version_of(kind) for kind in WITHOUT_STATE)

    def _version_of(self, kind: Kind) -> Kind:
        if kind is not BUDGETS:
            return kind
        if self._budgets is None:
            self._budgets = BUDGETS if self._api.serves(BUDGETS) else OLD_BUDGETS
        return self._budgets


def _refuse_half_deleted(present: Mapping[Kind, Sequence[JSONObject]], tenant: str) -> None:
    if held := half_deleted([found for ours in present.values() for found in ours]):
        raise RefusedError(tenant, f"{held}; once it is gone it is made anew")


def _name(found: Any) -> str:  # noqa: ANN401 - JSON
    return str(found["metadata"]["name"])


@contextmanager
def _refusals(tenant: str) -> Iterator[None]:
    try:
        yield
    except StatusError as error:
        raise failure(error, tenant=tenant) from error
