"""The wishes of one orchestrator's tenants from pass to pass: a pass that changes nothing opens no secret."""

from __future__ import annotations

from collections.abc import Mapping

from platform_admin.credentials.queries import opened_fernet_keys, sealed_fernet_keys
from platform_admin.fleet.configuration import FleetConfiguration
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import all_deployments
from platform_admin.fleet.wishes import runtime_token, wish_with
from platform_admin.releases.signing_key import public_keys_file
from platform_admin.tenants.actor import Actor
from platform_admin.tenants.models import Tenant

type _MadeFrom = tuple[object, ...]


class WishBook:
    """As ``wanted_runtime`` for each deployment, made anew where anything that it was made from is another.

    What is sealed is compared sealed. Clear secrets stay in this process's memory for as long as it works for their
    tenant; whoever can read that has the keys of them all anyway.
    """

    def __init__(self, configuration: FleetConfiguration, *, by: Actor) -> None:
        self._configuration = configuration
        self._by = by
        self._sealed: Mapping[int, tuple[str, ...]] = {}
        self._public_keys: str | None = None
        self._made: dict[int, tuple[_MadeFrom, WantedRuntime]] = {}

    def open_anew(self) -> None:
        """To be called in each pass, once its deployments are known and before any of their wishes is asked for."""
        ours = all_deployments(driver=self._configuration.driver, place=self._configuration.place or None)
        self._sealed = sealed_fernet_keys(ours.values("tenant"))
        self._made = {tenant: made for tenant, made in self._made.items() if tenant in self._sealed}
        self._public_keys = None

    def __call__(self, deployment: Deployment) -> WantedRuntime:
        """Raises ``KeyMaterialError`` where a key cannot be read."""
        if self._public_keys is None:
            self._public_keys = public_keys_file()
        sealed = self._sealed.get(deployment.tenant_id)
        if sealed is None:  # ours when the pass was told of it, and gone elsewhere before its keys were asked for
            sealed = sealed_fernet_keys(Tenant.objects.filter(pk=deployment.tenant_id)).get(deployment.tenant_id, ())
        made_from, wanted = self._made.get(deployment.tenant_id, (None, None))
        if wanted is None or made_from != self._from(deployment, sealed):
            wanted = wish_with(
                deployment,
                self._configuration,
                token=runtime_token(deployment, by=self._by),
                fernet_keys=opened_fernet_keys(deployment.tenant.slug, sealed),
                public_keys=self._public_keys,
            )
            self._made[deployment.tenant_id] = self._from(deployment, sealed), wanted
        return wanted

    def _from(self, deployment: Deployment, sealed: tuple[str, ...]) -> _MadeFrom:
        slug, image, port = deployment.tenant.slug, deployment.image, deployment.port
        return (slug, image, port, deployment.sealed_token, sealed, self._public_keys)
