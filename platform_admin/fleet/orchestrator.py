"""Brings what runs to what is wanted: level-triggered, so every pass may be the first or the hundredth.

A deployment that is missing from the database is left alone, and so is a runtime that nobody wrote down: nothing is
ever stopped or deleted because a list came back short. What is taken away is taken away because a row says so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from platform_admin.errors import ControlPlaneError
from platform_admin.fleet.actions import note_refused, note_seen
from platform_admin.fleet.driver import Readiness, RuntimeDriver, RuntimeState, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.errors import DriverError, EngineUnreachableError
from platform_admin.fleet.ingress import Ingress, IngressError
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import all_deployments, deleted_slugs
from platform_admin.fleet.upgrades import take_next_step

type WishOf = Callable[[Deployment], WantedRuntime]
"""How a deployment's runtime is to run, secrets included."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass came to. ``strangers`` run though nobody wrote them down; ``trouble`` by tenant or part."""

    running: int = 0
    ready: int = 0
    strangers: tuple[str, ...] = ()
    trouble: Mapping[str, str] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Whether everything that is wanted is there and ready."""
        return not self.trouble and self.running == self.ready


class Orchestrator:
    """One driver's share of the fleet. Any number of passes, of any number of orchestrators, change nothing more."""

    def __init__(
        self,
        driver: RuntimeDriver,
        wish_of: WishOf,
        *,
        driver_name: str = Deployment.Driver.PROCESS,
        ingress: Ingress | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._driver = driver
        self._wish_of = wish_of
        self._name = driver_name
        self._ingress = ingress
        self._now = now
        self._in_place: dict[str, str] = {}

    def run_once(self) -> Pass:
        """One pass over all deployments; what the substrate refuses for one tenant stops no other."""
        deployments = list(all_deployments(driver=self._name))
        try:
            before = self._driver.seen()
            trouble = {}
            for deployment in deployments:
                if reason := self._refused(deployment, before.get(deployment.tenant.slug)):
                    trouble[deployment.tenant.slug] = reason
            trouble |= self._clear_away_deleted(before)
            after = self._driver.seen()
            for deployment in deployments:
                if deployment.tenant.slug not in trouble:
                    self._note(deployment, after.get(deployment.tenant.slug))
        except EngineUnreachableError as error:
            for deployment in deployments:
                note_refused(deployment=deployment, reason=str(error), at=self._now())
            return Pass(trouble={self._name: str(error)})
        take_next_step(driver=self._name, now=self._now())
        trouble |= self._lead_in(deployments, after)
        return self._told(after, trouble)

    def _refused(self, deployment: Deployment, seen: SeenRuntime | None) -> str:
        """Bring one runtime about; why that did not work, or nothing."""
        try:
            self._bring_about(deployment, seen)
        except EngineUnreachableError:
            raise
        except (DriverError, ControlPlaneError) as error:
            log.warning("%s: %s", deployment.tenant.slug, error)
            note_refused(deployment=deployment, reason=str(error), at=self._now())
            return str(error)
        return ""

    def _bring_about(self, deployment: Deployment, seen: SeenRuntime | None) -> None:
        slug = deployment.tenant.slug
        if deployment.desired == Deployment.Desired.RUNNING:
            wanted = self._wish_of(deployment)
            digest = _digest(wanted)
            runs = seen is not None and seen.state is RuntimeState.RUNNING and seen.fingerprint == wanted.fingerprint
            if not (runs and self._in_place.get(slug) == digest):
                self._driver.apply(wanted)
                self._in_place[slug] = digest
            return
        self._in_place.pop(slug, None)
        if deployment.desired == Deployment.Desired.STOPPED:
            self._driver.stop(slug)
        else:
            over = deployment.volume_until is not None and deployment.volume_until <= self._now()
            self._driver.remove(slug, keep_volume=not over)

    def _note(self, deployment: Deployment, seen: SeenRuntime | None) -> None:
        """A runtime is asked until it is ready once; what comes later is in its reports."""
        seen = seen or SeenRuntime(deployment.tenant.slug, RuntimeState.ABSENT)
        runs = seen.state is RuntimeState.RUNNING
        known = deployment.ready and deployment.seen == Deployment.Seen.RUNNING
        if runs and not (known and deployment.seen_image == seen.image):
            readiness = self._driver.readiness(seen.tenant)
        else:
            readiness = Readiness(ready=runs)
        note_seen(deployment=deployment, seen=seen, readiness=readiness, at=self._now())

    def _clear_away_deleted(self, seen: Mapping[str, SeenRuntime]) -> dict[str, str]:
        """A deleted tenant's runtime goes with its volume: that it is deleted is written down, and was asked twice."""
        trouble = {}
        for slug in deleted_slugs() & seen.keys():
            try:
                self._driver.remove(slug, keep_volume=False)
            except DriverError as error:
                trouble[slug] = str(error)
        return trouble

    def _lead_in(self, deployments: list[Deployment], seen: Mapping[str, SeenRuntime]) -> dict[str, str]:
        """Tell the ingress who is where. Also who does not answer now: a webhook waits a moment for the next one."""
        if self._ingress is None:
            return {}
        wanted = {row.tenant.slug for row in deployments if row.desired == Deployment.Desired.RUNNING}
        routes = {slug: seen[slug].address for slug in sorted(wanted & seen.keys()) if seen[slug].address}
        try:
            self._ingress.lead(routes)
        except IngressError as error:
            log.warning("%s", error)
            return {"ingress": str(error)}
        return {}

    def _told(self, seen: Mapping[str, SeenRuntime], trouble: Mapping[str, str]) -> Pass:
        rows = list(all_deployments(driver=self._name))
        wanted = [row for row in rows if row.desired == Deployment.Desired.RUNNING]
        known = {row.tenant.slug for row in rows} | deleted_slugs()
        return Pass(
            running=len(wanted),
            ready=sum(row.ready and row.seen == Deployment.Seen.RUNNING for row in wanted),
            strangers=tuple(sorted(seen.keys() - known)),
            trouble=trouble,
        )


def _digest(wanted: WantedRuntime) -> str:
    """Of the wish with its secrets, kept in this process only: what was put in place last."""
    parts = [wanted.fingerprint, *(f"{secret.name}\0{secret.content}" for secret in wanted.secrets)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
