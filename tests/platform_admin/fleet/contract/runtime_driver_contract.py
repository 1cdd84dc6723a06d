"""What every runtime driver promises. Subclass it and give the fixtures ``driver`` and ``wanted``.

``wanted`` is a runtime of the tenant ``luna`` that the substrate can run. Where the substrate works in its own time,
``settle`` waits until a condition holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from platform_admin.fleet.driver import RuntimeDriver, RuntimeState, SeenRuntime, WantedRuntime

PATIENCE_S = 30.0
_POLL_S = 0.05


class RuntimeDriverContract:
    patience_s: ClassVar[float] = PATIENCE_S

    def settle(self, driver: RuntimeDriver, tenant: str, is_so: Callable[[SeenRuntime | None], bool]) -> None:
        deadline = time.monotonic() + self.patience_s
        while not is_so(driver.seen().get(tenant)):
            assert time.monotonic() < deadline, f"it stays {driver.seen().get(tenant)}"
            time.sleep(_POLL_S)

    def runs(self, driver: RuntimeDriver, tenant: str) -> SeenRuntime:
        self.settle(driver, tenant, lambda seen: seen is not None and seen.state is RuntimeState.RUNNING)
        return driver.seen()[tenant]

    def test_what_was_never_asked_for_is_not_there_and_can_be_stopped_and_removed(self, driver: RuntimeDriver) -> None:
        driver.stop("nobody")
        driver.remove("nobody", keep_volume=False)
        assert "nobody" not in driver.seen()
        assert not driver.readiness("nobody").ready
        assert list(driver.logs("nobody")) == []

    def test_what_was_asked_for_runs_as_it_was_wished(self, driver: RuntimeDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        seen = self.runs(driver, wanted.tenant)
        assert (seen.tenant, seen.reason, seen.has_volume) == (wanted.tenant, "", True)
        assert (seen.fingerprint, seen.image) == (wanted.fingerprint, wanted.image)
        assert seen.address

    def test_asking_again_changes_nothing(self, driver: RuntimeDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        first = self.runs(driver, wanted.tenant)
        driver.apply(wanted)
        assert self.runs(driver, wanted.tenant) == first

    def test_another_wish_replaces_it(self, driver: RuntimeDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        self.runs(driver, wanted.tenant)
        other = replace(wanted, environment={**wanted.environment, "GRAPH_VERSION": "v24.0"})
        driver.apply(other)
        self.settle(driver, wanted.tenant, lambda seen: seen is not None and seen.fingerprint == other.fingerprint)
        assert self.runs(driver, wanted.tenant).fingerprint != wanted.fingerprint

    def test_fresh_secrets_need_no_restart(self, driver: RuntimeDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        first = self.runs(driver, wanted.tenant)
        renewed = tuple(replace(secret, content=f"{secret.content}renewed\n") for secret in wanted.secrets)
        driver.apply(replace(wanted, secrets=renewed))
        assert self.runs(driver, wanted.tenant) == first

    def test_stopped_it_keeps_its_volume_and_runs_again_when_asked(
        self, driver: RuntimeDriver, wanted: WantedRuntime
    ) -> None:
        driver.apply(wanted)
        self.runs(driver, wanted.tenant)
        driver.stop(wanted.tenant)
        self.settle(driver, wanted.tenant, lambda seen: seen is None or seen.state is RuntimeState.STOPPED)
        driver.stop(wanted.tenant)
        assert not driver.readiness(wanted.tenant).ready
        assert driver.seen()[wanted.tenant].has_volume
        driver.apply(wanted)
        assert self.runs(driver, wanted.tenant).fingerprint == wanted.fingerprint

    def test_removed_with_its_volume_kept_only_the_volume_is_left(
        self, driver: RuntimeDriver, wanted: WantedRuntime
    ) -> None:
        driver.apply(wanted)
        self.runs(driver, wanted.tenant)
        for _ in range(2):
            driver.remove(wanted.tenant, keep_volume=True)
            self.settle(driver, wanted.tenant, lambda seen: seen is not None and seen.state is RuntimeState.ABSENT)
            assert driver.seen()[wanted.tenant].has_volume

    def test_removed_nothing_is_left(self, driver: RuntimeDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        self.runs(driver, wanted.tenant)
        driver.remove(wanted.tenant, keep_volume=False)
        self.settle(driver, wanted.tenant, lambda seen: seen is None)
        driver.remove(wanted.tenant, keep_volume=False)

    def test_one_tenant_is_none_of_anothers_business(self, driver: RuntimeDriver, wanted: WantedRuntime) -> None:
        driver.apply(wanted)
        first = self.runs(driver, wanted.tenant)
        driver.remove("sol", keep_volume=False)
        driver.stop("sol")
        assert driver.seen()[wanted.tenant] == first
