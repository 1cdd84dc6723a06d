"""Which driver and which ingress a configuration asks for. The engines' own packages are loaded by the first use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from platform_admin.errors import ConflictError
from platform_admin.fleet.backups.by_runtime import CopiesByRuntime
from platform_admin.fleet.backups.folder_store import FolderStore
from platform_admin.fleet.backups.store import BackupStore
from platform_admin.fleet.caddy.configuration import IngressConfiguration
from platform_admin.fleet.caddy.ingress import CaddyIngress
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import RunsBeside, RuntimeDriver, StateAccess
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.warm_start import WarmStart
from platform_admin.fleet.environment import fleet_environment
from platform_admin.fleet.ingress import Ingress
from platform_admin.fleet.models import Deployment


def driver_of(configuration: FleetConfiguration) -> RuntimeDriver:
    """Raises ``ConflictError`` for a driver that is not there, ``DriverError`` when its engine does not answer."""
    match Deployment.Driver(configuration.driver):
        case Deployment.Driver.PROCESS:
            starter = WarmStart() if configuration.warm_parent else None
            return ProcessDriver(configuration.folder / "tenants", starter=starter)
        case Deployment.Driver.DOCKER:
            from platform_admin.fleet.drivers.docker.driver import DockerDriver  # noqa: PLC0415 - loads the client
            from platform_admin.fleet.drivers.docker.engine import connect  # noqa: PLC0415 - the same

            return DockerDriver(connect(configuration.engine), fleet=configuration.name)
        case Deployment.Driver.KUBERNETES:
            return _kubernetes_driver(fleet_environment())


def states_of(configuration: FleetConfiguration) -> StateAccess | CopiesByRuntime:
    """Who copies state. Raises as ``driver_of``, and ``ConflictError`` where nobody can."""
    driver = driver_of(configuration)
    if isinstance(driver, StateAccess):
        return driver
    if isinstance(driver, RunsBeside):
        return CopiesByRuntime(driver, configuration)
    raise ConflictError(f"The driver {configuration.driver} makes no copies.")


def store_of(configuration: FleetConfiguration) -> BackupStore:
    """``FLEET_BACKUPS``: a folder, or ``s3://bucket/prefix``.

    Raises:
        ConflictError: none is named.
        StoreError: there is no such store.
    """
    place = configuration.backups
    if not place.removeprefix("s3://").strip("/ ") and place != "/":
        raise ConflictError("Say where copies are kept: FLEET_BACKUPS=/a/folder or s3://bucket/prefix.")
    if place.startswith("s3://"):
        from platform_admin.fleet.backups.s3_store import S3Store  # noqa: PLC0415 - loads boto3

        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        return S3Store(bucket, prefix=prefix, endpoint=configuration.backups_endpoint)
    return FolderStore(Path(place))


def _kubernetes_driver(environment: Mapping[str, str]) -> RuntimeDriver:
    """By FLEET_KUBERNETES_CONFIG, a kubeconfig file, or from within the cluster."""
    from platform_admin.fleet.drivers.kubernetes.api import KubernetesAPI, connect  # noqa: PLC0415 - its own package
    from platform_admin.fleet.drivers.kubernetes.driver import KubernetesDriver  # noqa: PLC0415 - as above
    from platform_admin.fleet.drivers.kubernetes.settings import KubernetesSettings  # noqa: PLC0415 - as above

    kubeconfig = environment.get("FLEET_KUBERNETES_CONFIG")
    api = KubernetesAPI(connect(Path(kubeconfig) if kubeconfig else None))
    return KubernetesDriver(api, KubernetesSettings.from_environment(environment))


def ingress_of(configuration: FleetConfiguration) -> Ingress | None:
    """Raises ``ConflictError`` for a variable named INGRESS_… that cannot be read."""
    if configuration.ingress_socket is None:
        return None
    try:
        return CaddyIngress(configuration.ingress_socket, IngressConfiguration.from_environment(fleet_environment()))
    except ValueError as error:
        raise ConflictError(str(error)) from error
