"""Brings what runs to what is wanted: level-triggered, so every pass may be the first or the hundredth.

A deployment that is missing from the database is left alone, and so is a runtime that nobody wrote down: nothing is
ever stopped or deleted because a list came back short. What is taken away is taken away because a row says so.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from platform_admin.errors import ControlPlaneError
from platform_admin.fleet.actions import note_refused, note_same, note_seen, note_waiting, take
from platform_admin.fleet.driver import Readiness, RuntimeDriver, RuntimeState, SeenRuntime, WantedRuntime
from platform_admin.fleet.drivers.backoff import Backoff
from platform_admin.fleet.drivers.errors import DriverError, EngineUnreachableError, ImageOnItsWayError
from platform_admin.fleet.ingress import Ingress, IngressError
from platform_admin.fleet.leadership import LeadLostError
from platform_admin.fleet.models import Deployment
from platform_admin.fleet.one_line import in_one_line
from platform_admin.fleet.queries import all_deployments, deleted_slugs, open_rollout, slugs_of_all
from platform_admin.fleet.recorded_wish import as_recorded, record
from platform_admin.fleet.upgrades import take_next_step
from platform_admin.fleet.watch import watched_now

type WishOf = Callable[[Deployment], WantedRuntime]
"""How a deployment's runtime is to run, secrets included."""

ASKED_AGAIN: Final = timedelta(minutes=10)
"""A tenant that is removed and not seen any more may have left something that no list shows, such as a secret."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass came to. ``strangers`` run though nobody wrote them down; ``trouble`` by tenant or part.

    ``left_behind``: deployed at another place, and a volume of theirs is here.
    """

    running: int = 0
    ready: int = 0
    strangers: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()
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
        place: str = "",
        leads: Callable[[], bool] = lambda: True,
        ingress: Ingress | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        before_wishes: Callable[[], None] = lambda: None,
    ) -> None:
        self._driver = driver
        self._wish_of = wish_of
        self._name = driver_name
        self._place = place
        self._leads = leads
        self._ingress = ingress
        self._now = now
        self._before_wishes = before_wishes
        self._in_place: dict[str, str] = {}
        self._gone: dict[str, datetime] = {}
        self._backoff = Backoff(now)
        self._stale: set[str] = set()
        self._passes = 0

    def run_once(self) -> Pass:
        """One pass over all deployments; trouble of one tenant stops no other, trouble of the engine is told for all.

        Raises ``django.db.Error`` when the database fails half-way; whatever was not done is the next pass's.
        """
        self._passes += 1
        try:
            return self._pass()
        except LeadLostError as error:
            self._in_place.clear()  # whoever leads now may put other secrets in place
            log.warning("%s", error)
            return Pass(trouble={"leadership": str(error)})

    def _pass(self) -> Pass:
        deployments = take(
            deployments=list(all_deployments(driver=self._name, place=self._place or None)), place=self._place
        )
        self._before_wishes()
        try:
            before = self._driver.seen()
            trouble = {}
            self._stale.clear()
            for deployment in deployments:
                if reason := self._refused(deployment, before.get(deployment.tenant.slug)):
                    trouble[deployment.tenant.slug] = reason
            trouble |= self._clear_away_deleted(before)
            after = self._driver.seen()
            watched = watched_now(deployments, open_rollout(), turn=self._passes)
            trouble |= self._note_all([row for row in deployments if row.tenant.slug not in trouble], after, watched)
        except (DriverError, OSError) as error:
            told = in_one_line(error)
            note_refused(deployments=deployments, reason=told, at=self._now())
            return Pass(trouble={self._name: told})
        take_next_step(driver=self._name, place=self._place, stale=self._stale, now=self._now())
        trouble |= self._lead_in(deployments, after)
        return self._told(after, trouble)

    def _refused(self, deployment: Deployment, seen: SeenRuntime | None) -> str:
        """Bring one runtime about; why that did not work, or nothing."""
        try:
            told = self._bring_about(deployment, seen)
        except EngineUnreachableError:
            raise
        except ImageOnItsWayError as error:
            told = in_one_line(error)
            note_waiting(deployment=deployment, seen=seen, reason=told, comes_on=error.comes_on, at=self._now())
            return told
        except (DriverError, ControlPlaneError, OSError) as error:
            told = in_one_line(error)
            log.warning("%s: %s", deployment.tenant.slug, told)
        if told:
            note_refused(deployments=[deployment], reason=told, at=self._now())
        return told

    def _bring_about(self, deployment: Deployment, seen: SeenRuntime | None) -> str:
        """Nothing, or why it was refused a moment ago, while it is not asked for again."""
        slug = deployment.tenant.slug
        if deployment.desired == Deployment.Desired.RUNNING:
            self._gone.pop(slug, None)  # what a half-made one leaves is taken away as soon as it is removed again
            return self._run(deployment, seen)
        self._in_place.pop(slug, None)
        if deployment.desired == Deployment.Desired.STOPPED:
            return self._have(slug, "stopped", lambda driver: driver.stop(slug))
        over = deployment.volume_until is not None and deployment.volume_until <= self._now()
        gone = seen is None or (seen.state is RuntimeState.ABSENT and not (over and seen.has_volume))
        told = ""
        if not (gone and self._gone.get(slug, self._now()) > self._now()):
            told = self._have(slug, f"removed {over}", lambda driver: driver.remove(slug, keep_volume=not over))
            if not told:
                self._gone[slug] = self._now() + ASKED_AGAIN
        return told

    def _run(self, deployment: Deployment, seen: SeenRuntime | None) -> str:
        slug, wanted = deployment.tenant.slug, self._settled(deployment)
        digest = _digest(wanted)
        in_place = self._in_place.get(slug) == digest
        if in_place and seen is not None and _runs_as(wanted, seen):
            if deployment.ready:
                self._backoff.seen_well(slug, since=deployment.ready_changed_at)
            return ""
        told = self._backoff.waits(slug, digest)
        if told is None:
            with self._backoff.attempt(slug, digest):
                self._acting().apply(wanted)
            if in_place:  # it was taken once, and did not last
                self._backoff.in_vain(slug, digest)
            self._in_place[slug] = digest
        return told or ""

    def _have(self, slug: str, wish: str, act: Callable[[RuntimeDriver], None]) -> str:
        told = self._backoff.waits(slug, wish)
        if told is None:
            with self._backoff.attempt(slug, wish):
                act(self._acting())
            self._backoff.forget(slug)
        return told or ""

    def _acting(self) -> RuntimeDriver:
        """Asked before everything that changes something: a pass can be long, and the lead be lost during it."""
        if not self._leads():
            raise LeadLostError
        return self._driver

    def _settled(self, deployment: Deployment) -> WantedRuntime:
        """The wish that the runtime was given. That of now is a rollout's business where it is another one."""
        now = self._wish_of(deployment)
        if deployment.wish is None:
            deployment.wish = record(now)
            Deployment.objects.for_tenant(deployment.tenant).update(wish=deployment.wish)
        elif deployment.wish != record(now):
            self._stale.add(deployment.tenant.slug)
        return as_recorded(now, deployment.wish)

    def _note_all(
        self, deployments: list[Deployment], seen: Mapping[str, SeenRuntime], watched: AbstractSet[str]
    ) -> dict[str, str]:
        """Write down what was seen; why some could not be asked, by tenant."""
        trouble, same = {}, []
        for deployment in deployments:
            slug = deployment.tenant.slug
            readiness, told = self._readiness(deployment, found := seen.get(slug) or _absent(slug), watched)
            if told:
                trouble[slug] = told
            if note_seen(deployment=deployment, seen=found, readiness=readiness, at=self._now()):
                same.append(deployment)
        note_same(deployments=same, at=self._now())
        return trouble

    def _readiness(self, deployment: Deployment, seen: SeenRuntime, watched: AbstractSet[str]) -> tuple[Readiness, str]:
        """And why it could not be asked, or nothing.

        A runtime is asked until it is ready once, and on while an upgrade depends on it; later it reports itself.
        """
        runs = seen.state is RuntimeState.RUNNING
        known = deployment.ready and deployment.seen == Deployment.Seen.RUNNING
        if runs and not (known and deployment.seen_image == seen.image and seen.tenant not in watched):
            return self._asked(seen.tenant)
        return Readiness(ready=runs), ""

    def _asked(self, tenant: str) -> tuple[Readiness, str]:
        """Whether it is ready, and why it could not be asked: it may have stopped between the look and the question."""
        try:
            return self._driver.readiness(tenant), ""
        except EngineUnreachableError:
            raise
        except (DriverError, OSError) as error:
            told = in_one_line(error)
            log.warning("%s: %s", tenant, told)
            return Readiness(ready=False, reason=told), told

    def _clear_away_deleted(self, seen: Mapping[str, SeenRuntime]) -> dict[str, str]:
        """A deleted tenant's runtime goes with its volume: that it is deleted is written down, and was asked twice."""
        trouble = {}
        for slug in deleted_slugs() & seen.keys():
            try:
                self._acting().remove(slug, keep_volume=False)
            except EngineUnreachableError:
                raise
            except (DriverError, OSError) as error:
                trouble[slug] = in_one_line(error)
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
        """Asked anew, since an upgrade may have taken its next step; nothing more than is told."""
        rows = all_deployments(driver=self._name, place=self._place or None)
        told = list(rows.values_list("tenant__slug", "desired", "ready", "seen"))
        wanted = [(ready, state) for _, desired, ready, state in told if desired == Deployment.Desired.RUNNING]
        unknown = seen.keys() - {slug for slug, *_ in told} - deleted_slugs()
        left = {slug for slug in unknown & slugs_of_all() if _is_left(seen[slug])} if unknown else set()
        return Pass(
            running=len(wanted),
            ready=sum(ready and state == Deployment.Seen.RUNNING for ready, state in wanted),
            strangers=tuple(sorted(unknown - left)),
            left_behind=tuple(sorted(left)),
            trouble=trouble,
        )


def _absent(tenant: str) -> SeenRuntime:
    return SeenRuntime(tenant, RuntimeState.ABSENT)


def _is_left(seen: SeenRuntime) -> bool:
    return seen.has_volume and seen.state in {RuntimeState.STOPPED, RuntimeState.ABSENT}


def _runs_as(wanted: WantedRuntime, seen: SeenRuntime) -> bool:
    return seen.state is RuntimeState.RUNNING and seen.fingerprint == wanted.fingerprint


def _digest(wanted: WantedRuntime) -> str:
    """Of the wish with its secrets, kept in this process only: what was put in place last."""
    parts = [wanted.fingerprint, *(f"{secret.name}\0{secret.content}" for secret in wanted.secrets)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
