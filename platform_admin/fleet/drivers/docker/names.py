"""What a tenant's things are called on an engine. ``fleet`` tells two fleets on one engine apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

STATE_FOLDER: Final = "/var/lib/frontdesk"
SECRETS_FOLDER: Final = "/run/tenant"
USER: Final = "10001:10001"
"""Of the image (deploy/docker/runtime.Dockerfile)."""

FLEET: Final = "frontdesk.fleet"
TENANT: Final = "frontdesk.tenant"
FINGERPRINT: Final = "frontdesk.fingerprint"
INGRESS: Final = "frontdesk.ingress"
"""Label of the ingress's container; its value is the fleet's name."""

INGRESS_ALIAS: Final = "ingress"
"""How a runtime names the ingress in its own network, by way of which it reaches its API of the control plane."""


@dataclass(frozen=True, slots=True)
class Names:
    fleet: str
    tenant: str

    @property
    def container(self) -> str:
        return f"{self.fleet}-{self.tenant}"

    @property
    def network(self) -> str:
        return f"{self.fleet}-{self.tenant}"

    @property
    def state_volume(self) -> str:
        return f"{self.fleet}-{self.tenant}-state"

    @property
    def secrets_volume(self) -> str:
        return f"{self.fleet}-{self.tenant}-secrets"

    def labels(self) -> dict[str, str]:
        return {FLEET: self.fleet, TENANT: self.tenant}
