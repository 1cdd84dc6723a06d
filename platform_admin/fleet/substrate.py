"""Which driver and which ingress a configuration asks for. The engines' own packages are loaded by the first use."""

from __future__ import annotations

import os

from platform_admin.errors import ConflictError
from platform_admin.fleet.caddy.configuration import IngressConfiguration
from platform_admin.fleet.caddy.ingress import CaddyIngress
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import RuntimeDriver
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.ingress import Ingress
from platform_admin.fleet.models import Deployment


def driver_of(configuration: FleetConfiguration) -> RuntimeDriver:
    """Raises ``ConflictError`` for a driver that is not there, ``DriverError`` when its engine does not answer."""
    match Deployment.Driver(configuration.driver):
        case Deployment.Driver.PROCESS:
            return ProcessDriver(configuration.folder / "tenants")
        case Deployment.Driver.DOCKER | Deployment.Driver.KUBERNETES as absent:
            raise ConflictError(f"There is no driver {absent.value} yet.")


def ingress_of(configuration: FleetConfiguration) -> Ingress | None:
    if configuration.ingress_socket is None:
        return None
    return CaddyIngress(configuration.ingress_socket, IngressConfiguration.from_environment(os.environ))
