"""Runtimes that are entries in a dictionary: for tests of whatever stands on the port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from platform_admin.fleet.driver import LOG_LINES, Readiness, RuntimeState, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.errors import DriverError


@dataclass(slots=True)
class InMemoryDriver:
    """``refusals`` by tenant (``"*"``: of everyone) are raised until taken away.

    ``deaf`` are raised when that tenant's runtime is asked whether it is ready.
    ``unready`` gives reasons by tenant or by image. ``asked`` is every verb that changed something, in order.
    """

    refusals: dict[str, DriverError | OSError] = field(default_factory=dict)
    deaf: dict[str, DriverError] = field(default_factory=dict)
    unready: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    _present: dict[str, SeenRuntime] = field(default_factory=dict)

    def seen(self) -> Mapping[str, SeenRuntime]:
        self._refuse("*")
        return dict(self._present)

    def apply(self, wanted: WantedRuntime) -> None:
        self._refuse(wanted.tenant)
        self.secrets[wanted.tenant] = {secret.name: secret.content for secret in wanted.secrets}
        present = self._present.get(wanted.tenant)
        runs = present is not None and present.state is RuntimeState.RUNNING
        if runs and present is not None and present.fingerprint == wanted.fingerprint:
            return
        self.asked.append(("replace" if runs else "start", wanted.tenant))
        self._present[wanted.tenant] = SeenRuntime(
            tenant=wanted.tenant,
            state=RuntimeState.RUNNING,
            image=wanted.image,
            fingerprint=wanted.fingerprint,
            address=f"{wanted.tenant}:{wanted.port}",
            has_volume=True,
        )

    def stop(self, tenant: str) -> None:
        self._refuse(tenant)
        present = self._present.get(tenant)
        if present is not None and present.state is RuntimeState.RUNNING:
            self.asked.append(("stop", tenant))
            self._present[tenant] = replace(present, state=RuntimeState.STOPPED, address="")

    def remove(self, tenant: str, *, keep_volume: bool) -> None:
        self._refuse(tenant)
        present = self._present.pop(tenant, None)
        self.secrets.pop(tenant, None)
        if present is None:
            return
        if present.state is not RuntimeState.ABSENT or not keep_volume:
            self.asked.append(("remove" if keep_volume else "remove with volume", tenant))
        if keep_volume and present.has_volume:
            self._present[tenant] = SeenRuntime(tenant, RuntimeState.ABSENT, has_volume=True)

    def readiness(self, tenant: str) -> Readiness:
        self._refuse(tenant)
        if tenant in self.deaf:
            raise self.deaf[tenant]
        present = self._present.get(tenant)
        if present is None or present.state is not RuntimeState.RUNNING:
            return Readiness(ready=False, reason="it does not run")
        reason = self.unready.get(present.image, self.unready.get(tenant, ""))
        return Readiness(ready=not reason, reason=reason)

    def logs(self, tenant: str, *, lines: int = LOG_LINES) -> Sequence[str]:
        return (f"{tenant} started",)[:lines] if self._runs(tenant) else ()

    def close(self) -> None:
        self._present.clear()

    def change(self, tenant: str, **details: object) -> None:
        """What somebody does behind the driver's back, such as ``state=RuntimeState.STOPPED``."""
        self._present[tenant] = replace(self._present[tenant], **details)  # type: ignore[arg-type] # fields by name

    def _runs(self, tenant: str) -> bool:
        present = self._present.get(tenant)
        return present is not None and present.state is RuntimeState.RUNNING

    def _refuse(self, tenant: str) -> None:
        refusal = self.refusals.get("*") or self.refusals.get(tenant)
        if refusal is not None:
            raise refusal
